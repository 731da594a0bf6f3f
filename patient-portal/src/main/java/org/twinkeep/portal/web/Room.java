package org.twinkeep.portal.web;

import org.twinkeep.portal.accounts.Account;

/** Which pages there are for an account: those of its role, or, once its twin is erased, the receipt alone. */
public enum Room {
    PATIENT("/timeline"),
    CLINICIAN("/patients"),
    INSURER("/patients"),
    RESEARCHER("/asked"),
    AUDITOR("/trail"),
    OPERATOR("/status"),
    FORMER_PATIENT("/receipt");

    private final String home;

    Room(String home) {
        this.home = home;
    }

    /** The path of its first page. */
    public String home() {
        return home;
    }

    public static Room of(Account account) {
        if (account.state() == Account.State.CLOSED) {
            return FORMER_PATIENT;
        }
        return switch (account.role()) {
            case PATIENT -> PATIENT;
            case CLINICIAN -> CLINICIAN;
            case INSURER -> INSURER;
            case RESEARCHER -> RESEARCHER;
            case AUDITOR -> AUDITOR;
            case OPERATOR -> OPERATOR;
        };
    }
}
