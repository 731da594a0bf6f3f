package org.twinkeep.consent.ledger;

/** The contract says no: out of order, bad signature, unknown handle, already ended. It quotes nothing of the request. */
public final class LedgerRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LedgerRefused(String why) {
        super(why);
    }
}
