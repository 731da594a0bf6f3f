package org.twinkeep.portal.accounts;

import java.util.Locale;

/** What somebody comes for; it decides which pages there are for them. */
public enum Role {
    PATIENT,
    CLINICIAN,
    INSURER,
    RESEARCHER,
    AUDITOR,
    OPERATOR;

    /** As it stands in the trail and on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
