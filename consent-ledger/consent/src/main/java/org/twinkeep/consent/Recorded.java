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
 */
public record Recorded(
        Consent consent, Opening opening, List<ConsentRecord> steps, Charter charter, ConsentLedger.Position readUpTo) {

    public Recorded {
        steps = List.copyOf(steps);
    }

    @Override
    public String toString() {
        return "Recorded";
    }
}
