package org.twinkeep.integrations.fhir;

import java.nio.charset.StandardCharsets;

/** Writes JSON strings with as few escapes as RFC 8259 asks for. */
final class JsonWriting {
    private JsonWriting() {}

    static void string(String text, Kept to) {
        to.put(text(text).getBytes(StandardCharsets.UTF_8));
    }

    /** In its quotes. */
    static String text(String text) {
        var escaped = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (c < 0x20) {
                        escaped.append(String.format("\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.append('"').toString();
    }
}
