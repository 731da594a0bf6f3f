package org.twinkeep.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF-SHA-256 (RFC 5869): independent keys from one secret, told apart by {@code info}. */
public final class Hkdf {

    private static final String SHA_256 = "HKDF-SHA256";

    /** RFC 5869, 2.3. */
    private static final int LONGEST = 255 * 32;

    private Hkdf() {}

    /** Without salt, which RFC 5869, 3.1 allows where the input is already a uniformly random key. */
    public static Secret sha256(Secret input, byte[] info, int length) {
        return sha256(input, new byte[0], info, length);
    }

    /** @param length of the key in bytes, at most 255 * 32 */
    public static Secret sha256(Secret input, byte[] salt, byte[] info, int length) {
        if (length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("HKDF-SHA-256 gives 1 to 8160 bytes.");
        }
        return input.reveal(KeyAccess.TO_DERIVE, bytes -> {
            try {
                var derived = KDF.getInstance(SHA_256)
                        .deriveData(HKDFParameterSpec.ofExtract()
                                .addIKM(bytes)
                                .addSalt(salt)
                                .thenExpand(info, length));
                return Secret.taking(derived);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("HKDF-SHA256 refused its parameters.", e);
            }
        });
    }
}
