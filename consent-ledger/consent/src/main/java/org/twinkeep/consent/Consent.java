package org.twinkeep.consent;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;

/**
 * A consent as the policy sees it: the ledger's record joined with its opening.
 *
 * @param step how often it was changed; 1 for the grant
 * @param endedAt when it was revoked or written down as expired, or null; a term that ran out is in the terms
 */
public record Consent(
        ConsentHandle handle,
        TwinId twin,
        int step,
        Terms terms,
        Status status,
        Instant grantedAt,
        @Nullable Instant endedAt) {

    public enum Status {
        PROPOSED,
        ACTIVE,
        REVOKED,
        EXPIRED
    }
}
