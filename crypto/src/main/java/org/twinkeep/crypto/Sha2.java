package org.twinkeep.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;

/** SHA-256 and SHA-512 (FIPS 180-4) by the JDK, whose provider is looked up once: a look-up costs as much as a short hash. */
public final class Sha2 {
    private static final Provider SUN = Security.getProvider("SUN");

    private Sha2() {}

    public static MessageDigest sha256() {
        return digest("SHA-256");
    }

    public static MessageDigest sha512() {
        return digest("SHA-512");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm, SUN);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm + ".", e);
        }
    }
}
