package org.twinkeep.integrations.fhir;

import java.util.Arrays;

/** A map from fingerprints to numbers in three plain arrays: about 40 bytes a name, so that an index of a huge file fits. */
final class Fingerprints {
    static final long NONE = Long.MIN_VALUE;

    private long[] high = new long[1024];
    private long[] low = new long[1024];
    private long[] value = filled(1024);
    private int size;

    /** The number of this name, or {@link #NONE}. Safe for many readers once nobody writes. */
    long get(Fingerprint name) {
        int slot = slotOf(name);
        return value[slot];
    }

    void put(Fingerprint name, long number) {
        if (size * 3 > high.length * 2) {
            grow();
        }
        int slot = slotOf(name);
        if (value[slot] == NONE) {
            size++;
        }
        high[slot] = name.high();
        low[slot] = name.low();
        value[slot] = number;
    }

    private int slotOf(Fingerprint name) {
        int mask = high.length - 1;
        int slot = (int) name.low() & mask;
        while (value[slot] != NONE && (high[slot] != name.high() || low[slot] != name.low())) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        var oldHigh = high;
        var oldLow = low;
        var oldValue = value;
        high = new long[oldHigh.length * 2];
        low = new long[oldHigh.length * 2];
        value = filled(oldHigh.length * 2);
        for (int i = 0; i < oldHigh.length; i++) {
            if (oldValue[i] != NONE) {
                int slot = slotOf(new Fingerprint(oldHigh[i], oldLow[i]));
                high[slot] = oldHigh[i];
                low[slot] = oldLow[i];
                value[slot] = oldValue[i];
            }
        }
    }

    private static long[] filled(int length) {
        var empty = new long[length];
        Arrays.fill(empty, NONE);
        return empty;
    }
}
