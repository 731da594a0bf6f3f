package org.twinkeep.crypto.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical bytes of a JSON object (RFC 8785) over maps, lists, strings, booleans, null and whole numbers up to 2^53:
 * floating-point numbers are refused, we sign none.
 */
public final class CanonicalJson {

    /** The last whole number up to which every one has a double of its own (RFC 8785, 3.2.2.3). */
    private static final long LARGEST = 1L << 53;

    private static final int DEEPEST = 128;

    private final StringBuilder out = new StringBuilder();

    private CanonicalJson() {}

    /** UTF-8, keys in order of UTF-16 code units, no white space. @throws IllegalArgumentException for another type */
    public static byte[] bytes(Map<String, ?> object) {
        var json = new CanonicalJson();
        json.object(object, 0);
        return json.out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void value(@Nullable Object value, int depth) {
        switch (value) {
            case null -> out.append("null");
            case Boolean b -> out.append(b.booleanValue());
            case String s -> string(s);
            case Byte n -> number(n);
            case Short n -> number(n);
            case Integer n -> number(n);
            case Long n -> number(n);
            case Map<?, ?> m -> object(m, depth + 1);
            case List<?> l -> array(l, depth + 1);
            default ->
                throw new IllegalArgumentException(
                        "Canonical JSON takes no " + value.getClass().getSimpleName() + ".");
        }
    }

    private void object(Map<?, ?> object, int depth) {
        refuseTooDeep(depth);
        var sorted = new TreeMap<String, @Nullable Object>();
        object.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("A JSON object's keys are strings.");
            }
            sorted.put(name, value);
        });
        out.append('{');
        var separator = "";
        for (var entry : sorted.entrySet()) {
            out.append(separator);
            string(entry.getKey());
            out.append(':');
            value(entry.getValue(), depth);
            separator = ",";
        }
        out.append('}');
    }

    private void array(List<?> list, int depth) {
        refuseTooDeep(depth);
        out.append('[');
        var separator = "";
        for (var item : list) {
            out.append(separator);
            value(item, depth);
            separator = ",";
        }
        out.append(']');
    }

    private void number(long n) {
        if (n > LARGEST || n < -LARGEST) {
            throw new IllegalArgumentException("A whole number beyond 2^53 has no canonical form.");
        }
        out.append(n);
    }

    /** RFC 8785, 3.2.2.2. */
    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20) {
                        out.append("\\u00").append(c < 0x10 ? '0' : '1').append(Character.forDigit(c & 0xf, 16));
                    } else if (!Character.isSurrogate(c)) {
                        out.append(c);
                    } else if (Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else {
                        throw new IllegalArgumentException("A string holds half a surrogate pair.");
                    }
                }
            }
        }
        out.append('"');
    }

    private static void refuseTooDeep(int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("JSON nested deeper than " + DEEPEST + " has no place here.");
        }
    }
}
