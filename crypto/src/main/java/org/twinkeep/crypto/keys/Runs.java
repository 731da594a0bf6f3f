package org.twinkeep.crypto.keys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/** Ranges of one epoch, as the fewest runs: in order, apart from each other. */
final class Runs {

    private final int[] firsts;
    private final int[] lasts;

    private Runs(int[] firsts, int[] lasts) {
        this.firsts = firsts;
        this.lasts = lasts;
    }

    static Runs of(Collection<LeafRange> ranges) {
        var sorted = new ArrayList<>(ranges);
        sorted.sort(Comparator.comparingInt(LeafRange::first));
        var firsts = new int[sorted.size()];
        var lasts = new int[sorted.size()];
        int count = 0;
        for (var range : sorted) {
            if (count > 0 && range.first() <= lasts[count - 1] + 1) {
                lasts[count - 1] = Math.max(lasts[count - 1], range.last());
            } else {
                firsts[count] = range.first();
                lasts[count++] = range.last();
            }
        }
        return new Runs(Arrays.copyOf(firsts, count), Arrays.copyOf(lasts, count));
    }

    /** Whether any of these leaves is in a run. */
    boolean touch(int first, int last) {
        int run = runEndingFrom(first);
        return run < firsts.length && firsts[run] <= last;
    }

    /** Whether all of these leaves are. */
    boolean cover(int first, int last) {
        int run = runEndingFrom(first);
        return run < firsts.length && firsts[run] <= first && lasts[run] >= last;
    }

    /** The first run that does not end before this leaf. */
    private int runEndingFrom(int index) {
        int found = Arrays.binarySearch(lasts, index);
        return found < 0 ? -found - 1 : found;
    }
}
