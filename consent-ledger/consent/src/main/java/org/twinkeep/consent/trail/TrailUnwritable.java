package org.twinkeep.consent.trail;

/** The trail cannot be written: nothing may be shown. */
public final class TrailUnwritable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrailUnwritable(String whatAndWhatToDo, Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
