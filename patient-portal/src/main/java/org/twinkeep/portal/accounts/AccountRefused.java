package org.twinkeep.portal.accounts;

/** The accounts say no; {@link Why} tells which rule. It quotes nothing. */
public final class AccountRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The rules of accounts that a person can run into. */
    public enum Why {
        NAME_TAKEN("This sign-in name is taken."),
        NAME_UNFIT("A sign-in name has 3 to 100 characters and no spaces."),
        PASSWORD_SHORT("A password has at least 10 characters."),
        PASSWORD_LONG("A password has at most 128 characters."),
        PASSWORD_IS_NAME("The password must not be the sign-in name."),
        PASSWORD_WRONG("The present password is not right."),
        LINK_USED("This link was used already or is too old. Ask for a new one."),
        NO_ACCOUNT("There is no such account."),
        NO_SEED("This account keeps no patient key: ask the operator for a new set-up link instead."),
        OTHER_TWIN("The account belongs to another twin."),
        NOT_A_CLINICIAN("Only a clinician's account can break the glass."),
        NOT_A_PATIENT("Only a patient's account can be linked to a twin."),
        TWIN_TAKEN("Another account is linked to this twin."),
        CLOSED("The twin of this account was deleted.");

        private final String plain;

        Why(String plain) {
            this.plain = plain;
        }

        public String plain() {
            return plain;
        }
    }

    private final Why why;

    AccountRefused(Why why) {
        super(why.plain());
        this.why = why;
    }

    public Why why() {
        return why;
    }
}
