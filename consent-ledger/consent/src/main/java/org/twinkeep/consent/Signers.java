package org.twinkeep.consent;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * Who may grant for a patient besides the patient, and deny: delegates.
 *
 * <p>Guarantee: the same answer for the same arguments, whenever it is asked. Failure: an exception; the grant counts for
 * nothing then.
 */
@FunctionalInterface
public interface Signers {

    /** Nobody but the patients. */
    Signers PATIENTS_ONLY = (_, _, _, _) -> Optional.empty();

    /**
     * A delegate.
     *
     * @param key the identity key
     * @param byPatient whether the patient's own first key signed the delegation; else it is the word of both organisations
     * @param since when the ledger recorded the delegation
     */
    record Delegate(VerifyingKey key, boolean byPatient, Instant since) {}

    /**
     * The delegate who could grant, or deny, these chapters by this delegation then; nothing when nobody could.
     *
     * @param delegation its handle on the ledger
     * @param at when the ledger recorded the consent
     */
    Optional<Delegate> mayGrant(TwinId twin, ConsentHandle delegation, Set<Chapter> chapters, Instant at);
}
