package org.twinkeep.portal.wiring;

import org.jspecify.annotations.Nullable;

/** This folder is not opened, or not this way; the message says what is in the way and what to do. */
public final class HouseRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HouseRefused(String whatAndWhatToDo) {
        super(whatAndWhatToDo);
    }

    public HouseRefused(String whatAndWhatToDo, @Nullable Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
