package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStoreTest;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.utils.EventStoreTestUtils;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.SuitePlaces;

/**
 * Axon's published suite of event stores, unchanged, over the sealed store. One of its tests gives a publication 100 ms,
 * which a busy disk may need for the sync alone: here commits are not synced (that is {@link DurabilityTest}'s to prove),
 * and what is made at first use is made before.
 */
class SqliteEmbeddedEventStoreTest extends EmbeddedEventStoreTest {

    @TempDir
    static Path folder;

    private SqliteEvents events;

    @Override
    public EventStorageEngine createStorageEngine() {
        var keys = TestKeys.seed(1);
        events = SqliteEvents.open(folder.resolve(System.nanoTime() + ".db"), SynchronousMode.NORMAL);
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
    }
}
