package org.twinkeep.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.sqlite.SqliteEvents;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.TwinPlaces;

/**
 * {@code bench append}: appends at the engine, one event with a body of 512 bytes a call; every ratio is of two that ran one
 * after the other, round by round. Ids and events are there before the clock starts, as the peer's rows are.
 *
 * <p>{@code one_writer_over_sqlite}: one caller against the same rows inserted by a bare loop, one a commit. {@code
 * writers_256_over_batched_sqlite}: 256 virtual threads, each with a twin of its own, against the same rows inserted by a
 * bare loop, 256 a commit. {@code sealed_over_plain}: the same 256 against this engine with envelopes that are the plain
 * bytes.
 *
 * <p>An id begins with the time at which it is drawn. Those of one writer are drawn together, so that every commit of the 256
 * touches pages all over the index of ids. The figures {@code fresh_ids_...} are of ids that are drawn at the append, as the
 * product does: the disk has much less to do then, for the peers as well, and what sealing costs weighs more.
 */
final class AppendBench {
    private static final int WRITERS = 256;
    private static final int EVENTS_A_WRITER = 200;
    private static final int EVENTS_OF_ONE = 4_000;
    private static final int BODY_BYTES = 512;
    private static final int WARM_ROUNDS = 6;
    private static final int ROUNDS = 11;
    private static final String OURS = "ours.db";
    private static final String BARE = "bare.db";
    private static final IdentifierFactory IDS = IdentifierFactory.getInstance();
    private static final byte[] NO_HASH = new byte[32];

    private final Path scratch;

    AppendBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() {
        try (var house = Houses.open(scratch.resolve("house"))) {
            var sealed = Envelopes.sealedBy(new Sealing(house.tenant(), house.keyRing(), new SecureRandom()));
            return new BenchResult(
                    "append",
                    BenchResult.Machine.here(),
                    Stream.of(oneWriter(house, sealed), manyWriters(house, sealed), freshIds(house, sealed))
                            .flatMap(figures -> figures)
                            .toList());
        }
    }

    private Stream<BenchResult.Figure> oneWriter(House house, Envelopes sealed) {
        var rounds = rounds(house, sealed, Ids::drawnBefore, 1, EVENTS_OF_ONE);
        return Stream.of(
                BenchResult.Figure.atLeast("one_writer_over_sqlite", Round.median(rounds, Round::overBare), 0.9),
                BenchResult.Figure.plain("one_writer_sealed", Round.median(rounds, Round::sealed), "events/s"));
    }

    private Stream<BenchResult.Figure> manyWriters(House house, Envelopes sealed) {
        var rounds = rounds(house, sealed, Ids::drawnBefore, WRITERS, EVENTS_A_WRITER);
        return Stream.of(
                BenchResult.Figure.atLeast(
                        "writers_256_over_batched_sqlite", Round.median(rounds, Round::overBare), 0.7),
                BenchResult.Figure.atLeast("sealed_over_plain", Round.median(rounds, Round::overPlain), 0.85),
                BenchResult.Figure.plain("writers_256_sealed", Round.median(rounds, Round::sealed), "events/s"));
    }

    private Stream<BenchResult.Figure> freshIds(House house, Envelopes sealed) {
        var rounds = rounds(house, sealed, Ids::drawnAtTheAppend, WRITERS, EVENTS_A_WRITER);
        return Stream.of(
                BenchResult.Figure.plain(
                        "fresh_ids_over_batched_sqlite", Round.median(rounds, Round::overBare), "ratio"),
                BenchResult.Figure.plain("fresh_ids_over_plain", Round.median(rounds, Round::overPlain), "ratio"),
                BenchResult.Figure.plain("fresh_ids_sealed", Round.median(rounds, Round::sealed), "events/s"));
    }

    /** Events a second. */
    private record Round(double plain, double sealed, double bare) {
        double overPlain() {
            return sealed / plain;
        }

        double overBare() {
            return sealed / bare;
        }

