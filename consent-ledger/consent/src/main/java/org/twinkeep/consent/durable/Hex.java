package org.twinkeep.consent.durable;

import java.util.HexFormat;

/** Bytes as lower-case hexadecimal digits, the only form that our formats know. */
public final class Hex {

    private static final HexFormat FORMAT = HexFormat.of();

    private Hex() {}

    public static String of(byte[] bytes) {
        return FORMAT.formatHex(bytes);
    }

    public static byte[] parse(String digits) {
        try {
            var bytes = FORMAT.parseHex(digits);
            if (!of(bytes).equals(digits)) {
                throw new CanonicalReader.NotCanonical("hexadecimal digits are written in lower case");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new CanonicalReader.NotCanonical("not hexadecimal digits");
        }
    }
}
