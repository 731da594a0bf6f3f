package org.twinkeep.twin.kurrentdb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The log of a cluster of {@link WireServer}s, in memory, with the rules of KurrentDB: revisions, idempotent appends that
 * compare ids only, tombstones, {@code $maxCount}, and positions that are not consecutive.
 */
final class WireLog {

    static final long ANY = -2;
    static final long NO_STREAM = -1;
    static final long EXISTS = -4;

    /** KurrentDB's EventNumber.DeletedStream. */
    static final long TOMBSTONE_REVISION = Long.MAX_VALUE;

    static final int MOST_IN_A_RECORD = 1 << 20;

    private static final Pattern MAX_COUNT = Pattern.compile("\"\\$maxCount\"\\s*:\\s*(\\d+)");

    record Proposed(UUID id, String type, byte[] data, byte[] metadata) {}

    record Stored(long position, String stream, long revision, Proposed event) {}

    record Kept(long revision, long position) {}

    /** An append to one stream. */
    record Append(String stream, long expected, List<Proposed> events) {}

    static final class WrongVersion extends Exception {
        private static final long serialVersionUID = 1;
        final transient Append append;
        final long current;

        WrongVersion(Append append, long current) {
            this.append = append;
            this.current = current;
        }
    }

    static final class Deleted extends Exception {
        private static final long serialVersionUID = 1;
        final String stream;

        Deleted(String stream) {
            this.stream = stream;
        }
    }

    private final List<Stored> all = new ArrayList<>();
    private final Map<String, List<Stored>> streams = new HashMap<>();
    private final Map<String, Integer> maxCounts = new HashMap<>();
    private final Set<String> tombstoned = new HashSet<>();
    private long end;

    WireLog() {
        write("$settings", new Proposed(new UUID(0, 1), "$system", new byte[10], new byte[0]));
    }

    /** All of the appends or none. */
    synchronized List<Kept> append(List<Append> appends) throws WrongVersion, Deleted {
        var repeated = new ArrayList<@Nullable Kept>();
        for (var append : appends) {
            repeated.add(repeated(append));
        }
        var kept = new ArrayList<Kept>();
        for (int i = 0; i < appends.size(); i++) {
            var before = repeated.get(i);
            kept.add(before != null ? before : write(appends.get(i)));
        }
        return kept;
    }

    /** Where these events lie already; nothing where they may be appended. */
    private @Nullable Kept repeated(Append append) throws WrongVersion, Deleted {
        if (tombstoned.contains(append.stream())) {
            throw new Deleted(append.stream());
        }
        var stream = streams.getOrDefault(append.stream(), List.of());
        long current = stream.size() - 1L;
        if (append.expected() == ANY || append.expected() == EXISTS && current >= 0 || append.expected() == current) {
            return null;
        }
        if (append.expected() == EXISTS || append.expected() > current) {
            throw new WrongVersion(append, current);
        }
        int first = Math.toIntExact(append.expected() + 1);
        int same = 0;
        for (var event : append.events()) {
            if (first + same < stream.size()
                    && stream.get(first + same).event().id().equals(event.id())) {
                same++;
            }
        }
        if (same < append.events().size()) {
            throw new WrongVersion(append, current);
        }
        var last = stream.get(first + same - 1);
        return new Kept(last.revision(), last.position());
    }

    private Kept write(Append append) {
        Stored last = null;
        for (var event : append.events()) {
            last = write(append.stream(), event);
        }
        if (append.stream().startsWith("$$")) {
            var count = MAX_COUNT.matcher(new String(append.events().getLast().data(), StandardCharsets.UTF_8));
            if (count.find()) {
                maxCounts.put(append.stream().substring(2), Integer.parseInt(count.group(1)));
            }
        }
        return last == null ? new Kept(-1, end) : new Kept(last.revision(), last.position());
    }

    private Stored write(String stream, Proposed event) {
        var lying = streams.computeIfAbsent(stream, _ -> new ArrayList<>());
        var stored = new Stored(end, stream, lying.size(), event);
        lying.add(stored);
        all.add(stored);
        end += 100 + event.data().length;
        return stored;
    }

    synchronized long tombstone(String stream) throws Deleted {
        if (!tombstoned.add(stream)) {
            throw new Deleted(stream);
        }
        var event = new Proposed(UUID.randomUUID(), Records.TOMBSTONE, new byte[0], new byte[0]);
        var stored = new Stored(end, stream, TOMBSTONE_REVISION, event);
        all.add(stored);
        end += 100;
        return stored.position();
    }

    /** What can be read of a stream; nothing where there is none. */
    synchronized @Nullable List<Stored> stream(String name) throws Deleted {
        if (tombstoned.contains(name)) {
            throw new Deleted(name);
        }
        var stream = streams.get(name);
        if (stream == null) {
            return null;
        }
        int first = Math.max(0, stream.size() - maxCounts.getOrDefault(name, Integer.MAX_VALUE));
        return List.copyOf(stream.subList(first, stream.size()));
    }

    synchronized List<Stored> all() {
        return List.copyOf(all);
    }
}
