package org.twinkeep.consent.contract;

import java.time.Instant;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.sign.VerifyingKey;

/** What happened to a consent on a ledger. */
public sealed interface ConsentEvent {

    record Granted(ConsentHandle handle, String commitment, VerifyingKey key, String policyVersion, Instant at)
            implements ConsentEvent {}

    record Revoked(Instant at) implements ConsentEvent {}

    record Expired(Instant at) implements ConsentEvent {}
}
