package org.twinkeep.twin;

/** The domain speaking: the state of the twin does not allow this. The message names no health value. */
public final class TwinRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TwinRefused(String why) {
        super(why);
    }
}
