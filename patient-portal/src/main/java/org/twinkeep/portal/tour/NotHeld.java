package org.twinkeep.portal.tour;

/** A promise did not hold. The message says which, and quotes nothing of a record. */
final class NotHeld extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotHeld(String what) {
        super(what);
    }

    static void unless(boolean held, String what) {
        if (!held) {
            throw new NotHeld(what);
        }
    }
}
