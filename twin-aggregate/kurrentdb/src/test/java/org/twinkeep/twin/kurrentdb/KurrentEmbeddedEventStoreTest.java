package org.twinkeep.twin.kurrentdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStoreTest;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.utils.EventStoreTestUtils;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.SuitePlaces;

/** Axon's published suite of event stores, unchanged, over the sealed store; it is connected before the clock runs. */
class KurrentEmbeddedEventStoreTest extends EmbeddedEventStoreTest {

    private WireServer server;
    private KurrentEvents events;

    @Override
    public EventStorageEngine createStorageEngine() {
        try {
            server = WireServer.alone();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var keys = TestKeys.seed(1);
        events = KurrentEvents.open(server.connectionString(), Patience.USUAL);
        events.lastPosition();
        var places = new SuitePlaces(keys.ring());
        places.ofAggregate(EventStoreTestUtils.AGGREGATE);
        var serializer = Jackson3Serializer.builder().build();
        return SealedEventStorageEngine.builder(events, places, Envelopes.sealedBy(keys.sealing()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
    }

    @AfterEach
    void close() {
        events.close();
        server.close();
    }
}
