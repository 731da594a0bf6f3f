package org.twinkeep.infra;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.erasure.ErasureLedger;
import org.twinkeep.twin.erasure.LedgeredErasure;
import org.twinkeep.twin.erasure.LedgeredErasure.Step;
import org.twinkeep.twin.erasure.Medium;
import org.twinkeep.twin.sqlite.SqliteEvents;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.TwinPlaces;

/**
 * {@code bench erase}: from the command until the keys are gone, the ledger's line and the key state synced, and reads
 * refuse; sweeping what is left is timed apart. Compared with one synced, sealed append of 512 bytes at the engine, one by
 * one: entries first, then whole twins, whose deletion empties the log of the store. A large twin and a small one are
 * erased one after the other, pair by pair. Large twins are made in the file of events itself: an erasure never reads what
 * they say.
 */
final class EraseBench {
    private static final int WARM_ENTRIES = 2_000;
    private static final int ENTRIES = 200;
    private static final int WARM_TWINS = 200;
    private static final int TWINS = 21;
    private static final int LARGE_TWINS = 7;
    private static final int SMALL = 1_000;
    private static final int LARGE = 1_000_000;

    private final Path scratch;
    private final Map<Step, Long> reached = new EnumMap<>(Step.class);

    EraseBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() throws SQLException {
        var small = new ArrayList<TwinId>();
        var large = new ArrayList<TwinId>();
        try (var house = open()) {
            for (int i = 0; i < WARM_TWINS + TWINS + LARGE_TWINS; i++) {
                small.add(twin(house, 1));
            }
            for (int i = 0; i < LARGE_TWINS; i++) {
                large.add(twin(house, 1));
            }
        }
        try (var house = open()) {
            grow(house, small, SMALL);
            grow(house, large, LARGE);
        }
        try (var house = open();
                var events = SqliteEvents.open(file());
                var peer = SqliteEvents.open(scratch.resolve("appends.db"))) {
            return measured(house, erasure(house, events), engine(house, peer), small, large);
        }
    }

    private BenchResult measured(
            House house,
            LedgeredErasure erasure,
            SealedEventStorageEngine engine,
            List<TwinId> small,
            List<TwinId> large) {
        var appends = new Appends(house, engine, twin(house, 1));
        var eraser = twin(house, WARM_ENTRIES + ENTRIES);
        var entries = new ArrayList<>(house.history().entries(eraser, Chapter.LABS));
        var entry = new OverAppend(WARM_ENTRIES, ENTRIES, appends, () -> {
            var id = entries.removeLast().entry();
            return untilKeysAreGone(
                    () -> erasure.eraseEntries(eraser, Map.of(Chapter.LABS, List.of(id)), CrashChild.DRILL));
        });
        var twin = new OverAppend(WARM_TWINS, TWINS, appends, () -> eraseTwin(erasure, small.removeLast()));
        double sweepSmall = sweeping();
        var million = new double[LARGE_TWINS];
        var overSmall = new double[LARGE_TWINS];
        var sweepLarge = new double[LARGE_TWINS];
        for (int pair = 0; pair < LARGE_TWINS; pair++) {
            // Deleting a million rows leaves the disk busy: each of the two comes first in turn.
            boolean smallFirst = pair % 2 == 0;
            double beside = smallFirst ? eraseTwin(erasure, small.removeLast()) : 0;
            million[pair] = eraseTwin(erasure, large.removeLast());
            sweepLarge[pair] = sweeping();
            overSmall[pair] = million[pair] / (smallFirst ? beside : eraseTwin(erasure, small.removeLast()));
        }
        return new BenchResult(
                "erase",
                BenchResult.Machine.here(),
                List.of(
                        BenchResult.Figure.atMost("entry_over_synced_append", entry.ratio(), 12),
                        BenchResult.Figure.atMost("twin_over_synced_append", twin.ratio(), 20),
                        BenchResult.Figure.atMost("twin_1m_over_1k", Rounds.median(overSmall), 1.5),
                        BenchResult.Figure.plain("synced_append", entry.append() * 1e3, "ms"),
                        BenchResult.Figure.plain("entry", entry.erasure() * 1e3, "ms"),
                        BenchResult.Figure.plain("twin_1k", twin.erasure() * 1e3, "ms"),
                        BenchResult.Figure.plain("twin_1m", Rounds.median(million) * 1e3, "ms"),
                        BenchResult.Figure.plain("sweep_twin_1k", sweepSmall, "s"),
                        BenchResult.Figure.plain("sweep_twin_1m", Rounds.median(sweepLarge), "s")));
    }

    private double eraseTwin(LedgeredErasure erasure, TwinId twin) {
        return untilKeysAreGone(() -> erasure.eraseTwin(twin, CrashChild.DRILL));
    }

    private double untilKeysAreGone(Runnable command) {
        reached.clear();
        long began = System.nanoTime();
        command.run();
        return (at(Step.KEYS) - began) / 1e9;
    }

