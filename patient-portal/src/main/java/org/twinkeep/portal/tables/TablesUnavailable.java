package org.twinkeep.portal.tables;

/** The tables of accounts cannot be read or written; the cause says why. */
public final class TablesUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    TablesUnavailable(String whatAndWhatToDo, Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
