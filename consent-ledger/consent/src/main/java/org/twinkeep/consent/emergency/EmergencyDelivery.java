package org.twinkeep.consent.emergency;

import java.time.Instant;
import org.twinkeep.consent.ConsentHandle;

/**
 * Writes an emergency down on the ledger: random handle and salted commitments, nothing about a person. Nobody waits for it:
 * what counts is the verdict's leaf in the trail. Said again, it changes nothing.
 *
 * <p>Failure: {@link org.twinkeep.consent.ledger.LedgerUnavailable}; it is delivered later.
 */
public interface EmergencyDelivery {

    /** @param commitment SHA-256 of salt and opening, hexadecimal */
    void broken(ConsentHandle handle, String commitment, Instant until);

    void reviewed(ConsentHandle handle, String commitment);
}
