package org.twinkeep.consent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * The Ed25519 key of one consent: its 32-byte seed is HKDF-SHA-256 (RFC 5869) of the patient's seed, without salt, with
 * the label and the 32 bytes of the handle as info. Two consents of one person have keys that nobody can link; nothing but
 * the patient's seed is kept anywhere.
 */
final class ConsentKey {

    static final String LABEL = "twinkeep/consent-key/1";

    private ConsentKey() {}

    static SigningKey of(Secret patientSeed, ConsentHandle handle) {
        try (var seed = patientSeed.reveal(KeyAccess.TO_DERIVE, ikm -> Secret.copyOf(derive(ikm, handle)))) {
            return new SigningKey(seed);
        }
    }

    private static byte[] derive(byte[] patientSeed, ConsentHandle handle) {
        var label = LABEL.getBytes(StandardCharsets.US_ASCII);
        var name = Hex.parse(handle.value());
        var info = new byte[label.length + name.length];
        System.arraycopy(label, 0, info, 0, label.length);
        System.arraycopy(name, 0, info, label.length, name.length);
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            HKDFParameterSpec.ofExtract().addIKM(patientSeed).thenExpand(info, 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 25 has HKDF-SHA256", e);
        }
    }
}
