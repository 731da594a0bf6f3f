package org.twinkeep.consent;

import java.util.Collection;

/**
 * Decides, purely: same consents, request and time, same verdict. No is the default.
 */
public final class ConsentPolicy {
    private ConsentPolicy() {}

    public static Verdict decide(Collection<Consent> ofTheTwin, AccessRequest request) {
        throw new IllegalStateException("not built");
    }

    /** Whether the consent covers the entry: its chapter, every chapter it touches, what it speaks of, when it came. */
    public static boolean covers(Consent consent, Facts entry) {
        throw new IllegalStateException("not built");
    }
}
