package org.twinkeep.crypto.json;

import java.util.Map;

/**
 * The canonical bytes of a JSON object (RFC 8785) over maps, lists, strings, booleans, null and whole numbers up to 2^53:
 * floating-point numbers are refused, we sign none.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /** UTF-8, keys in order of UTF-16 code units, no white space. @throws IllegalArgumentException for another type */
    public static byte[] bytes(Map<String, ?> object) {
        throw new IllegalStateException("not built");
    }
}
