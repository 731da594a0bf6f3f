package org.twinkeep.consent.ledger;

import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What is asked of the ledger. Grant and revoke are signed by the consent's own key over the canonical bytes of act,
 * channel, handle, step and commitment; what can only narrow may be signed by others.
 */
@SuppressWarnings("ArrayRecordComponent")
public sealed interface Transaction {
    ConsentHandle handle();

    int step();

    byte[] signature();

    record Grant(
            ConsentHandle handle, int step, String commitment, VerifyingKey key, String policyVersion, byte[] signature)
            implements Transaction {}

    record Revoke(ConsentHandle handle, int step, byte[] signature) implements Transaction {}

    /** Expiry acts by the clock; this only writes it down. Signed by an organisation. */
    record Expire(ConsentHandle handle, int step, String organisation, byte[] signature) implements Transaction {}

    /** Stops a consent without its key. Signed by the custodian. */
    record End(ConsentHandle handle, int step, String organisation, byte[] signature) implements Transaction {}
}
