package org.twinkeep.consent.decision;

/** A set of small numbers: of codes out of a fixed list. */
record Bits(long low, long high) {

    static final Bits NONE = new Bits(0, 0);
    static final int MOST = 128;

    Bits with(int number) {
        return number < Long.SIZE
                ? new Bits(low | 1L << number, high)
                : new Bits(low, high | 1L << (number - Long.SIZE));
    }

    boolean isEmpty() {
        return (low | high) == 0;
    }
}
