package org.twinkeep.portal.web.consents;

import java.util.Arrays;
import java.util.Locale;

/** What the patient wants where an older denial closes something of a new grant. */
public enum Answer {
    /** Nothing was asked yet. */
    NONE,
    /** The denial stays, and wins; the grant is stored as it is. */
    KEEP,
    /** The grant leaves out what is closed. */
    NARROW_GRANT,
    /** The denial leaves out what the grant opens. */
    NARROW_DENIAL;

    /** The field of the form that carries it. */
    public static final String FIELD = "denial";

    public static Answer of(String sent) {
        return Arrays.stream(values())
                .filter(each -> each.code().equals(sent))
                .findFirst()
                .orElse(NONE);
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
