package org.twinkeep.consent.delegation;

/** The rules of delegations say no. It quotes nothing of the request. */
public final class DelegationRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Why {
        NOT_YOURS("This is not yours to do."),
        NO_SUCH("There is no such delegation."),
        NOT_NOW("This cannot be done to it as it stands now."),
        SAME_PERSON("A second person has to confirm this, and neither of the two may be the delegate."),
        OWN_DELEGATE("Nobody is their own delegate."),
        DOCUMENT("It needs a document exactly where the patient cannot sign."),
        NOTHING_GIVEN("A delegation gives at least one power and one chapter."),
        SAFETY("No delegate sees the chapter on safety."),
        NO_END("A delegation names its last day, at most 20 years ahead."),
        NO_REVIEW("A delegation is looked at again on a day within its term."),
        BIRTH_DATE("A delegation for a child, and no other, names the child's birth date."),
        OF_AGE("This person is of age: nobody is their guardian."),
        DEAD("A death is recorded: nothing new begins.");

        private final String plain;

        Why(String plain) {
            this.plain = plain;
        }

        public String plain() {
            return plain;
        }
    }

    private final Why why;

    public DelegationRefused(Why why) {
        super(why.plain);
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
