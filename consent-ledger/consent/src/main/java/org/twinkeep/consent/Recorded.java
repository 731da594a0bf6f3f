package org.twinkeep.consent;

import java.util.List;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;

/**
 * A consent with all that proves it: what the ledger holds of it, and what its commitment was made of. For the patient's
 * eyes.
 *
 * @param steps every step on the ledger, oldest first
 * @param charter of that ledger
 * @param readUpTo the block that the ledger had reached when it was read
 * @param proof how it is proved to be the patient's
 */
public record Recorded(
        Consent consent,
        Opening opening,
        List<ConsentRecord> steps,
        Charter charter,
        ConsentLedger.Position readUpTo,
        Provenance.Proof proof) {

    public Recorded {
        steps = List.copyOf(steps);
    }

    /** The last step that said what holds: the grant, or the last amendment. */
    public ConsentRecord stands() {
        return steps.reversed().stream()
                .filter(step -> step.status() == Consent.Status.ACTIVE)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public String toString() {
        return "Recorded";
    }
}
