package org.twinkeep.consent.delegation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that a delegate may do for the patient; each is given on its own.
 *
 * <p>There is none for deleting, for appointing or removing a delegate, for the patient's own sign-in, nor for the chapter
 * {@code safety}: nobody can be given those.
 */
public enum Power {
    /** See the chapters of the delegation. */
    SEE("see"),
    /** See who looked and who was refused. */
    SEE_TRAIL("see-trail"),
    /** Take what the delegate sees along, as a file. */
    DOWNLOAD("download"),
    /** Say that an entry is wrong. */
    CORRECT("correct"),
    /** Share with somebody. */
    GRANT("grant"),
    /** Stop sharing. */
    REVOKE("revoke"),
    /** Answer whoever asks to see something. */
    ANSWER("answer");

    /** What can only narrow, or only read: a recorded death leaves these. */
    static final Set<Power> AFTER_DEATH = Set.copyOf(EnumSet.of(SEE, SEE_TRAIL, DOWNLOAD, REVOKE));

    private final String code;

    Power(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public static Optional<Power> ofCode(String code) {
        return Arrays.stream(values()).filter(p -> p.code.equals(code)).findFirst();
    }
}
