package org.twinkeep.twin;

/** The domain speaking: the state of the twin does not allow this. The message names no health value. */
public final class TwinRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TwinRefused(String why) {
        super(why);
    }

    /** One and the same words for a twin that never was, is being erased, or is gone. */
    public static TwinRefused noSuchTwin() {
        return new TwinRefused("There is no such twin.");
    }

    public static TwinRefused noSuchEntry() {
        return new TwinRefused("There is no such entry.");
    }
}
