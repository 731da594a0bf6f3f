package org.twinkeep.twin;

import java.util.HexFormat;

/**
 * The name of an entry within its twin: 32 hexadecimal digits of an HMAC of source, resource type and id under the twin's
 * own key. The same source, type and id always give the same name; the name tells none of them.
 */
public record EntryId(String value) {
    public EntryId {
        if (value.length() != 32) {
            throw new IllegalArgumentException("an entry id has 32 hexadecimal digits");
        }
    }

    public static EntryId of(byte[] pseudonym) {
        return new EntryId(HexFormat.of().formatHex(pseudonym, 0, 16));
    }

    @Override
    public String toString() {
        return value;
    }
}
