package org.twinkeep.portal.requests;

import java.time.Instant;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.portal.accounts.AccountId;

/**
 * A request as the patient sees it.
 *
 * @param why in the asker's own words
 * @param proposal its handle on the ledger; what the patient grants takes it over
 */
public record Received(
        String id,
        Asked.State state,
        Draft draft,
        AccountId asker,
        String name,
        String organisation,
        String role,
        String why,
        ConsentHandle proposal,
        Instant at,
        Instant until) {

    @Override
    public String toString() {
        return "Received";
    }
}
