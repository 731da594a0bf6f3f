package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngineTest;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.Places;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.SuitePlaces;

/** Axon's published suite of storage engines, unchanged, over the sealed store. */
class SqliteEventStorageEngineTest
        extends BatchingEventStorageEngineTest<SealedEventStorageEngine, SealedEventStorageEngine.Builder> {

    @TempDir
    Path folder;

    private SqliteEvents events;
    private final TestKeys keys = TestKeys.seed(1);
    private final Places places = new SuitePlaces(keys.ring());

    @BeforeEach
    void open() {
        events = SqliteEvents.open(folder.resolve("events.db"));
        setTestSubject(createEngine());
    }

    @AfterEach
    void close() {
        events.close();
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
