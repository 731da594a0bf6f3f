package org.twinkeep.consent;

import java.util.List;

/** The answer to an {@link AccessRequest}. A denial is an answer, not an exception. */
public sealed interface Verdict {

    /** By which consents; an entry is visible when one of them covers it. */
    record Permitted(List<Consent> by) implements Verdict {}

    record Denied(Reason reason) implements Verdict {}

    /** Why not; the asker never reads it, the patient and the auditor do. */
    enum Reason {
        NO_CONSENT("no live consent for this person"),
        OTHER_PURPOSE("the consent is for another purpose"),
        NOT_YET("the consent has not started"),
        EXPIRED("the consent has expired"),
        REVOKED("the consent was revoked"),
        UNKNOWN_PURPOSE("no known purpose was declared"),
        NOT_UNDERSTOOD("a consent cannot be read, or says what this version does not know"),
        ROLE("this role may not ask"),
        UNKNOWN_TWIN("there is no such twin"),
        LEDGER_UNREADABLE("the ledger could not be read"),
        TRAIL_UNWRITABLE("the trail could not be written");

        private final String plain;

        Reason(String plain) {
            this.plain = plain;
        }

        public String plain() {
            return plain;
        }
    }
}
