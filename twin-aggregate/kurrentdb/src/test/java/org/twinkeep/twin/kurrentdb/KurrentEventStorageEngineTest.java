package org.twinkeep.twin.kurrentdb;

import java.io.IOException;
import java.util.function.UnaryOperator;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngineTest;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.Places;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.SuitePlaces;

/** Axon's published suite of storage engines, unchanged, over the sealed store. */
class KurrentEventStorageEngineTest
        extends BatchingEventStorageEngineTest<SealedEventStorageEngine, SealedEventStorageEngine.Builder> {

    private WireServer server;
    private KurrentEvents events;
    private final TestKeys keys = TestKeys.seed(1);
    private final Places places = new SuitePlaces(keys.ring());

    @BeforeEach
    void open() throws IOException {
        server = WireServer.alone();
        events = KurrentEvents.open(server.connectionString(), Patience.USUAL);
        setTestSubject(createEngine());
    }

    @AfterEach
    void close() {
        events.close();
        server.close();
    }

    @Override
    protected SealedEventStorageEngine createEngine(UnaryOperator<SealedEventStorageEngine.Builder> customization) {
        var serializer = Jackson3Serializer.builder().build();
        return customization
                .apply(SealedEventStorageEngine.builder(events, places, Envelopes.sealedBy(keys.sealing()))
                        .eventSerializer(serializer)
                        .snapshotSerializer(serializer))
                .build();
    }
}
