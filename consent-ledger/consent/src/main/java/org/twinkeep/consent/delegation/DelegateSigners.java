package org.twinkeep.consent.delegation;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Provenance;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Signers;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The delegates who may grant: their delegation lived at that time, has the power to, and is on the ledger under its handle,
 * committed to the opening that appointed them: by the patient's own first key, or by both organisations. What the ledger
 * recorded as ended, or something was erased of, is over. What happened later changes nothing of what was granted then.
 */
public final class DelegateSigners implements Signers {

    private final ConsentLedger ledger;
    private final Openings openings;
    private final AgePolicy ages;
    private final Provenance patients;

    public DelegateSigners(ConsentLedger ledger, Openings openings, AgePolicy ages) {
        this.ledger = ledger;
        this.openings = openings;
        this.ages = ages;
        this.patients = new Provenance(ledger, PATIENTS_ONLY);
    }

    @Override
    public Optional<Delegate> mayGrant(TwinId twin, ConsentHandle delegation, Set<Chapter> chapters, Instant at) {
        var all = openings.of(twin);
        var recorded = ledger.historyOf(delegation).stream()
                .filter(record ->
                        record.kind() == Kind.DELEGATION && !record.at().isAfter(at))
                .toList();
        if (recorded.isEmpty() || recorded.getLast().status() != Status.ACTIVE) {
            return Optional.empty();
        }
        var first = recorded.getFirst();
        var appointing = all.stream()
                .filter(opening -> opening.handle().equals(delegation)
                        && commitment(opening).equals(first.commitment())
                        && DelegationJson.read(opening.consent()) instanceof DelegationEvent.Appointed)
                .findFirst();
        boolean byPatient = first.organisations().isEmpty();
        if (appointing.isEmpty() || byPatient && patients.of(twin, appointing.get(), first) != Proof.PATIENT) {
            return Optional.empty();
        }
        var signed = recorded.stream().map(ConsentRecord::commitment).collect(Collectors.toSet());
        var then = Delegations.of(all, ages, at, _ -> true);
        var asSigned = Delegations.of(
                all,
                ages,
                at,
                opening -> !byPatient || !opening.handle().equals(delegation) || isSigned(opening, signed));
        return may(then, delegation, chapters, at)
                .filter(_ -> may(asSigned, delegation, chapters, at).isPresent())
                .map(key -> new Delegate(key, byPatient, first.at()));
    }

    /** What a delegate may is what the patient signed; that it began, or that its time is over, the ledger does not say. */
    private static boolean isSigned(Opening opening, Set<String> signed) {
        return switch (DelegationJson.read(opening.consent())) {
            case DelegationEvent.Appointed _, DelegationEvent.Changed _ -> signed.contains(commitment(opening));
            default -> true;
        };
    }

    private Optional<VerifyingKey> may(Delegations then, ConsentHandle delegation, Set<Chapter> chapters, Instant at) {
        return then.find(delegation)
                .filter(d -> then.may(d.appointment().delegate(), Power.GRANT, at))
                .filter(d -> d.chaptersAt(at, ages).containsAll(chapters))
                .map(d -> d.appointment().key());
    }

    private static String commitment(Opening opening) {
        return Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()));
    }
}
