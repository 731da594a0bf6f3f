package org.twinkeep.crypto.keys;

/** Where a body's key stands in its chapter: the epoch, and the index within it (0 to 2^24 - 1). */
public record LeafAddress(int epoch, int index) {

    public static final int LAST_INDEX = (1 << 24) - 1;
}
