package org.twinkeep.infra;

import java.util.Arrays;
import java.util.concurrent.Callable;

/** Measures in rounds and answers medians: these machines are shared and noisy. */
final class Rounds {
    private Rounds() {}

    /** Seconds that the work takes. */
    static double seconds(Callable<?> work) {
        long began = System.nanoTime();
        try {
            work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** As {@link #seconds}, from a collected heap on: what was prepared for the work is not moved at its cost. */
    static double secondsAlone(Callable<?> work) {
        System.gc();
        return seconds(work);
    }

    static double median(double... values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