        static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
            return Rounds.median(rounds.stream().mapToDouble(figure).toArray());
        }
    }

    private List<Round> rounds(House house, Envelopes sealed, Ids ids, int writers, int events) {
        var rounds = new ArrayList<Round>();
        for (int round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
            double plain = perSecond(house, PLAIN, ids, writers, events);
            delete(OURS);
            double ours = perSecond(house, sealed, ids, writers, events);
            double bare = barePerSecond(writers);
            delete(OURS);
            delete(BARE);
            rounds.add(new Round(plain, ours, bare));
        }
        return rounds.subList(WARM_ROUNDS, rounds.size());
    }

    private double barePerSecond(int together) {
        try {
            return PlainSqlite.perSecond(scratch.resolve(OURS), scratch.resolve(BARE), together);
        } catch (SQLException e) {
            throw new IllegalStateException("The peer could not be measured.", e);
        }
    }

    private void delete(String file) {
        try {
            Files.delete(scratch.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double perSecond(House house, Envelopes envelopes, Ids ids, int writers, int events) {
        var twins = twins(house, writers);
        try (var store = SqliteEvents.open(scratch.resolve(OURS))) {
            var serializer = new TwinSerializer();
            var engine = SealedEventStorageEngine.builder(store, new TwinPlaces(house.keyRing()), envelopes)
                    .eventSerializer(serializer)
                    .snapshotSerializer(serializer)
                    .build();
            var happened =
                    IntStream.range(0, events).mapToObj(AppendBench::event).toList();
            var ofWriters = twins.stream()
                    .map(twin -> new Writer(
                            house.keyRing().streamOf(twin, Chapter.LABS).value(), ids.ofWriter(events), happened))
                    .toList();
            double seconds = Rounds.secondsAlone(() -> {
                if (writers == 1) {
                    ofWriters.getFirst().write(engine);
                } else {
                    writeTogether(engine, ofWriters);
                }
                return null;
            });
            return writers * events / seconds;
        }
    }

    /** Fresh twins whose chapter is open, so that a round measures appends and not the making of keys. */
    private static List<TwinId> twins(House house, int count) {
        var twins = new ArrayList<TwinId>();
        for (int i = 0; i < count; i++) {
            var twin = new TwinId(UUID.randomUUID());
            house.keyRing().create(twin);
            house.keyRing().nextLeaf(twin, Chapter.LABS);
            twins.add(twin);
        }
        return twins;
    }

    private static void writeTogether(SealedEventStorageEngine engine, List<Writer> ofWriters) throws Exception {
        var running = new ArrayList<Future<?>>();
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var writer : ofWriters) {
                running.add(writers.submit(() -> writer.write(engine)));
            }
        }
        for (var writer : running) {
            writer.get();
        }
    }

    /** Where the ids of one writer's events come from. */
    private interface Ids {
        IntFunction<String> ofWriter(int events);

        /** Before the clock starts. */
        static IntFunction<String> drawnBefore(int events) {
            return Stream.generate(IDS::generateIdentifier).limit(events).toList()::get;
        }

        /** As the product does. */
        static IntFunction<String> drawnAtTheAppend(int events) {
            return _ -> IDS.generateIdentifier();
        }
    }

    private record Writer(String aggregate, IntFunction<String> ids, List<Happened> events) {

        /** Keeps no message that is written: it holds on to its serialized form. */
        void write(SealedEventStorageEngine engine) {
            for (int sequence = 0; sequence < events.size(); sequence++) {
                engine.appendEvents(new GenericDomainEventMessage<>(
                        "chapter",
                        aggregate,
                        sequence,
                        events.get(sequence),
                        MetaData.emptyInstance(),
                        ids.apply(sequence),
                        Instant.EPOCH));
            }
        }
    }

    private static Happened event(int number) {
        var entry = new EntryId("%032x".formatted(number));
        var about = "{\"source\":\"bench\"}".getBytes(StandardCharsets.UTF_8);
        return new Happened(
                new TwinEvent.EntryRecorded(entry, Instant.EPOCH, new Actor(Actor.Kind.SOURCE, "bench")),
                new Body(1, about, new byte[BODY_BYTES - about.length]));
    }

    /** The engine without any sealing: what the sealing is compared with. */
    static final Envelopes PLAIN = new Envelopes() {
        @Override
        public SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash) {
            return new SealedEvent(skeleton, body == null ? null : bytesOf(body), List.of(), previousHash, NO_HASH);
        }

        /** What is sealed of a body, in the clear: {@code docs/formats/envelope.md}. */
        private static byte[] bytesOf(Body body) {
            return new ByteWriter()
                    .u32(body.revision())
                    .framed(body.about())
                    .framed(body.content())
                    .toBytes();
        }

        @Override
        public Skeletons skeletons(TwinId twin, KeyScope scope) {
            return (_, event) -> event.skeleton();
        }

        @Override
        public byte[] sealSnapshot(EventContext context, byte[] plain) {
            return plain;
        }

        @Override
        public byte[] openSnapshot(EventContext context, byte[] sealed) {
            return sealed;
        }
    };
}
