package org.twinkeep.consent.emergency;

/** A rule of breaking the glass said no. It quotes nothing of what was typed. */
public final class EmergencyRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Why why;

    public EmergencyRefused(Why why) {
        super(why.plain);
        this.why = why;
    }

    public Why why() {
        return why;
    }

    /** Which rule. */
    public enum Why {
        NOT_ENTITLED("This account may not break the glass."),
        REASON_TOO_SHORT("A reason in words is needed: at least " + Emergency.SHORTEST_REASON + " characters."),
        REASON_TOO_LONG("The reason is too long: at most " + Emergency.LONGEST_TEXT + " characters."),
        TOO_LONG("Emergency access lasts 60 minutes at most."),
        OTHER_PATIENT("Your emergency access to another patient is still open. End it first."),
        ALL_CLOSED("The patient keeps everything closed to emergencies."),
        UNKNOWN("There is no such emergency access."),
        NOT_YOURS("Only whoever broke the glass can end it."),
        OVER("This emergency access has ended already."),
        NOT_A_REVIEWER("Only an auditor reviews emergency access."),
        OWN_REVIEW("Nobody reviews their own emergency access."),
        NOTE_MISSING("A review needs a sentence that says why: at least " + Emergency.SHORTEST_REASON
                + " characters, at most " + Emergency.LONGEST_TEXT + "."),
        REVIEWED_ALREADY("This emergency access was reviewed already."),
        NOT_A_CHAPTER("Only chapters that an emergency could open can be closed to emergencies.");

        private final String plain;

        Why(String plain) {
            this.plain = plain;
        }

        public String plain() {
            return plain;
        }
    }
}
