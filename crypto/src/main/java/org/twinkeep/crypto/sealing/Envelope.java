package org.twinkeep.crypto.sealing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.twinkeep.crypto.AesGcm;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.CommittedKey;
import org.twinkeep.crypto.keys.LeafAddress;

/**
 * Sealed bytes with a header in the clear that says which key opens them and commits to it: {@code
 * docs/formats/envelope.md}.
 *
 * @param header everything before the ciphertext, bound into it
 * @param contentTag of a body; else nothing
 * @param sealed ciphertext, then tag
 */
@SuppressWarnings("ArrayRecordComponent")
record Envelope(
        Kind kind, LeafAddress address, byte[] iv, byte[] commitment, byte[] contentTag, byte[] header, byte[] sealed) {

    private static final int VERSION = 1;
    private static final int HASH_BYTES = 32;
    private static final int HEADER_BYTES = 2 + 4 + 4 + AesGcm.IV_BYTES + HASH_BYTES;
    private static final byte[] BOUND_LABEL = "twinkeep.envelope.v1".getBytes(StandardCharsets.US_ASCII);
    private static final int BOUND_BYTES = 4 + BOUND_LABEL.length + 4;
    private static final String MALFORMED = "An envelope cannot be read.";

    enum Kind {
        SKELETON(1),
        BODY(2),
        CHUNK(3),
        ASIDE(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }
    }

    /** @param contentTag empty for every kind but a body */
    static byte[] seal(
            AesGcm cipher,
            Kind kind,
            LeafAddress address,
            CommittedKey key,
            byte[] contentTag,
            byte[] context,
            byte[] plain,
            SecureRandom random) {
        var iv = new byte[AesGcm.IV_BYTES];
        random.nextBytes(iv);
        var header = new ByteWriter(HEADER_BYTES + contentTag.length)
                .u8(VERSION)
                .u8(kind.number)
                .u32(address.epoch())
                .u32(address.index())
                .raw(iv)
                .raw(key.commitment())
                .raw(contentTag)
                .toBytes();
        return cipher.seal(key.encryption(), iv, bound(header, context), plain, header);
    }

    /** @throws Tampered when the bytes are no envelope of this kind */
    static Envelope read(Kind kind, byte[] bytes) {
        var reader = new ByteReader(bytes, MALFORMED);
        if (reader.u8() != VERSION || reader.u8() != kind.number) {
            throw reader.malformed();
        }
        int epoch = reader.u32();
        int index = reader.u32();
        if (index > LeafAddress.LAST_INDEX) {
            throw reader.malformed();
        }
        var iv = reader.raw(AesGcm.IV_BYTES);
        var commitment = reader.raw(HASH_BYTES);
        var contentTag = reader.raw(kind == Kind.BODY ? HASH_BYTES : 0);
        var header = Arrays.copyOf(bytes, bytes.length - reader.remaining());
        return new Envelope(kind, new LeafAddress(epoch, index), iv, commitment, contentTag, header, reader.rest());
    }

    /** @throws Tampered when it was not sealed with this key in this context */
    byte[] open(AesGcm cipher, CommittedKey key, byte[] context) {
        var what = "An envelope does not open.";
        if (!MessageDigest.isEqual(commitment, key.commitment())) {
            throw new Tampered(what);
        }
        return cipher.open(key.encryption(), iv, bound(header, context), sealed, what);
    }

    private static byte[] bound(byte[] header, byte[] context) {
        return new ByteWriter(BOUND_BYTES + header.length + context.length)
                .framed(BOUND_LABEL)
                .framed(header)
                .raw(context)
                .toBytes();
    }

    @Override
    public String toString() {
        return "Envelope";
    }
}
