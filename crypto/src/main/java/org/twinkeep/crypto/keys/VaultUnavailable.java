package org.twinkeep.crypto.keys;

/** The vault cannot serve: its key is missing or wrong, its file is damaged, older than it must be, or out of reach. */
public final class VaultUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public VaultUnavailable(String whatAndWhatToDo) {
        super(whatAndWhatToDo);
    }

    public VaultUnavailable(String whatAndWhatToDo, Throwable cause) {
        super(whatAndWhatToDo, cause);
    }
}
