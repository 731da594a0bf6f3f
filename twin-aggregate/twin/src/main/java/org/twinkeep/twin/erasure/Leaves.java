package org.twinkeep.twin.erasure;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.twinkeep.crypto.keys.LeafRange;

/** Runs of leaves, and how a ledger writes them: {@code epoch:index} or {@code epoch:first-last}. */
final class Leaves {

    private static final Comparator<LeafRange> IN_ORDER =
            Comparator.comparingInt(LeafRange::epoch).thenComparingInt(LeafRange::first);

    private Leaves() {}

    /** The same leaves as the fewest runs. */
    static List<LeafRange> joined(Collection<LeafRange> some) {
        var runs = new ArrayList<LeafRange>();
        for (var run : some.stream().sorted(IN_ORDER).toList()) {
            var before = runs.isEmpty() ? null : runs.getLast();
            if (before != null && before.epoch() == run.epoch() && before.last() + 1 >= run.first()) {
                int last = Math.max(before.last(), run.last());
                runs.set(runs.size() - 1, new LeafRange(run.epoch(), before.first(), last));
            } else {
                runs.add(run);
            }
        }
        return List.copyOf(runs);
    }

    static List<LeafRange> joined(Collection<LeafRange> some, Collection<LeafRange> more) {
        return joined(Stream.concat(some.stream(), more.stream()).toList());
    }

    static long count(Collection<LeafRange> runs) {
        return runs.stream().mapToLong(run -> run.last() - run.first() + 1L).sum();
    }

    static String text(LeafRange run) {
        return run.first() == run.last()
                ? run.epoch() + ":" + run.first()
                : run.epoch() + ":" + run.first() + "-" + run.last();
    }

    /** @throws RuntimeException when it is none */
    static LeafRange parse(String text) {
        int colon = text.indexOf(':');
        int dash = text.indexOf('-', colon);
        int epoch = Integer.parseInt(text.substring(0, colon));
        int first = Integer.parseInt(text.substring(colon + 1, dash < 0 ? text.length() : dash));
        return new LeafRange(epoch, first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1)));
    }
}
