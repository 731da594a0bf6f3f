package org.twinkeep.consent.ledger;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.durable.Sha256;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * What the ledger knows of a consent: nothing about a person.
 *
 * @param version of the record's form
 * @param step 1 for the grant, one more with each change
 * @param commitment SHA-256 of salt and canonical FHIR Consent, hexadecimal
 * @param previousHash hash of the record before this step, hexadecimal; 64 zeros for the first
 * @param at the time of the block, or of the transaction where the ledger has one
 */
public record ConsentRecord(
        ConsentHandle handle,
        int version,
        int step,
        Consent.Status status,
        String commitment,
        VerifyingKey key,
        String policyVersion,
        String previousHash,
        Instant at) {

    public static final int VERSION = 1;
    public static final String NOTHING_BEFORE = "0".repeat(64);

    /** SHA-256 over the canonical bytes, hexadecimal: the next step's previous hash. */
    public String hash() {
        return Hex.of(Sha256.of(bytes()));
    }

    /** The canonical bytes (docs/formats/consent-ledger.md): what a ledger of keys and values keeps. */
    public byte[] bytes() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("v", version);
        fields.put("handle", handle.value());
        fields.put("step", step);
        fields.put("status", status.name());
        fields.put("commitment", commitment);
        fields.put("key", Hex.of(key.bytes()));
        fields.put("policy", policyVersion);
        fields.put("previous", previousHash);
        fields.put("at", at.toEpochMilli());
        return CanonicalJson.bytes(fields);
    }

    /** @throws NotCanonical when it is not, to the last byte, what {@link #bytes} writes */
    public static ConsentRecord read(byte[] bytes) {
        var json = CanonicalReader.of(bytes);
        try {
            var record = new ConsentRecord(
                    new ConsentHandle(json.text("handle")),
                    json.smallNumber("v"),
                    json.smallNumber("step"),
                    Consent.Status.valueOf(json.text("status")),
                    json.text("commitment"),
                    new VerifyingKey(json.hex("key")),
                    json.text("policy"),
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
}
