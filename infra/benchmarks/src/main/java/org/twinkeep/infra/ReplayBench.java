package org.twinkeep.infra;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.series.SeriesBlock;
import org.twinkeep.twin.sqlite.KeysDatabase;
import org.twinkeep.twin.sqlite.SqliteEvents;
import org.twinkeep.twin.sqlite.SqliteKeyRows;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.StoredTwinHistory;
import org.twinkeep.twin.store.TwinPlaces;

/**
 * {@code bench replay}. {@code sealed_over_axon_plain}: all events of 100 chapters with skeleton and body opened, against
 * Axon replaying the same events unsealed and without bodies from the same engine, batch by batch, into a handler that does
 * nothing. {@code chapter_5000_ms}: the state of a chapter of 5,000 entries from its events. {@code cgm_year_ms}: every point of a year of
 * five-minute glucose, opened and read.
 */
final class ReplayBench {
    private static final int CHAPTERS = 100;
    private static final int EVENTS_A_CHAPTER = 1_000;
    private static final int ENTRIES = 5_000;
    private static final int AXON_BATCH = 100;
    private static final int BODY_BYTES = 512;
    private static final int WARM_ROUNDS = 5;
    private static final int ROUNDS = 21;
    private static final byte[] ABOUT = "{\"source\":\"bench\"}".getBytes(StandardCharsets.UTF_8);
    private static final Actor SOURCE = new Actor(Actor.Kind.SOURCE, "bench");

    private final Path scratch;

    ReplayBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() {
        var kek = KekSource.keyFile(scratch.resolve("key").resolve("kek"), scratch.resolve("data"));
        try (var vault = FileVault.create(scratch.resolve("data").resolve("slots"), kek);
                var keys = KeysDatabase.open(scratch.resolve("keys.db"));
                var sealed = SqliteEvents.open(scratch.resolve("sealed.db"));
                var plain = SqliteEvents.open(scratch.resolve("plain.db"))) {
            var receipts = new ReceiptAuthority();
            var ring = new KeyRing(vault, new SqliteKeyRows(keys), receipts, new SecureRandom());
            var sealing = new Sealing("bench", ring, new SecureRandom());
            var ours = new Store(ring, receipts, sealing, sealed, Envelopes.sealedBy(sealing));
            var axon = new Store(ring, receipts, sealing, plain, AppendBench.PLAIN);
            return new BenchResult("replay", BenchResult.Machine.here(), figures(ours, axon));
        }
    }

