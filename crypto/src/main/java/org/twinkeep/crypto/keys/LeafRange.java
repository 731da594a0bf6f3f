package org.twinkeep.crypto.keys;

/** A run of leaves of one epoch, both ends included: to puncture it costs as much as its two ends. */
public record LeafRange(int epoch, int first, int last) {

    /** @throws IllegalArgumentException when it is empty, or reaches outside an epoch */
    public LeafRange {
        if (first < 0 || last < first || last > LeafAddress.LAST_INDEX) {
            throw new IllegalArgumentException("A leaf's index is 0 to 2^24 - 1, and a range has at least one.");
        }
    }

    /** The range of one leaf. */
    public static LeafRange of(LeafAddress address) {
        return new LeafRange(address.epoch(), address.index(), address.index());
    }

    /** Every leaf of the epoch, given out or not. */
    public static LeafRange whole(int epoch) {
        return new LeafRange(epoch, 0, LeafAddress.LAST_INDEX);
    }
}
