package org.twinkeep.twin;

/** The store of events cannot be read or written; the cause says why. */
public final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreUnavailable(String whatAndWhatToDo) {
        super(whatAndWhatToDo);
    }

    public StoreUnavailable(String whatAndWhatToDo, Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