    private static List<BenchResult.Figure> figures(Store ours, Store axon) {
        var twins = IntStream.range(0, CHAPTERS).mapToObj(_ -> ours.newTwin()).toList();
        for (var twin : twins) {
            var events = IntStream.range(0, EVENTS_A_CHAPTER)
                    .mapToObj(i -> new Body(1, ABOUT, new byte[BODY_BYTES]))
                    .toList();
            ours.append(twin, Chapter.LABS, events);
            axon.append(twin, Chapter.LABS, events);
        }
        var tokens = new InMemoryTokenStore();
        var ratios = new double[ROUNDS];
        var plain = new double[ROUNDS];
        var sealed = new double[ROUNDS];
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            double unsealed = axon.axonSeconds(tokens, "replay" + round, CHAPTERS * EVENTS_A_CHAPTER);
            double opened = Rounds.secondsAlone(() -> {
                for (var twin : twins) {
                    ours.everyBody(twin, Chapter.LABS, EVENTS_A_CHAPTER);
                }
                return null;
            });
            if (round >= 0) {
                ratios[round] = unsealed / opened;
                plain[round] = unsealed * 1000;
                sealed[round] = opened * 1000;
            }
        }
        var large = ours.newTwin();
        ours.append(
                large,
                Chapter.CONDITIONS,
                IntStream.range(0, ENTRIES)
                        .mapToObj(i -> new Body(1, ABOUT, new byte[BODY_BYTES]))
                        .toList());
        var year = ours.newTwin();
        ours.append(
                year,
                Chapter.WEARABLES,
                glucose().stream().map(block -> block.body(ABOUT)).toList());
        return List.of(
                BenchResult.Figure.atLeast("sealed_over_axon_plain", Rounds.median(ratios), 0.6),
                BenchResult.Figure.plain("axon_plain", Rounds.median(plain), "ms"),
                BenchResult.Figure.plain("sealed", Rounds.median(sealed), "ms"),
                millis("chapter_5000_ms", 60, () -> ours.entries(large, Chapter.CONDITIONS, ENTRIES)),
                millis("cgm_year_ms", 50, () -> ours.points(year, Chapter.WEARABLES, 365 * 288)));
    }

    private static BenchResult.Figure millis(String name, double limit, Runnable work) {
        var times = new double[ROUNDS];
        for (int round = -WARM_ROUNDS; round < ROUNDS; round++) {
            double seconds = Rounds.seconds(() -> {
                work.run();
                return null;
            });
            if (round >= 0) {
                times[round] = seconds * 1000;
            }
        }
        double median = Rounds.median(times);
        return new BenchResult.Figure(name, median, "ms", "<= " + limit, median <= limit);
    }

    private static List<SeriesBlock> glucose() {
        var begins = Instant.parse("2026-01-01T00:00:00Z");
        var points = IntStream.range(0, 365 * 288)
                .mapToObj(i -> new SeriesBlock.Point(
                        begins.plus(Duration.ofMinutes(5L * i)), "%d.%d".formatted(4 + i % 9, i % 10)))
                .toList();
        return SeriesBlock.daily("http://loinc.org|99504-3", "mmol/L", ZoneOffset.UTC, points);
    }

    /** A trivial handler. */
    private record Counting(CountDownLatch first, CountDownLatch all) {
        @EventHandler
        @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // Axon calls it
        void on(Happened happened) {
            first.countDown();
            all.countDown();
        }
    }

    /** One store of events with what reads and writes it. */
    private record Store(
            KeyRing ring, ReceiptAuthority receipts, SealedEventStorageEngine engine, StoredTwinHistory history) {

        Store(KeyRing ring, ReceiptAuthority receipts, Sealing sealing, SqliteEvents events, Envelopes envelopes) {
            this(ring, receipts, sealing, events, new TwinPlaces(ring), engine(events, ring, envelopes));
        }

        private Store(
                KeyRing ring,
                ReceiptAuthority receipts,
                Sealing sealing,
                SqliteEvents events,
                TwinPlaces places,
                SealedEventStorageEngine engine) {
            this(ring, receipts, engine, new StoredTwinHistory(events, engine, places, sealing, ring));
        }

        private static SealedEventStorageEngine engine(SqliteEvents events, KeyRing ring, Envelopes envelopes) {
            var serializer = new TwinSerializer();
            return SealedEventStorageEngine.builder(events, new TwinPlaces(ring), envelopes)
                    .eventSerializer(serializer)
                    .snapshotSerializer(serializer)
                    .build();
        }

        /** A twin whose life has begun. */
        TwinId newTwin() {
            var twin = new TwinId(UUID.randomUUID());
            ring.create(twin);
            var life = ring.streamOf(twin, KeyScope.Own.LIFE).value();
            var created = Happened.of(new TwinEvent.TwinCreated(twin, Instant.EPOCH, SOURCE));
            engine.appendEvents(new GenericDomainEventMessage<>("twin", life, 0, created));
            return twin;
        }

        void append(TwinId twin, Chapter chapter, List<Body> bodies) {
            var stream = ring.streamOf(twin, chapter).value();
            var messages = new ArrayList<EventMessage<?>>();
            for (var body : bodies) {
                var entry = new EntryId("%032x".formatted(messages.size()));
                var recorded = new TwinEvent.EntryRecorded(entry, Instant.EPOCH, SOURCE);
                messages.add(new GenericDomainEventMessage<>(
                        "chapter", stream, messages.size(), new Happened(recorded, body)));
            }
            engine.appendEvents(messages);
        }

        /** Seconds from the first to the last event of Axon's replay; starting the processor is not counted. */
        double axonSeconds(TokenStore tokens, String name, int expected) {
            var handler = new Counting(new CountDownLatch(1), new CountDownLatch(expected));
            var store = EmbeddedEventStore.builder()
                    .storageEngine(engine)
                    .cachedEvents(1)
                    .optimizeEventConsumption(false)
                    .build();
            try (var workers = Executors.newScheduledThreadPool(2)) {
                var processor = PooledStreamingEventProcessor.builder()
                        .name(name)
                        .eventHandlerInvoker(SimpleEventHandlerInvoker.builder()
                                .eventHandlers(handler)
                                .build())
                        .messageSource(store)
                        .tokenStore(tokens)
                        .transactionManager(NoTransactionManager.instance())
                        .workerExecutor(workers)
                        .coordinatorExecutor(workers)
                        .initialSegmentCount(1)
                        .batchSize(AXON_BATCH)
                        .build();
                System.gc();
                processor.start();
                handler.first.await();
                double seconds = Rounds.seconds(() -> {
                    handler.all.await();
                    return null;
                });
                processor.shutDown();
                return seconds;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                store.shutDown();
            }
        }

        long everyBody(TwinId twin, Chapter chapter, int expected) {
            var count = new long[1];
            history.replay(receipt(twin, chapter), twin, chapter, opened -> {
                if (opened.body() instanceof OpenedBody.Present) {
                    count[0]++;
                }
            });
            return sure(expected, count[0]);
        }

        /** From the events, as if it were read for the first time. */
        long entries(TwinId twin, Chapter chapter, int expected) {
            history.twinErased(twin);
            return sure(expected, history.entries(twin, chapter).size());
        }

        long points(TwinId twin, Chapter chapter, int expected) {
            var count = new long[1];
            history.replay(receipt(twin, chapter), twin, chapter, opened -> {
                if (opened.body() instanceof OpenedBody.Present(var body)) {
                    count[0] += SeriesBlock.read(body.content()).points().size();
                }
            });
            return sure(expected, count[0]);
        }

        private Receipt receipt(TwinId twin, Chapter chapter) {
            return receipts.issue(twin, Set.of(chapter), 0, "00".repeat(32), Instant.EPOCH);
        }

        private static long sure(long expected, long count) {
            if (count != expected) {
                throw new IllegalStateException(count + " were read where " + expected + " were expected");
            }
            return count;
        }
    }
}
