package org.twinkeep.crypto.bytes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Writes numbers big-endian at a fixed width, and what varies in length behind its 32-bit length: two different lists of
 * parts never give the same bytes.
 */
public final class ByteWriter {

    private byte[] bytes;
    private int length;

    public ByteWriter() {
        this(256);
    }

    /** @param expected how many bytes will be written; any number may be */
    public ByteWriter(int expected) {
        bytes = new byte[expected];
    }

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
    public ByteWriter raw(byte[] more) {
        makeRoom(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
        return this;
    }

    /** Bytes behind their length. */
    public ByteWriter framed(byte[] more) {
        return u32(more.length).raw(more);
    }

    /** UTF-8 behind its length. */
    public ByteWriter framed(String text) {
        return framed(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What was written. Exactly as many bytes as were expected are not copied: then the array is the caller's. */
    public byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private ByteWriter number(long value, int width) {
        makeRoom(width);
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    private void makeRoom(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
    }
}
