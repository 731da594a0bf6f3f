package org.twinkeep.consent.decision;

/** What one consent says of one item to one request (docs/formats/consent-decision.md, 4). */
public enum Outcome {
    /** It says nothing. */
    NONE,
    /** Denied, expressly; or the consent is not understood. */
    DENY,
    /** Permitted, expressly. */
    PERMIT,
    /** Denied by default. */
    WITHHELD,
    /** Permitted by default. */
    ALLOWED;

    /** 4.5: in the order of the constants; nothing comes last. */
    boolean overrides(Outcome other) {
        return this != NONE && (other == NONE || ordinal() < other.ordinal());
    }

    private static final Outcome[] ALL = values();
    private static final int BITS = 3;

    /** Packed with the place of the provision that says it. */
    int at(int place) {
        return place << BITS | ordinal();
    }

    static Outcome of(int packed) {
        return ALL[packed & (1 << BITS) - 1];
    }

    static int place(int packed) {
        return packed >>> BITS;
    }
}
