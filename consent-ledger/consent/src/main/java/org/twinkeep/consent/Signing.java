package org.twinkeep.consent;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;

/**
 * Whose hand signs: the keys of patients and of those who act for them, as the ledger has them; {@link Consents} says what
 * each method does; and the acts that they sign.
 */
final class Signing {

    private final ConsentLedger ledger;
    private final OpenedConsents opened;
    private final ConsentIndex index;
    private final Provenance provenance;
    private final Acts acts;
    private final Acts.@Nullable Both organisations;

    /** @param organisations who answer for the new key of a patient who lost the first one; null where nobody does */
    Signing(
            ConsentLedger ledger,
            OpenedConsents opened,
            ConsentIndex index,
            Provenance provenance,
            Acts acts,
            Acts.@Nullable Both organisations) {
        this.ledger = ledger;
        this.opened = opened;
        this.index = index;
        this.provenance = provenance;
        this.acts = acts;
        this.organisations = organisations;
    }

    void enrol(TwinId twin, Secret patientSeed) {
        var handle = Enrol.handleOf(twin);
        var identity = IdentityKey.of(patientSeed);
        var before = ledger.get(handle);
        if (before.isEmpty()) {
            ledger.submit(acts.enrol(handle, Provenance.commitment(twin, identity.verifyingKey()), identity));
        } else if (!identity.verifyingKey().equals(before.get().key())) {
            throw new LedgerRefused(LedgerRefused.Why.BAD_SIGNATURE);
        }
    }

    void enrolAgain(TwinId twin, Secret patientSeed) {
        var identity = IdentityKey.of(patientSeed);
        var before = ledger.get(Enrol.handleOf(twin));
        if (before.isEmpty() || identity.verifyingKey().equals(before.get().key())) {
            enrol(twin, patientSeed);
        } else if (organisations == null) {
            throw new LedgerRefused(LedgerRefused.Why.BAD_SIGNATURE);
        } else {
            var commitment = Provenance.commitment(twin, identity.verifyingKey());
            ledger.submit(acts.enrolAgain(before.get(), commitment, identity, organisations));
        }
    }

    /** Enrols. @throws NotProved where what this key signs would not count */
    void enrolProved(TwinId twin, Secret patientSeed) {
        enrol(twin, patientSeed);
        requireProved(provenance.byEnrolled(twin));
    }

    boolean isProved(TwinId twin) {
        var proof = provenance.byEnrolled(twin);
        return proof.counts() || ledger.get(Enrol.handleOf(twin)).isEmpty();
    }

    static void requireProved(Provenance.Proof proof) {
        if (!proof.counts()) {
            throw new NotProved();
        }
    }

    Certificate certify(TwinId twin, ConsentHandle delegation, Secret patientSeed) {
        enrol(twin, patientSeed);
        return certificate(delegation, patientSeed, Enrol.handleOf(twin));
    }

    boolean isOnLedgerByPatient(ConsentHandle delegation) {
        return ledger.get(delegation)
                .filter(record -> record.kind() == Kind.DELEGATION && record.key() != null)
                .isPresent();
    }

    void recordDelegation(TwinId twin, ConsentHandle delegation, Secret patientSeed) {
        var own = ConsentKey.of(patientSeed, delegation);
        var recorded = ledger.get(delegation);
        opened.openings(twin).stream()
                .filter(opening -> opening.handle().equals(delegation))
                .reduce((_, later) -> later)
                .map(OpenedConsents::commitment)
                .ifPresent(commitment -> ledger.submit(
                        recorded.isEmpty()
                                ? acts.delegate(delegation, commitment, own)
                                : acts.amend(recorded.get(), commitment, own)));
    }

    /** Where nobody has recorded the delegation yet, the organisations answer for it. */
    void record(TwinId twin, ConsentHandle delegation) {
        if (organisations != null && ledger.get(delegation).isEmpty()) {
            opened.openings(twin).stream()
                    .filter(opening -> opening.handle().equals(delegation))
                    .findFirst()
                    .ifPresent(opening -> ledger.submit(
                            acts.delegate(delegation, OpenedConsents.commitment(opening), organisations)));
        }
    }

    boolean isSignedWith(ConsentHandle handle, Secret seed) {
        return ledger.get(handle)
                .filter(record -> ConsentKey.of(seed, handle).verifyingKey().equals(record.key()))
                .isPresent();
    }

    /**
     * Keeps what a consent says, certified by this signer, and records it under its handle.
     *
     * @param proposal that it is the answer to
     */
    void grant(
            TwinId twin,
            ConsentHandle handle,
            Optional<ConsentRecord> proposal,
            byte[] says,
            Secret seed,
            ConsentHandle signer) {
        int step = proposal.map(ConsentRecord::step).orElse(0) + 1;
        var opening = opened.keep(twin, handle, step, says, certificate(handle, seed, signer));
        index.expect(twin, handle);
        ledger.submit(acts.grant(handle, OpenedConsents.commitment(opening), proposal, ConsentKey.of(seed, handle)));
    }

    /** Keeps what a consent says from now on, certified by the patient, and records it. */
    void amend(TwinId twin, ConsentRecord record, byte[] says, Secret patientSeed) {
        var handle = record.handle();
        var certificate = certificate(handle, patientSeed, Enrol.handleOf(twin));
        var opening = opened.keep(twin, handle, record.step() + 1, says, certificate);
        ledger.submit(acts.amend(record, OpenedConsents.commitment(opening), ConsentKey.of(patientSeed, handle)));
    }

    private Certificate certificate(ConsentHandle handle, Secret seed, ConsentHandle signer) {
        var own = ConsentKey.of(seed, handle).verifyingKey();
        return Certificate.of(ledger.charter().channel(), handle, own, signer, IdentityKey.of(seed));
    }
}
