package org.twinkeep.consent.decision;

/** An element of a consent is not understood, so the consent denies all. It names the path, never a value. */
final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String path;
    private final boolean tooLarge;

    NotUnderstood(String path) {
        this(path, false);
    }

    private NotUnderstood(String path, boolean tooLarge) {
        super(path, null, false, false);
        this.path = path;
        this.tooLarge = tooLarge;
    }

    /** Beyond the bounds of a consent. */
    static NotUnderstood tooLarge(String path) {
        return new NotUnderstood(path, true);
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    String path() {
        return path;
    }
}
