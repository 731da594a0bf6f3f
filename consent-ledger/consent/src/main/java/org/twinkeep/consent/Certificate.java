package org.twinkeep.consent;

import java.util.LinkedHashMap;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * Says whose consent it is: a person's identity key signs the consent's own key. It lies in the opening, so that the ledger
 * links no two consents of one person.
 *
 * @param signer under which handle of the ledger the identity key is found: the patient's enrolment, or a delegation
 * @param signature over the ledger's name, the consent's handle and key, and the signer
 */
@SuppressWarnings("ArrayRecordComponent")
public record Certificate(ConsentHandle signer, byte[] signature) {

    private static final String FORMAT = "twinkeep-certificate-1";

    static Certificate of(
            String channel, ConsentHandle consent, VerifyingKey key, ConsentHandle signer, SigningKey identity) {
        return new Certificate(signer, identity.sign(bytes(channel, consent, key, signer)));
    }

    boolean isBy(VerifyingKey identity, String channel, ConsentHandle consent, VerifyingKey key) {
        return identity.verifies(bytes(channel, consent, key, signer), signature);
    }

    private static byte[] bytes(String channel, ConsentHandle consent, VerifyingKey key, ConsentHandle signer) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("format", FORMAT);
        fields.put("channel", channel);
        fields.put("handle", consent.value());
        fields.put("key", Hex.of(key.bytes()));
        fields.put("signer", signer.value());
        return CanonicalJson.bytes(fields);
    }

    @Override
    public String toString() {
        return "Certificate";
    }
}
