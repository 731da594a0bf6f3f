package org.twinkeep.consent;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.OtherConsent.Counts;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Intake;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;

/** Consents that are not of our own shape: denials, and what somebody else wrote; {@link Consents} says what each method does. */
final class OtherConsents {

    private final ConsentLedger ledger;
    private final OpenedConsents opened;
    private final Signing signing;
    private final Ends ends;
    private final Provenance provenance;
    private final Clock clock;

    OtherConsents(
            ConsentLedger ledger,
            OpenedConsents opened,
            Signing signing,
            Ends ends,
            Provenance provenance,
            Clock clock) {
        this.ledger = ledger;
        this.opened = opened;
        this.signing = signing;
        this.ends = ends;
        this.provenance = provenance;
        this.clock = clock;
    }

    OtherConsent deny(TwinId twin, Denial denial, Secret patientSeed) {
        signing.enrol(twin, patientSeed);
        return keep(twin, Denial.DIALECT, denial.text(), patientSeed, Enrol.handleOf(twin));
    }

    OtherConsent denyFor(TwinId twin, Denial denial, Secret delegatesSeed, ConsentHandle delegation) {
        signing.record(twin, delegation);
        return keep(twin, Denial.DIALECT, denial.text(), delegatesSeed, delegation);
    }

    OtherConsent bring(TwinId twin, Dialect dialect, String text, Secret patientSeed) {
        signing.enrolProved(twin, patientSeed);
        return keep(twin, dialect, text, patientSeed, Enrol.handleOf(twin));
    }

    private OtherConsent keep(TwinId twin, Dialect dialect, String text, Secret seed, ConsentHandle signer) {
        ends.deliver();
        var handle = opened.freshHandle();
        var kept = new KeptConsent(handle, twin, dialect, text);
        signing.grant(twin, handle, Optional.empty(), kept.bytes(), seed, signer);
        return other(twin, handle);
    }

    OtherConsent amend(TwinId twin, ConsentHandle handle, Denial denial, Secret patientSeed) {
        ends.deliver();
        signing.enrol(twin, patientSeed);
        var kept = new KeptConsent(handle, twin, Denial.DIALECT, denial.text());
        signing.amend(twin, ends.record(handle), kept.bytes(), patientSeed);
        return other(twin, handle);
    }

    List<OtherConsent> of(TwinId twin) {
        return opened.of(twin).stream()
                .flatMap(each -> other(each).stream())
                .sorted(Comparator.comparing(OtherConsent::grantedAt)
                        .reversed()
                        .thenComparing(c -> c.handle().value()))
                .toList();
    }

    private OtherConsent other(TwinId twin, ConsentHandle handle) {
        return of(twin).stream()
                .filter(each -> each.handle().equals(handle))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("what was recorded is read back"));
    }

    private Optional<OtherConsent> other(OpenedConsent read) {
        var kept = read.other();
        return kept == null
                ? Optional.empty()
                : ledger.get(read.handle())
                        .filter(record -> record.kind() == Kind.CONSENT && record.status() != Status.PROPOSED)
                        .filter(read::matches)
                        .filter(record -> read.proof(provenance, record) != Provenance.Proof.NONE
                                || counts(kept, record, read.twin()) == Counts.DENIES_STILL)
                        .map(record -> new OtherConsent(
                                kept,
                                record.step(),
                                ends.status(record, isOver(kept)),
                                opened.grantedAt(record),
                                ends.endedAt(record),
                                counts(kept, record, read.twin()),
                                read.delegation()));
    }

    private Counts counts(KeptConsent kept, ConsentRecord record, TwinId twin) {
        boolean waits = ends.waits(record.handle());
        if (isOver(kept) || ledger.wasRevoked(record.handle())) {
            return Counts.NOTHING;
        }
        if (record.status() == Status.ACTIVE) {
            return waits ? Counts.DENIES_UNTIL_RECORDED : Counts.WHOLE;
        }
        boolean denies = Intake.said(kept.dialect(), kept.consent())
                .filter(said -> !said.denies())
                .isEmpty();
        return denies && !isReleased(twin, record.handle()) ? Counts.DENIES_STILL : Counts.NOTHING;
    }

    private boolean isReleased(TwinId twin, ConsentHandle handle) {
        return opened.openings(twin).stream()
                .filter(opening -> Release.read(opening.consent())
                        .filter(release -> release.released().equals(handle))
                        .isPresent())
                .anyMatch(opening -> ledger.get(opening.handle())
                        .filter(record -> record.commitment().equals(OpenedConsents.commitment(opening)))
                        .flatMap(record -> provenance.released(twin, opening, record))
                        .isPresent());
    }

    private boolean isOver(KeptConsent kept) {
        return Intake.of(kept.dialect(), kept.consent(), clock.instant())
                        instanceof Intake.Refused(Intake.Why why, String _)
                && why == Intake.Why.OVER;
    }

    boolean release(TwinId twin, ConsentHandle ended, Secret patientSeed) {
        signing.enrol(twin, patientSeed);
        ends.deliver();
        if (!provenance.byEnrolled(twin).counts()) {
            return false;
        }
        var handle = opened.freshHandle();
        var says = new Release(handle, twin, ended).bytes();
        signing.grant(twin, handle, Optional.empty(), says, patientSeed, Enrol.handleOf(twin));
        return isReleased(twin, ended);
    }
}
