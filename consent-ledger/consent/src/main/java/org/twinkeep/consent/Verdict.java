package org.twinkeep.consent;

import java.util.List;
import org.twinkeep.consent.decision.Ruling;

/** The answer to an {@link AccessRequest}. A denial is an answer, not an exception. */
public sealed interface Verdict {

    /**
     * Something may be seen; what, the ruling says of each entry.
     *
     * @param by the consents of the patient's own shape that permit it, newest first; none where only another consent or
     *     an implicit policy does
     */
    record Permitted(List<Consent> by, Ruling ruling) implements Verdict {}

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
        DENIED("the patient said never: a denial wins over what is shared"),
        NOT_COVERED("no consent covers this, with all that it touches, or one denies it"),
        UNKNOWN_ACTION("nothing but looking can be permitted"),
        OBLIGATION("what has to be done with it would not be carried out"),
        LABEL_RULES("the label rules here are not those that are registered on the ledger"),
        ROLE("this role may not ask"),
        EMERGENCY("an emergency opens by breaking the glass, and no consent is asked for it"),
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
