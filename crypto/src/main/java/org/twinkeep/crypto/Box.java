package org.twinkeep.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * A small sealed box: AES-256-GCM under a fresh random 96-bit IV, with a 32-byte key commitment that is checked first and
 * in constant time. For what is sealed outside event streams: rows of keys, views, accounts, the trail's private parts.
 * At most 2^32 boxes a key (NIST SP 800-38D, 8.3). The format: {@code docs/formats/box.md}.
 */
public final class Box {

    /** How many bytes a box adds to what it holds. */
    public static final int OVERHEAD = 1 + AesGcm.IV_BYTES + 32 + AesGcm.TAG_BYTES;

    private static final int VERSION = 1;
    private static final int COMMITMENT_BYTES = 32;
    private static final byte[] LABEL = "twinkeep.box.v1".getBytes(StandardCharsets.US_ASCII);
    private static final SecureRandom RANDOM = new SecureRandom();

    private Box() {}

    public static byte[] seal(Secret key, byte[] associated, byte[] plain) {
        var iv = new byte[AesGcm.IV_BYTES];
        RANDOM.nextBytes(iv);
        return seal(key, iv, associated, plain);
    }

    static byte[] seal(Secret key, byte[] iv, byte[] associated, byte[] plain) {
        try (var keys = Keys.of(key, iv);
                var cipher = AesGcm.lent()) {
            var header =
                    new ByteWriter().u8(VERSION).raw(iv).raw(keys.commitment).toBytes();
            var sealed = cipher.seal(keys.encryption, iv, bound(header, associated), plain);
            return new ByteWriter().raw(header).raw(sealed).toBytes();
        }
    }

    /** @throws Tampered when key, associated data or bytes are not the ones it was sealed with */
    public static byte[] open(Secret key, byte[] associated, byte[] sealed) {
        var reader = new ByteReader(sealed, "A sealed box does not open.");
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        var iv = reader.raw(AesGcm.IV_BYTES);
        var commitment = reader.raw(COMMITMENT_BYTES);
        try (var keys = Keys.of(key, iv);
                var cipher = AesGcm.lent()) {
            if (!MessageDigest.isEqual(commitment, keys.commitment)) {
                throw reader.malformed();
            }
            var header = new ByteWriter().u8(VERSION).raw(iv).raw(commitment).toBytes();
            return cipher.open(
                    keys.encryption, iv, bound(header, associated), reader.rest(), "A sealed box does not open.");
        }
    }

    private static byte[] bound(byte[] header, byte[] associated) {
        return new ByteWriter().raw(header).raw(associated).toBytes();
    }

    private record Keys(Secret encryption, byte[] commitment) implements AutoCloseable {

        static Keys of(Secret key, byte[] iv) {
            var derived = Hmac.sha512(key, LABEL, iv);
            var keys = new Keys(Secret.taking(Arrays.copyOf(derived, 32)), Arrays.copyOfRange(derived, 32, 64));
            Arrays.fill(derived, (byte) 0);
            return keys;
        }

        @Override
        public void close() {
            encryption.close();
        }
    }
}
