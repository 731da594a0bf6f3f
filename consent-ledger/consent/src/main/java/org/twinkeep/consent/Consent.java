package org.twinkeep.consent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.crypto.TwinId;

/**
 * A consent as the policy sees it: the ledger's record joined with its opening.
 *
 * @param step how often it was changed; 1 for the grant
 * @param rules its terms as the engine decides by them
 * @param endedAt when it was revoked or written down as expired, or null; a term that ran out is in the terms
 */
public record Consent(
        ConsentHandle handle,
        TwinId twin,
        int step,
        Terms terms,
        CompiledConsents rules,
        Status status,
        Instant grantedAt,
        @Nullable Instant endedAt) {

    /** With the rules that its terms are. */
    public Consent(
            ConsentHandle handle,
            TwinId twin,
            int step,
            Terms terms,
            Status status,
            Instant grantedAt,
            @Nullable Instant endedAt) {
        this(handle, twin, step, terms, rules(handle, twin, terms, grantedAt), status, grantedAt, endedAt);
    }

    private static CompiledConsents rules(ConsentHandle handle, TwinId twin, Terms terms, Instant grantedAt) {
        return terms.chapters().isEmpty()
                ? ConsentPolicy.NO_RULES
                : ConsentPolicy.rules(new FhirConsent(handle, twin, terms, grantedAt).bytes(), grantedAt);
    }

    public enum Status {
        PROPOSED,
        ACTIVE,
        REVOKED,
        EXPIRED,
        /** Of an emergency only. */
        REVIEWED
    }
}
