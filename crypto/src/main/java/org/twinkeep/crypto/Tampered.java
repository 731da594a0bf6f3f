package org.twinkeep.crypto;

/** Sealed bytes do not open: changed, moved, cut, or sealed with another key. It never says what stood in them. */
public final class Tampered extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Tampered(String where) {
        super(where);
    }
}
