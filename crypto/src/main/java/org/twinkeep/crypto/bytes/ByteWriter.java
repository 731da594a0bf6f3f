package org.twinkeep.crypto.bytes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Writes numbers big-endian at a fixed width, and what varies in length behind its 32-bit length: two different lists of
 * parts never give the same bytes.
 */
public final class ByteWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    public ByteWriter u8(int value) {
        return number(value, 1);
    }

    public ByteWriter u24(int value) {
        return number(value, 3);
    }

    public ByteWriter u32(int value) {
        return number(value, 4);
    }

    public ByteWriter u64(long value) {
        return number(value, 8);
    }

    public ByteWriter uuid(UUID value) {
        return u64(value.getMostSignificantBits()).u64(value.getLeastSignificantBits());
    }

    /** Bytes whose length the format fixes. */
    public ByteWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /** Bytes behind their length. */
    public ByteWriter framed(byte[] bytes) {
        return u32(bytes.length).raw(bytes);
    }

    /** UTF-8 behind its length. */
    public ByteWriter framed(String text) {
        return framed(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    private ByteWriter number(long value, int width) {
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
        return this;
    }
}
