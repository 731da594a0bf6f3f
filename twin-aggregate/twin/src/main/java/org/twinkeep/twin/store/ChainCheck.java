package org.twinkeep.twin.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.twinkeep.crypto.keys.StreamName;

/**
 * Checks the streams of a store without any key: recomputes the chain of each and compares it with the heads that the
 * trail remembers. It names the event, never what stands in it; what was found stays found where reading on fails.
 */
public final class ChainCheck {

    /** A head that somebody remembers. @param hash lower-case hexadecimal */
    public record KnownHead(String stream, long sequence, String hash) {}

    /** Whole events of a stream from a sequence on; nothing at its end. */
    public interface Pages {
        List<EventRow> from(StreamName stream, long first);
    }

    private static final int PAGE = 256;
    private static final long PAGE_BYTES = 16L << 20;

    private final Set<String> erased;
    private final List<String> problems = new ArrayList<>();
    private long streams;
    private long events;

    /** @param erased streams that the erasure ledger says are gone */
    public ChainCheck(Collection<String> erased) {
        this.erased = Set.copyOf(erased);
    }

    /** @param known heads from the trail's leaves, of any time */
    public void check(EventLog log, Collection<KnownHead> known) {
        check(log.streams(), (stream, first) -> log.events(stream, first, PAGE, PAGE_BYTES), known);
    }

    public void check(Collection<StreamName> there, Pages pages, Collection<KnownHead> known) {
        var remembered = new HashMap<String, Map<Long, String>>();
        for (var head : known) {
            remembered.computeIfAbsent(head.stream(), _ -> new HashMap<>()).put(head.sequence(), head.hash());
        }
        var found = new HashSet<String>();
        for (var stream : there) {
            found.add(stream.value());
            streams++;
            walk(stream, pages, remembered.getOrDefault(stream.value(), Map.of()));
        }
        for (var stream : remembered.keySet()) {
            if (!found.contains(stream) && !erased.contains(stream)) {
                problems.add("stream " + stream + " is missing");
            }
        }
    }

    private void walk(StreamName stream, Pages pages, Map<Long, String> remembered) {
        if (erased.contains(stream.value())) {
            problems.add("stream " + stream + " was erased and is still there");
            return;
        }
        var chain = new Chain(stream, remembered);
        for (var page = pages.from(stream, 0);
                !page.isEmpty();
                page = pages.from(stream, page.getLast().sequence() + 1)) {
            page.forEach(chain::next);
            events += page.size();
        }
        problems.addAll(chain.end());
    }

    public long streams() {
        return streams;
    }

    public long events() {
        return events;
    }

    public List<String> problems() {
        return List.copyOf(problems);
    }
}
