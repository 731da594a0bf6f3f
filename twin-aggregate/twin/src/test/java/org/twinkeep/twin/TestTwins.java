package org.twinkeep.twin;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.twin.TwinCommand.Incoming;
import org.twinkeep.twin.axon.AxonTwins;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.sqlite.SqliteEvents;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.StoredTwinHistory;
import org.twinkeep.twin.store.TwinPlaces;

/** Twins in a folder, with keys in memory, for the tests of any room. */
public final class TestTwins implements AutoCloseable {

    public static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    public static final Actor PATIENT = new Actor(Actor.Kind.PATIENT, "p");
    public static final Actor HOSPITAL = new Actor(Actor.Kind.SOURCE, "h");
    public static final Actor CLINICIAN = new Actor(Actor.Kind.CLINICIAN, "c");

    public final TestKeys keys;
    public final EventLog events;
    public final SealedEventStorageEngine engine;
    public final StoredTwinHistory history;
    public final AxonTwins twins;

    private TestTwins(EventLog events, TestKeys keys, EventUpcaster upcasters) {
        this.keys = keys;
        this.events = events;
        var places = new TwinPlaces(keys.ring());
        var serializer = new TwinSerializer();
        this.engine = SealedEventStorageEngine.builder(events, places, Envelopes.sealedBy(keys.sealing()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .upcasterChain(upcasters)
                .build();
        this.history = new StoredTwinHistory(events, engine, places, keys.sealing(), keys.ring());
        this.twins = AxonTwins.start(keys.ring(), engine, history, history::compare);
    }

    public static TestTwins in(Path folder) {
        return in(folder, TestKeys.seed(7));
    }

    public static TestTwins in(Path folder, TestKeys keys) {
        return in(folder, keys, NoOpEventUpcaster.INSTANCE);
    }

    public static TestTwins in(Path folder, TestKeys keys, EventUpcaster upcasters) {
        return new TestTwins(SqliteEvents.open(folder.resolve("events.db")), keys, upcasters);
    }

    /** Twins whose events lie in this log, which closes with them. */
    public static TestTwins over(EventLog events, TestKeys keys) {
        return new TestTwins(events, keys, NoOpEventUpcaster.INSTANCE);
    }

    /** A twin that lives. */
    public TwinId aTwin() {
        var twin = new TwinId(new UUID(keys.random.nextLong(), keys.random.nextLong()));
        twins.create(new TwinCommand.CreateTwin(twin, NOON, PATIENT));
        return twin;
    }

    public Twins.Recorded record(TwinId twin, Chapter chapter, Incoming... entries) {
        return twins.record(new TwinCommand.RecordEntries(twin, chapter, List.of(entries), NOON, HOSPITAL));
    }

    public Incoming incoming(TwinId twin, int id, String content) {
        return new Incoming(twins.entryId(twin, "hospital", "Observation", "o" + id), body(content));
    }

    public List<Incoming> incoming(TwinId twin, int from, int to, String content) {
        return IntStream.range(from, to)
                .mapToObj(i -> incoming(twin, i, content + i))
                .toList();
    }

    /** What a body says, or that it was erased. */
    public String says(TwinId twin, KeyScope scope, long sequence) {
        return switch (history.open(keys.receipt(twin), twin, scope, sequence)) {
            case OpenedBody.Present(var body) -> new String(body.content(), StandardCharsets.UTF_8);
            case OpenedBody.Erased _ -> "erased";
            case OpenedBody.None _ -> "nothing";
        };
    }

    public static Body body(String content) {
        return new Body(
                1,
                "{\"source\":\"hospital\"}".getBytes(StandardCharsets.UTF_8),
                content.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        twins.close();
        events.close();
    }
}
