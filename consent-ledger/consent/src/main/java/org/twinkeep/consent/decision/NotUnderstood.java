package org.twinkeep.consent.decision;

/** An element of a consent is not understood, so the consent denies all. It names the path, never a value. */
final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String path;

    NotUnderstood(String path) {
        super(path, null, false, false);
        this.path = path;
    }

    String path() {
        return path;
    }
}
