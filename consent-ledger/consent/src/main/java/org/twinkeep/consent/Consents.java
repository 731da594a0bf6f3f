package org.twinkeep.consent;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.security.SecureRandom;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;

/**
 * The consents of all twins: joins the ledger's records with their openings, signs what patients decide, and answers who
 * may look. An opening that does not match its commitment counts for nothing.
 */
public final class Consents {

    public Consents(ConsentLedger ledger, Openings openings, Clock clock, SecureRandom random) {}

    /** Grants; the key of the consent is derived from the patient's seed and the fresh handle. Returns once recorded. */
    public Consent grant(TwinId twin, Terms terms, Secret patientSeed) {
        throw new IllegalStateException("not built");
    }

    /** Revokes; the very next decision denies. */
    public void revoke(TwinId twin, ConsentHandle handle, Secret patientSeed) {
        throw new IllegalStateException("not built");
    }

    /** Every consent of the twin, live or ended, newest first, with its status at this moment. */
    public List<Consent> of(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    /** Unreadable ledger or openings: denied, with that reason. */
    public Verdict decide(AccessRequest request) {
        throw new IllegalStateException("not built");
    }

    /** The ledger's block that a decision made now relies on. */
    public ConsentLedger.Position position() {
        throw new IllegalStateException("not built");
    }

    /** Forgets what is cached of the twin; called when it was erased. */
    public void forget(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    Instant now() {
        throw new IllegalStateException("not built");
    }
}
