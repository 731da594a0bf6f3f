package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStoreTest;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.keys.TestKeys;

/** Axon's published suite of event stores, unchanged, over the sealed store. */
class SqliteEmbeddedEventStoreTest extends EmbeddedEventStoreTest {

    @TempDir
    static Path folder;

    private SqliteEvents events;

    @Override
    public EventStorageEngine createStorageEngine() {
        var keys = TestKeys.seed(1);
        events = SqliteEvents.open(folder.resolve(System.nanoTime() + ".db"));
        var serializer = Jackson3Serializer.builder().build();
        return SqliteEventStorageEngine.builder(
                        events, new SuitePlaces(keys.ring()), Envelopes.sealedBy(keys.sealing()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
    }

    @AfterEach
    void close() {
        events.close();
    }
}
