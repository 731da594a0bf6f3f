package org.twinkeep.consent.trail;

/** A file of the trail is not as it was written. */
final class Altered extends Exception {
    private static final long serialVersionUID = 1;

    private final String what;

    Altered(String what) {
        super(what);
        this.what = what;
    }

    String what() {
        return what;
    }
}
