package org.twinkeep.infra;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
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
 * {@code bench append}: appends at the engine, one event of 512 bytes a call, from 256 virtual threads, each with a twin of
 * its own. {@code sealed_over_plain} compares the product with the same engine whose envelopes are the plain bytes, paired
 * round by round.
 */
final class AppendBench {
    private static final int WRITERS = 256;
    private static final int EVENTS_A_WRITER = 200;
    private static final int ROUNDS = 9;
    private static final byte[] NO_HASH = new byte[32];

    private final Path scratch;

    AppendBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() {
        try (var house = Houses.open(scratch.resolve("house"))) {
            var sealed = Envelopes.sealedBy(new Sealing(house.tenant(), house.keyRing(), new SecureRandom()));
            var ratios = new double[ROUNDS];
            var rates = new double[ROUNDS];
            perSecond(house, sealed, "warm-sealed");
            perSecond(house, PLAIN, "warm-plain");
            for (int round = 0; round < ROUNDS; round++) {
                double plain = perSecond(house, PLAIN, "plain-" + round);
                rates[round] = perSecond(house, sealed, "sealed-" + round);
                ratios[round] = rates[round] / plain;
            }
            return new BenchResult(
                    "append",
                    BenchResult.Machine.here(),
                    List.of(
                            BenchResult.Figure.atLeast("sealed_over_plain", Rounds.median(ratios), 0.85),
                            BenchResult.Figure.plain("writers_256_sealed", Rounds.median(rates), "events/s")));
        }
    }

    private double perSecond(House house, Envelopes envelopes, String name) {
        var twins = twins(house);
        try (var events = SqliteEvents.open(scratch.resolve(name + ".db"))) {
            var serializer = new TwinSerializer();
            var engine = SealedEventStorageEngine.builder(events, new TwinPlaces(house.keyRing()), envelopes)
                    .eventSerializer(serializer)
                    .snapshotSerializer(serializer)
                    .build();
            double seconds = Rounds.seconds(() -> {
                write(engine, house, twins);
                return null;
            });
            return WRITERS * EVENTS_A_WRITER / seconds;
        }
    }

    /** Fresh twins whose chapter is open, so that a round measures appends and not the making of keys. */
    private static List<TwinId> twins(House house) {
        var twins = new ArrayList<TwinId>();
        for (int i = 0; i < WRITERS; i++) {
            var twin = new TwinId(UUID.randomUUID());
            house.keyRing().create(twin);
            house.keyRing().nextLeaf(twin, Chapter.LABS);
            twins.add(twin);
        }
        return twins;
    }

    private static void write(SealedEventStorageEngine engine, House house, List<TwinId> twins) throws Exception {
        var running = new ArrayList<Future<?>>();
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var twin : twins) {
                running.add(writers.submit(() -> {
                    var aggregate = house.keyRing().streamOf(twin, Chapter.LABS).value();
                    for (int sequence = 0; sequence < EVENTS_A_WRITER; sequence++) {
                        engine.appendEvents(
                                new GenericDomainEventMessage<>("chapter", aggregate, sequence, event(sequence)));
                    }
                }));
            }
        }
        for (var writer : running) {
            writer.get();
        }
    }

    private static Happened event(int number) {
        var entry = new EntryId("%032x".formatted(number));
        var about = "{\"source\":\"bench\"}".getBytes(StandardCharsets.UTF_8);
        return new Happened(
                new TwinEvent.EntryRecorded(entry, Instant.EPOCH, new Actor(Actor.Kind.SOURCE, "bench")),
                new Body(1, about, new byte[512 - about.length]));
    }

    /** The engine without any sealing: what the sealing is compared with. */
    private static final Envelopes PLAIN = new Envelopes() {
        @Override
        public SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash) {
            return new SealedEvent(skeleton, body == null ? null : body.content(), List.of(), previousHash, NO_HASH);
        }

        @Override
        public byte[] openSkeleton(EventContext context, SealedEvent event) {
            return event.skeleton();
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
