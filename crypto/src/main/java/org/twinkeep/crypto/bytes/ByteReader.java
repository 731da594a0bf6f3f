package org.twinkeep.crypto.bytes;

import java.util.Arrays;
import java.util.UUID;
import org.twinkeep.crypto.Tampered;

/**
 * Reads what {@link ByteWriter} wrote, trusting nothing: whatever does not fit is {@link Tampered}, and no length makes it
 * allocate more than the bytes that are there.
 */
public final class ByteReader {

    private final byte[] bytes;
    private final String what;
    private int at;

    /** @param what names the thing being read in {@link Tampered}; never its content */
    public ByteReader(byte[] bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    public int u8() {
        return (int) number(1);
    }

    public int u24() {
        return (int) number(3);
    }

    /** A 32-bit number that must not exceed 2^31 - 1. */
    public int u32() {
        var value = number(4);
        if (value > Integer.MAX_VALUE) {
            throw malformed();
        }
        return (int) value;
    }

    public long u64() {
        return number(8);
    }

    public UUID uuid() {
        return new UUID(u64(), u64());
    }

    public byte[] raw(int length) {
        if (length > remaining()) {
            throw malformed();
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    public byte[] framed() {
        return raw(u32());
    }

    public byte[] rest() {
        return raw(remaining());
    }

    public int remaining() {
        return bytes.length - at;
    }

    /** @throws Tampered when something is left */
    public void end() {
        if (remaining() != 0) {
            throw malformed();
        }
    }

    public Tampered malformed() {
        return new Tampered(what);
    }

    private long number(int width) {
        if (width > remaining()) {
            throw malformed();
        }
        long value = 0;
        for (int i = 0; i < width; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }
}
