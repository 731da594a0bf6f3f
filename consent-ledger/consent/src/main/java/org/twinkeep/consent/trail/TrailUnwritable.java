package org.twinkeep.consent.trail;

import org.jspecify.annotations.Nullable;

/** The trail cannot be written, or was altered and must not be continued: nothing may be shown. */
public final class TrailUnwritable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrailUnwritable(String whatAndWhatToDo, @Nullable Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
