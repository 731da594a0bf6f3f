package org.twinkeep.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC (RFC 2104) for pseudonyms, tags and derived keys. Frame parts that vary in length before they come here. */
public final class Hmac {

    private static final String SHA_256 = "HmacSHA256";
    private static final String SHA_512 = "HmacSHA512";
    private static final Provider JDK = Security.getProvider("SunJCE");

    private Hmac() {}

    /** 32 bytes. */
    public static byte[] sha256(Secret key, byte[]... parts) {
        return mac(SHA_256, key, parts);
    }

    /** 64 bytes. */
    public static byte[] sha512(Secret key, byte[]... parts) {
        return mac(SHA_512, key, parts);
    }

    private static byte[] mac(String algorithm, Secret key, byte[]... parts) {
        return key.reveal(KeyAccess.TO_DERIVE, bytes -> {
            try {
                var mac = Mac.getInstance(algorithm, JDK);
                mac.init(new SecretKeySpec(bytes, algorithm));
                for (var part : parts) {
                    mac.update(part);
                }
                return mac.doFinal();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every JDK has this HMAC.", e);
            }
        });
    }
}
