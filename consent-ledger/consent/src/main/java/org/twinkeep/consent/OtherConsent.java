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
 * @param counts how much of it counts
 * @param delegation by which somebody else than the patient said it; null: the patient did
 */
public record OtherConsent(
        KeptConsent kept,
        int step,
        Status status,
        Instant grantedAt,
        @Nullable Instant endedAt,
        Counts counts,
        @Nullable ConsentHandle delegation) {

    /** How much of a consent counts. What it permits is over once anybody ended it; what it denies is not. */
    public enum Counts {
        WHOLE,
        /** The patient ended it: what it denies holds until the ledger has recorded that. */
        DENIES_UNTIL_RECORDED,
        /** Somebody else ended it: what it denies holds until the patient ends it. */
        DENIES_STILL,
        NOTHING
    }

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
