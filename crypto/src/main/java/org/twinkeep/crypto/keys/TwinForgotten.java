package org.twinkeep.crypto.keys;

/** The twin has no keys: it was erased, or never was. */
public final class TwinForgotten extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TwinForgotten() {
        super("There is no such twin.");
    }
}
