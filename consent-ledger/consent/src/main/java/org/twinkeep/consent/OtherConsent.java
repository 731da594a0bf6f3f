package org.twinkeep.consent;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent.Status;

/**
 * A consent of the twin that is not of our own shape: a denial, or one that somebody else wrote and the patient brought.
 *
 * @param step how often it was changed; 1 for the first
 * @param endedAt when it was ended, or null
 */
public record OtherConsent(
        KeptConsent kept,
        int step,
        Status status,
        Instant grantedAt,
        @Nullable Instant endedAt) {

    public ConsentHandle handle() {
        return kept.handle();
    }

    /** The denial that it is; nothing for one that somebody else wrote. */
    public Optional<Denial> denial() {
        return Denial.of(kept);
    }

    @Override
    public String toString() {
        return "OtherConsent";
    }
}
