package org.twinkeep.consent.ledger;

import org.jspecify.annotations.Nullable;

/** The ledger cannot be read or written, is damaged, or is shorter than what the trail remembers. */
public final class LedgerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LedgerUnavailable(String whatAndWhatToDo, @Nullable Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
