package org.twinkeep.integrations.fhir;

import java.util.Arrays;

/** Bytes that are kept up to a limit; past it they are dropped, and it remembers that. */
final class Kept {
    /** More than any single resource that is taken in: an attachment of 36 MB in base64. */
    static final int LIMIT = 48 * 1024 * 1024;

    /** Nesting that no FHIR resource needs, and that every JSON reader bears. */
    static final int DEEPEST = 200;

    private static final int START = 8 * 1024;

    private byte[] bytes = new byte[START];
    private int length;
    private boolean overflown;
    private int deepest;

    void put(int b) {
        if (length == bytes.length) {
            grow(1);
        }
        if (!overflown) {
            bytes[length++] = (byte) b;
        }
    }

    void put(byte[] from, int offset, int count) {
        if (count > bytes.length - length) {
            grow(count);
        }
        if (!overflown) {
            System.arraycopy(from, offset, bytes, length, count);
            length += count;
        }
    }

    void put(byte[] all) {
        put(all, 0, all.length);
    }

    void reached(int depth) {
        deepest = Math.max(deepest, depth);
    }

    boolean overflown() {
        return overflown;
    }

    boolean tooDeep() {
        return deepest > DEEPEST;
    }

    int length() {
        return length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    void clear() {
        if (bytes.length > 1024 * 1024) {
            bytes = new byte[START];
        }
        length = 0;
        overflown = false;
        deepest = 0;
    }

    private void grow(int count) {
        long wanted = (long) length + count;
        if (wanted > LIMIT) {
            overflown = true;
            bytes = new byte[START];
            length = 0;
        } else if (!overflown) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(LIMIT, Math.max(wanted, bytes.length * 2L)));
        }
    }
}
