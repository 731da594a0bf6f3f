package org.twinkeep.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 and SHA-512 (FIPS 180-4) by the JDK. A digest is a copy of a fresh one: to look one up costs as much as a short hash. */
public final class Sha2 {
    private static final MessageDigest SHA_256 = fresh("SHA-256");
    private static final MessageDigest SHA_512 = fresh("SHA-512");

    private Sha2() {}

    public static MessageDigest sha256() {
        return copyOf(SHA_256);
    }

    public static MessageDigest sha512() {
        return copyOf(SHA_512);
    }

    private static MessageDigest copyOf(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JDK's digests can be copied.", e);
        }
    }

    private static MessageDigest fresh(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm + ".", e);
        }
    }
}
