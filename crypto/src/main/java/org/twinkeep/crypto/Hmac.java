package org.twinkeep.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * HMAC (RFC 2104) over the JDK's SHA-2, for pseudonyms, tags and derived keys. Frame parts that vary in length before they
 * come here.
 */
public final class Hmac {

    private static final int SHA_256_BLOCK = 64;
    private static final int SHA_512_BLOCK = 128;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private Hmac() {}

    /** 32 bytes. */
    public static byte[] sha256(Secret key, byte[]... parts) {
        return mac(Sha2.sha256(), SHA_256_BLOCK, key, parts);
    }

    /** 64 bytes. */
    public static byte[] sha512(Secret key, byte[]... parts) {
        return mac(Sha2.sha512(), SHA_512_BLOCK, key, parts);
    }

    private static byte[] mac(MessageDigest digest, int block, Secret key, byte[]... parts) {
        return key.reveal(KeyAccess.TO_DERIVE, bytes -> {
            var pad = Arrays.copyOf(bytes.length > block ? digest.digest(bytes) : bytes, block);
            turn(pad, INNER);
            digest.update(pad);
            for (var part : parts) {
                digest.update(part);
            }
            var inner = digest.digest();
            turn(pad, (byte) (INNER ^ OUTER));
            digest.update(pad);
            Arrays.fill(pad, (byte) 0);
            return digest.digest(inner);
        });
    }

    private static void turn(byte[] pad, byte by) {
        for (int i = 0; i < pad.length; i++) {
            pad[i] ^= by;
        }
    }
}
