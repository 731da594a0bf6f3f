package org.twinkeep.consent.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What is asked of the ledger. Whatever opens something to somebody is signed by a key that only its patient has; what can
 * only narrow, and what organisations answer for, by organisations (docs/formats/consent-ledger.md has the table).
 */
@SuppressWarnings("ArrayRecordComponent")
public sealed interface Transaction {
    ConsentHandle handle();

    int step();

    /** The draft of a consent that an organisation asks for. It never counts for a decision. Signed by the provider. */
    record Propose(ConsentHandle handle, int step, String commitment, String organisation, byte[] signature)
            implements Transaction {}

    /** Of a proposal or of nothing before. Signed by the consent's own key. */
    record Grant(
            ConsentHandle handle, int step, String commitment, VerifyingKey key, String policyVersion, byte[] signature)
            implements Transaction {}

    /** Other terms from now on. Signed by the own key of the consent or delegation. */
    record Amend(ConsentHandle handle, int step, String commitment, byte[] signature) implements Transaction {}

    /** Signed by the own key of the consent or delegation. */
    record Revoke(ConsentHandle handle, int step, byte[] signature) implements Transaction {}

    /** Expiry acts by the clock; this only writes it down. Signed by an organisation. */
    record Expire(ConsentHandle handle, int step, String organisation, byte[] signature) implements Transaction {}

    /** Stops a consent or a delegation without its key, or declines a proposal. Signed by the custodian. */
    record End(ConsentHandle handle, int step, String organisation, byte[] signature) implements Transaction {}

    /**
     * Whose signature a patient's consents carry. Readers find it under {@link #handleOf}, so that nobody can enrol a second
     * key beside the first.
     *
     * @param key the patient's identity key, which signs this
     * @param both from the second step on: another key after the first was lost, for which both organisations answer
     */
    record Enrol(
            ConsentHandle handle,
            int step,
            String commitment,
            VerifyingKey key,
            byte[] signature,
            @Nullable BothOrganisations both)
            implements Transaction {

        /** A random id of 122 bits is behind it: it tells who knows the id when a key was enrolled, and nothing else. */
        public static ConsentHandle handleOf(TwinId twin) {
            return derived("signer", twin.value().toString());
        }
    }

    /**
     * Lets somebody act for a patient.
     *
     * @param own the delegation's own key and its signature; null where the patient cannot sign
     * @param both needed where the patient cannot sign: both organisations answer for the document
     */
    record Delegate(
            ConsentHandle handle,
            int step,
            String commitment,
            @Nullable OwnKey own,
            @Nullable BothOrganisations both) implements Transaction {}

    /** Breaks the glass. @param until at most 60 minutes after it is recorded. Signed by the provider. */
    record Break(
            ConsentHandle handle, int step, String commitment, Instant until, String organisation, byte[] signature)
            implements Transaction {}

    /** What became of a broken glass. @param commitment to the outcome. Signed by oversight. */
    record Review(ConsentHandle handle, int step, String commitment, String organisation, byte[] signature)
            implements Transaction {}

    /**
     * A new version of what all decisions follow: a rule set, a catalogue, an implicit policy.
     *
     * @param commitment SHA-256 of the text that is registered
     * @param subject what it is, in lower-case letters and hyphens; {@link #handleOf} is its handle
     */
    record RegisterPolicy(
            ConsentHandle handle, int step, String commitment, String subject, String version, BothOrganisations both)
            implements Transaction {

        /** Everybody finds the versions of a subject under this handle. */
        public static ConsentHandle handleOf(String subject) {
            return derived("policy", subject);
        }
    }

    /** A checkpoint of the trail. @param commitment SHA-256 of the signed note. Signed by the custodian. */
    record Anchor(ConsentHandle handle, int step, String commitment, String organisation, byte[] signature)
            implements Transaction {

        public static ConsentHandle handleOf(String commitment) {
            return derived("anchor", commitment);
        }
    }

    /** That something was erased. @param commitment SHA-256 of the receipt. Signed by the custodian. */
    record RecordErasure(ConsentHandle handle, int step, String commitment, String organisation, byte[] signature)
            implements Transaction {

        public static ConsentHandle handleOf(String commitment) {
            return derived("erasure", commitment);
        }
    }

    /** A key and its signature over the transaction that brings it. */
    record OwnKey(VerifyingKey key, byte[] signature) {}

    /** What custodian and oversight signed together. */
    record BothOrganisations(byte[] custodian, byte[] oversight) {}

    private static ConsentHandle derived(String what, String of) {
        var named = "twinkeep/" + what + "/1 " + of;
        return new ConsentHandle(Hex.of(Sha256.of(named.getBytes(StandardCharsets.UTF_8))));
    }
}
