package org.twinkeep.consent.ledger;

/** The contract says no. It quotes nothing of the request. */
public final class LedgerRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why; the words are the same on every ledger. */
    public enum Why {
        UNKNOWN_HANDLE("unknown handle"),
        OUT_OF_ORDER("out of order"),
        ALREADY_ENDED("already ended"),
        OTHER_KIND("not something that can be done to what stands under this handle"),
        TOO_LONG("longer than an emergency may last"),
        OTHER_POLICY("granted under another policy version"),
        NO_SUCH_ORGANISATION("not an organisation that may do this"),
        MALFORMED("malformed"),
        BAD_SIGNATURE("bad signature");

        private final String plain;

        Why(String plain) {
            this.plain = plain;
        }

        /** Its plain words. */
        public String words() {
            return plain;
        }
    }

    private final Why why;

    public LedgerRefused(Why why) {
        super(why.plain);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
