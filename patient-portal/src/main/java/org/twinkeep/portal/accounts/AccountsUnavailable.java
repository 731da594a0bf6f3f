package org.twinkeep.portal.accounts;

/** The file of accounts cannot be read or written; the cause says why. */
public final class AccountsUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    AccountsUnavailable(String whatAndWhatToDo, Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
