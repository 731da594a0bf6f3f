package org.twinkeep.consent;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * The Ed25519 key of a person: its 32-byte seed is HKDF-SHA-256 (RFC 5869) of the seed of the person's account, without
 * salt, with the label as info. It says who signed; the keys of single consents do not link to it without the seed.
 */
public final class IdentityKey {

    static final String LABEL = "twinkeep/identity-key/1";

    private IdentityKey() {}

    public static SigningKey of(Secret seedOfAccount) {
        try (var seed = seedOfAccount.reveal(KeyAccess.TO_DERIVE, ikm -> Secret.copyOf(derive(ikm)))) {
            return new SigningKey(seed);
        }
    }

    private static byte[] derive(byte[] seedOfAccount) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(seedOfAccount)
                            .thenExpand(LABEL.getBytes(StandardCharsets.US_ASCII), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 25 has HKDF-SHA256", e);
        }
    }
}
