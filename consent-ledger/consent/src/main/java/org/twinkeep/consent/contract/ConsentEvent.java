package org.twinkeep.consent.contract;

import java.time.Instant;
import java.util.List;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.crypto.sign.VerifyingKey;

/** What happened on a ledger to what stands under one handle. */
public sealed interface ConsentEvent {

    /** It is there for the first time: a consent asked for or granted, or one of the things that surround consents. */
    record Begun(ConsentRecord record) implements ConsentEvent {}

    /** A consent that was asked for was granted. */
    record Granted(String commitment, VerifyingKey key, String policyVersion, Instant at) implements ConsentEvent {}

    /** A patient who lost the first identity key has another. */
    record EnrolledAgain(String commitment, VerifyingKey key, List<String> organisations, Instant at)
            implements ConsentEvent {}

    record Amended(String commitment, Instant at) implements ConsentEvent {}

    /** Another version of a policy holds from now on. */
    record Replaced(String commitment, String policyVersion, Instant at) implements ConsentEvent {}

    record Revoked(Instant at) implements ConsentEvent {}

    record Expired(Instant at) implements ConsentEvent {}

    record Reviewed(String commitment, Instant at) implements ConsentEvent {}
}
