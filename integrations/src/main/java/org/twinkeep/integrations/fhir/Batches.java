package org.twinkeep.integrations.fhir;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinCommand.Incoming;
import org.twinkeep.twin.TwinCommand.RecordEntries;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;

/** Gathers entries into commands of one chapter each, up to a few hundred entries or megabytes, and sends them off. */
final class Batches {
    private static final int ENTRIES = 400;
    private static final long BYTES = 4L * 1024 * 1024;
    private static final long ALL_BYTES = 16L * 1024 * 1024;

    record Whose(TwinId twin, Chapter chapter) {}

    interface Sent {
        void became(Whose whose, Twins.Recorded outcome);

        /** The twin went away meanwhile. */
        void refused(Whose whose, int entries);
    }

    private static final class Batch {
        final List<Incoming> entries = new ArrayList<>();
        long bytes;
    }

    private final Twins twins;
    private final InstantSource clock;
    private final Actor by;
    private final Sent sent;
    private final Map<Whose, Batch> waiting = new LinkedHashMap<>();
    private long bytes;

    Batches(Twins twins, InstantSource clock, Actor by, Sent sent) {
        this.twins = twins;
        this.clock = clock;
        this.by = by;
        this.sent = sent;
    }

    /** @throws StoreUnavailable when what was gathered cannot be made durable */
    void add(Whose whose, Incoming entry) {
        var batch = waiting.computeIfAbsent(whose, _ -> new Batch());
        long size = entry.body().content().length;
        batch.entries.add(entry);
        batch.bytes += size;
        bytes += size;
        if (batch.entries.size() >= ENTRIES || batch.bytes >= BYTES) {
            send(whose);
        }
        while (bytes > ALL_BYTES) {
            waiting.entrySet().stream()
                    .max(Comparator.comparingLong(e -> e.getValue().bytes))
                    .ifPresent(largest -> send(largest.getKey()));
        }
    }

    void finish() {
        for (var whose : List.copyOf(waiting.keySet())) {
            send(whose);
        }
    }

    private void send(Whose whose) {
        var batch = waiting.remove(whose);
        if (batch != null) {
            bytes -= batch.bytes;
            var command =
                    new RecordEntries(whose.twin(), whose.chapter(), List.copyOf(batch.entries), clock.instant(), by);
            Twins.Recorded outcome;
            try {
                outcome = twins.record(command);
            } catch (TwinRefused | TwinForgotten e) {
                sent.refused(whose, batch.entries.size());
                return;
            }
            sent.became(whose, outcome);
        }
    }
}
