package org.twinkeep.crypto.keys;

/** Another server changed the twin's keys first: nothing was changed, and what was read before does not count any more. */
final class Overtaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Overtaken() {
        super("The twin's keys were changed by somebody else at the same time.");
    }
}
