package org.twinkeep.consent.ledger;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What the ledger knows under a handle: a consent or what surrounds consents, and nothing about a person.
 *
 * @param version of the record's form
 * @param kind what it is a record of
 * @param step 1 for the first, one more with each change
 * @param commitment SHA-256 of salt and opening, or of a public text, hexadecimal
 * @param key that signs the further steps of a person; null where only organisations do
 * @param policyVersion the rules that it was granted under; of {@link Kind#POLICY} the version that is registered
 * @param organisations those that signed the first step, of a signer the last; empty where a person's key alone did
 * @param until when an emergency ends at the latest; null for all others
 * @param previousHash hash of the record before this step, hexadecimal; 64 zeros for the first
 * @param at the time of the block, or of the transaction where the ledger has one
 */
public record ConsentRecord(
        ConsentHandle handle,
        int version,
        Kind kind,
        int step,
        Consent.Status status,
        String commitment,
        @Nullable VerifyingKey key,
        String policyVersion,
        List<String> organisations,
        @Nullable Instant until,
        String previousHash,
        Instant at) {

    /** What a handle may stand for. */
    public enum Kind {
        CONSENT,
        /** A person's identity key. */
        SIGNER,
        DELEGATION,
        EMERGENCY,
        POLICY,
        ANCHOR,
        ERASURE
    }

    public static final int VERSION = 1;
    public static final String NOTHING_BEFORE = "0".repeat(64);

    public ConsentRecord {
        organisations = List.copyOf(organisations);
    }

    /** SHA-256 over the canonical bytes, hexadecimal: the next step's previous hash. */
    public String hash() {
        return Hex.of(Sha256.of(bytes()));
    }

    /** Whether it is a consent that counts, as far as the ledger knows. */
    public boolean isActiveConsent() {
        return kind == Kind.CONSENT && status == Consent.Status.ACTIVE;
    }

    /** Whether these are the steps of a consent that counted once and was ended, by whomever. */
    public static boolean isEndedConsent(List<ConsentRecord> steps) {
        return !steps.getLast().isActiveConsent() && steps.stream().anyMatch(ConsentRecord::isActiveConsent);
    }

    /** When a consent was granted first, of all its steps. */
    public static Instant grantedAt(List<ConsentRecord> steps) {
        return steps.stream()
                .filter(ConsentRecord::isActiveConsent)
                .findFirst()
                .orElseGet(steps::getFirst)
                .at();
    }

    /** The next step. */
    public ConsentRecord next(Consent.Status nextStatus, Instant nextAt) {
        return next(nextStatus, commitment, key, policyVersion, nextAt);
    }

    /** The next step, of another content. */
    public ConsentRecord next(
            Consent.Status nextStatus,
            String nextCommitment,
            @Nullable VerifyingKey nextKey,
            String nextPolicyVersion,
            Instant nextAt) {
        return new ConsentRecord(
                handle,
                version,
                kind,
                step + 1,
                nextStatus,
                nextCommitment,
                nextKey,
                nextPolicyVersion,
                organisations,
                until,
                hash(),
                nextAt);
    }

    /** The same, signed by these. */
    public ConsentRecord by(List<String> signedBy) {
        return new ConsentRecord(
                handle, version, kind, step, status, commitment, key, policyVersion, signedBy, until, previousHash, at);
    }

    /**
     * The canonical bytes (docs/formats/consent-ledger.md): what a ledger of keys and values keeps. What a record does not
     * have is not written, so that consents read as before there was anything else.
     */
    public byte[] bytes() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("v", version);
        fields.put("handle", handle.value());
        fields.put("step", step);
        fields.put("status", status.name());
        fields.put("commitment", commitment);
        fields.put("policy", policyVersion);
        fields.put("previous", previousHash);
        fields.put("at", at.toEpochMilli());
        if (kind != Kind.CONSENT) {
            fields.put("kind", kind.name());
        }
        if (key != null) {
            fields.put("key", Hex.of(key.bytes()));
        }
        if (!organisations.isEmpty()) {
            fields.put("organisations", organisations);
        }
        if (until != null) {
            fields.put("until", until.toEpochMilli());
        }
        return CanonicalJson.bytes(fields);
    }

    /** @throws NotCanonical when it is not, to the last byte, what {@link #bytes} writes */
    public static ConsentRecord read(byte[] bytes) {
        var json = CanonicalReader.of(bytes);
        try {
            var record = new ConsentRecord(
                    new ConsentHandle(json.text("handle")),
                    json.smallNumber("v"),
                    json.has("kind") ? Kind.valueOf(json.text("kind")) : Kind.CONSENT,
                    json.smallNumber("step"),
                    Consent.Status.valueOf(json.text("status")),
                    json.text("commitment"),
                    json.has("key") ? new VerifyingKey(json.hex("key")) : null,
                    json.text("policy"),
                    json.has("organisations") ? texts(json.list("organisations")) : List.of(),
                    json.has("until") ? Instant.ofEpochMilli(json.number("until")) : null,
                    json.text("previous"),
                    Instant.ofEpochMilli(json.number("at")));
            if (!Arrays.equals(record.bytes(), bytes)) {
                throw new NotCanonical("an element that is not known");
            }
            return record;
        } catch (IllegalArgumentException e) {
            throw new NotCanonical("not a record of a consent");
        }
    }

    private static List<String> texts(List<?> list) {
        return list.stream().map(String::valueOf).toList();
    }
}
