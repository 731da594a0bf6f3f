package org.twinkeep.consent;

import java.time.Instant;
import java.util.Optional;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * Who may grant for a patient besides the patient: delegates.
 *
 * <p>Guarantee: the same answer for the same arguments, whenever it is asked. Failure: an exception; the grant counts for
 * nothing then.
 */
@FunctionalInterface
public interface Signers {

    /** Nobody but the patients. */
    Signers PATIENTS_ONLY = (_, _, _, _) -> Optional.empty();

    /**
     * The identity key of the delegate who could grant these terms by this delegation then; nothing when nobody could.
     *
     * @param delegation its handle on the ledger
     * @param at when the ledger recorded the grant
     */
    Optional<VerifyingKey> mayGrant(TwinId twin, ConsentHandle delegation, Terms terms, Instant at);
}