    private double sweeping() {
        return (at(Step.SWEPT) - at(Step.KEYS)) / 1e9;
    }

    private long at(Step step) {
        return reached.getOrDefault(step, 0L);
    }

    private House open() {
        return Houses.open(scratch.resolve("house"));
    }

    private Path file() {
        return scratch.resolve("house").resolve("events.db");
    }

    private LedgeredErasure erasure(House house, SqliteEvents events) {
        var rooms = new LedgeredErasure.Rooms(
                house.twins(), house.history(), events, house.keyRing(), house.identities(), () -> "0 none");
        var ledger = ErasureLedger.open(
                scratch.resolve("erasures.ndjson"), new SigningKey(Secret.random(new SecureRandom())));
        return new LedgeredErasure(
                ledger,
                rooms,
                List.of(),
                Medium.localFiles(),
                house.clock(),
                step -> reached.put(step, System.nanoTime()));
    }

    private static SealedEventStorageEngine engine(House house, SqliteEvents events) {
        var serializer = new TwinSerializer();
        var sealed = Envelopes.sealedBy(new Sealing(house.tenant(), house.keyRing(), new SecureRandom()));
        return SealedEventStorageEngine.builder(events, new TwinPlaces(house.keyRing()), sealed)
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
    }

    /** Appends and erasures in pairs, each in the state in which the one before left the machine. */
    private static final class OverAppend {
        private final double[] appends;
        private final double[] erasures;

        OverAppend(int warm, int pairs, DoubleSupplier append, DoubleSupplier erasure) {
            appends = new double[pairs];
            erasures = new double[pairs];
            for (int pair = -warm; pair < pairs; pair++) {
                // What one leaves to do for the disk, the next pays for: each of the two comes first in turn.
                boolean appendFirst = pair % 2 == 0;
                double before = appendFirst ? append.getAsDouble() : 0;
                double erased = erasure.getAsDouble();
                double appended = appendFirst ? before : append.getAsDouble();
                if (pair >= 0) {
                    appends[pair] = appended;
                    erasures[pair] = erased;
                }
            }
        }

        double ratio() {
            return erasure() / append();
        }

        double append() {
            return Rounds.median(appends);
        }

        double erasure() {
            return Rounds.median(erasures);
        }
    }

    /** Seconds of the next append to the chapter of a twin. */
    private static final class Appends implements DoubleSupplier {
        private final SealedEventStorageEngine engine;
        private final String aggregate;
        private int sequence;

        Appends(House house, SealedEventStorageEngine engine, TwinId twin) {
            this.engine = engine;
            this.aggregate = house.keyRing().streamOf(twin, Chapter.VITALS).value();
        }

        @Override
        public double getAsDouble() {
            var entry = new EntryId("%032x".formatted(sequence));
            var event = new Happened(
                    new TwinEvent.EntryRecorded(entry, Instant.EPOCH, CrashChild.DRILL), body(new byte[490]));
            var message = new GenericDomainEventMessage<>("chapter", aggregate, sequence++, event);
            return Rounds.seconds(() -> {
                engine.appendEvents(message);
                return message;
            });
        }
    }

    private static TwinId twin(House house, int entries) {
        var twin = new TwinId(UUID.randomUUID());
        house.twins().create(new TwinCommand.CreateTwin(twin, house.clock().instant(), CrashChild.DRILL));
        var incoming = new ArrayList<TwinCommand.Incoming>();
        for (int i = 0; i < entries; i++) {
            var id = house.twins().entryId(twin, "bench", "Observation", "o" + i);
            incoming.add(new TwinCommand.Incoming(id, body(("" + i).getBytes(StandardCharsets.UTF_8))));
        }
        house.twins()
                .record(new TwinCommand.RecordEntries(
                        twin, Chapter.LABS, incoming, house.clock().instant(), CrashChild.DRILL));
        return twin;
    }

    private static Body body(byte[] content) {
        return new Body(1, "{\"source\":\"bench\"}".getBytes(StandardCharsets.UTF_8), content);
    }

    /** So many rows behind the first: all alike, since nobody opens them. */
    private void grow(House house, List<TwinId> twins, int events) throws SQLException {
        var sql = """
                WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?)
                INSERT INTO events(stream, sequence, event_id, type, revision, chunks, previous, hash, skeleton, body)
                SELECT e.stream, more.n, e.event_id || more.n, e.type, e.revision, 0, e.previous, e.hash, e.skeleton, e.body
                FROM more, events e JOIN streams s ON s.id = e.stream WHERE s.name = ? AND e.sequence = 0""";
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var insert = connection.prepareStatement(sql)) {
            for (var twin : twins) {
                insert.setInt(1, events - 1);
                insert.setString(2, house.keyRing().streamOf(twin, Chapter.LABS).value());
                insert.executeUpdate();
            }
        }
    }
}
