package org.twinkeep.crypto;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC (RFC 2104) for pseudonyms, tags and derived keys. Frame parts that vary in length before they come here. */
public final class Hmac {

    private static final Mac SHA_256 = fresh("HmacSHA256");
    private static final Mac SHA_512 = fresh("HmacSHA512");

    private Hmac() {}

    /** 32 bytes. */
    public static byte[] sha256(Secret key, byte[]... parts) {
        return mac(SHA_256, key, parts);
    }

    /** 64 bytes. */
    public static byte[] sha512(Secret key, byte[]... parts) {
        return mac(SHA_512, key, parts);
    }

    private static byte[] mac(Mac fresh, Secret key, byte[]... parts) {
        return key.reveal(KeyAccess.TO_DERIVE, bytes -> {
            try {
                var mac = (Mac) fresh.clone();
                mac.init(new SecretKeySpec(bytes, mac.getAlgorithm()));
                for (var part : parts) {
                    mac.update(part);
                }
                return mac.doFinal();
            } catch (InvalidKeyException | CloneNotSupportedException e) {
                throw new IllegalStateException("The JDK's HMACs take any key and can be copied.", e);
            }
        });
    }

    private static Mac fresh(String algorithm) {
        try {
            return Mac.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm + ".", e);
        }
    }
}
