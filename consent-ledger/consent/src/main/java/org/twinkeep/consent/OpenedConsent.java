package org.twinkeep.consent;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.TwinId;

/** An opening as it is understood: a grant, a consent of another shape, or neither. */
final class OpenedConsent {
    private final TwinId twin;
    private final Opening opening;
    private final String commitment;
    private final @Nullable FhirConsent consent;
    private final @Nullable KeptConsent other;
    private @Nullable CompiledConsents rules;
    private Provenance.@Nullable Proof proof;

    private OpenedConsent(TwinId twin, Opening opening, @Nullable FhirConsent consent, @Nullable KeptConsent other) {
        this.twin = twin;
        this.opening = opening;
        this.commitment = OpenedConsents.commitment(opening);
        this.consent = consent;
        this.other = other;
    }

    static OpenedConsent of(TwinId twin, Opening opening) {
        var consent = FhirConsent.read(opening.consent())
                .filter(c -> c.handle().equals(opening.handle()) && c.twin().equals(twin));
        var other = consent.isPresent()
                ? Optional.<KeptConsent>empty()
                : KeptConsent.read(opening.consent())
                        .filter(c ->
                                c.handle().equals(opening.handle()) && c.twin().equals(twin));
        return new OpenedConsent(twin, opening, consent.orElse(null), other.orElse(null));
    }

    TwinId twin() {
        return twin;
    }

    ConsentHandle handle() {
        return opening.handle();
    }

    /** By which somebody else than the patient said it; null: the patient did, or nobody proves it. */
    @Nullable
    ConsentHandle delegation() {
        var certificate = opening.certificate();
        return certificate == null || certificate.signer().equals(Enrol.handleOf(twin)) ? null : certificate.signer();
    }

    /** Once it counts it always does: what is proved is what the ledger had when it was recorded. */
    Provenance.Proof proof(Provenance provenance, ConsentRecord record) {
        var known = proof;
        if (known == null || !known.counts()) {
            known = provenance.of(twin, opening, record);
            proof = known;
        }
        return known;
    }

    /** What it says; null when it is not understood or speaks of another consent or twin. */
    @Nullable
    FhirConsent consent() {
        return consent;
    }

    /** What it says where it is of another shape; null where it is of ours, or not understood. */
    @Nullable
    KeptConsent other() {
        return other;
    }

    /** As the engine decides by what it says. @param grantedAt as the ledger has it, once and for all */
    CompiledConsents rules(FhirConsent said, Instant grantedAt) {
        var known = rules;
        if (known == null) {
            known = ConsentPolicy.rules(said.bytes(), grantedAt);
            rules = known;
        }
        return known;
    }

    boolean says(ConsentRecord record) {
        return consent != null && handle().equals(record.handle()) && matches(record);
    }

    boolean matches(ConsentRecord record) {
        return record.commitment().equals(commitment);
    }
}
