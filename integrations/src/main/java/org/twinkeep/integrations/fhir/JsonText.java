package org.twinkeep.integrations.fhir;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON (RFC 8259) as a stream of bytes and copies values without changing them: only white space outside strings goes;
 * numbers, escapes, member order, members that occur twice: all stay as written. Memory does not grow with the text.
 */
final class JsonText {
    private static final JsonMapper STRINGS = new JsonMapper();
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final int ABYSS = 100_000;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long before;
    private long line = 1;
    private long lineStart;
    private boolean lines;
    private boolean inside;

    JsonText(InputStream in) {
        this.in = in;
    }

    /** The next byte that is not white space, not consumed; -1 at the end. */
    int peek() throws IOException, Broken {
        while (at < end || fill()) {
            int i = at;
            byte b = buffer[i];
            while (b == ' ' && ++i < end) {
                b = buffer[i];
            }
            at = i;
            if (i == end) {
                continue;
            }
            if (b == '\n') {
                endOfLine();
            } else if (b != '\r' && b != '\t') {
                return b & 0xff;
            }
            at++;
        }
        return -1;
    }

    private void endOfLine() throws Broken {
        if (lines && inside) {
            throw broken("is cut off: the line ends in the middle");
        }
        line++;
        lineStart = before + at + 1;
    }

    /** From now on a value ends with its line at the latest, as in newline-delimited JSON. */
    void lineByLine() {
        lines = true;
    }

    /** Steps over a byte-order mark. */
    void start() throws IOException, Broken {
        for (int b : new int[] {0xef, 0xbb, 0xbf}) {
            if ((at < end || fill()) && (buffer[at] & 0xff) == b) {
                at++;
            }
        }
    }

    void expect(char wanted) throws IOException, Broken {
        if (significant() != wanted) {
            throw wrong();
        }
    }

    /** Consumes this byte if it is the next one. */
    boolean take(char wanted) throws IOException, Broken {
        boolean there = peek() == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    /** A string, unescaped. */
    String string() throws IOException, Broken {
        var raw = new Kept();
        expect('"');
        stringAfterQuote(raw);
        if (raw.overflown()) {
            return "";
        }
        var text = new String(raw.copy(), StandardCharsets.UTF_8);
        try {
            return text.indexOf('\\') < 0
                    ? text.substring(1, text.length() - 1)
                    : STRINGS.readValue(text, String.class);
        } catch (JacksonException e) {
            throw wrong();
        }
    }

    /** Copies the next value without the white space between its tokens. */
    void copy(Kept to) throws IOException, Broken {
        peek();
        inside = true;
        copyTokens(to);
        inside = false;
    }

    private void copyTokens(Kept to) throws IOException, Broken {
        var objects = new boolean[32];
        int depth = 0;
        while (true) {
            int b = significant();
            if (b == '{' || b == '[') {
                boolean object = b == '{';
                char closing = object ? '}' : ']';
                to.put(b);
                if (take(closing)) {
                    to.put(closing);
                } else {
                    if (depth == objects.length) {
                        if (depth > ABYSS) {
                            throw broken("is nested too deep");
                        }
                        objects = Arrays.copyOf(objects, depth * 2);
                    }
                    objects[depth++] = object;
                    to.reached(depth);
                    if (object) {
                        key(to);
                    }
                    continue;
                }
            } else if (b == '"') {
                stringAfterQuote(to);
            } else {
                scalar(b, to);
            }
            depth = closeWhatEnds(to, objects, depth);
            if (depth == 0) {
                return;
            }
        }
    }

    void skip() throws IOException, Broken {
        copy(new Kept());
    }

    /** Steps to the end of the line: there the next record of newline-delimited JSON begins. */
    boolean nextLine() throws IOException, Broken {
        inside = false;
        while (at < end || fill()) {
            if (buffer[at++] == '\n') {
                line++;
                lineStart = before + at;
                return true;
            }
        }
        return false;
    }

    long line() {
        return line;
    }

    String place() {
        long offset = before + at;
        return "line " + line + ", column " + (offset - lineStart + 1) + " (byte " + offset + ")";
    }

    Broken broken(String why) {
        return new Broken(place(), why);
    }

    /** What is at fault at the present place, in words. */
    Broken wrong() {
        return broken("is not valid JSON from here on");
    }

    /** After a value: closes what ends here; at a comma the next value follows. */
    private int closeWhatEnds(Kept to, boolean[] objects, int open) throws IOException, Broken {
        int depth = open;
        while (depth > 0) {
            boolean object = objects[depth - 1];
            int b = significant();
            to.put(b);
            if (b == ',') {
                if (object) {
                    key(to);
                }
                return depth;
            }
            if (b != (object ? '}' : ']')) {
                at--;
                throw wrong();
            }
            depth--;
        }
        return 0;
    }

    private void key(Kept to) throws IOException, Broken {
        expect('"');
        stringAfterQuote(to);
        expect(':');
        to.put(':');
    }

    private int significant() throws IOException, Broken {
        int b = peek();
        if (b < 0) {
            throw cutOff();
        }
        at++;
        return b;
    }

    private void stringAfterQuote(Kept to) throws IOException, Broken {
        to.put('"');
        while (true) {
            int ends = plainUpTo(at);
            to.put(buffer, at, ends - at);
            at = ends;
            if (at == end) {
                if (!fill()) {
                    throw cutOff();
                }
                continue;
            }
            byte b = buffer[at];
            if (b == '"') {
                at++;
                to.put(b);
                return;
            }
            if (b != '\\') {
                throw broken("has a line break or a control character inside a text, which JSON does not allow");
            }
            at++;
            to.put(b);
            escape(to);
        }
    }

    /** Where a quote, a backslash or a control character stands next: the bytes before it are the string's own. */
    private int plainUpTo(int from) {
        var bytes = buffer;
        int last = end;
        int i = from;
        while (i < last) {
            byte b = bytes[i];
            if (b == '"' || b == '\\' || (b & 0xe0) == 0) {
                break;
            }
            i++;
        }
        return i;
    }

    private void escape(Kept to) throws IOException, Broken {
        int b = next();
        to.put(b);
        if (b == 'u') {
            for (int i = 0; i < 4; i++) {
                int digit = next();
                if (Character.digit(digit, 16) < 0) {
                    throw wrong();
                }
                to.put(digit);
            }
        } else if ("\"\\/bfnrt".indexOf(b) < 0) {
            throw wrong();
        }
    }

    private void scalar(int first, Kept to) throws IOException, Broken {
        var token = new ByteArrayOutputStream(24);
        token.write(first);
        while ((at < end || fill()) && isTokenByte(buffer[at])) {
            token.write(buffer[at++]);
            if (token.size() > 10_000) {
                throw wrong();
            }
        }
        var bytes = token.toByteArray();
        if (!isLiteral(bytes) && !isNumber(bytes)) {
            if (at == end && !fill()) {
                throw cutOff();
            }
            at = Math.max(0, at - bytes.length);
            throw wrong();
        }
        to.put(bytes);
    }

    private static boolean isTokenByte(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '+' || b == '-' || b == '.';
    }

    private static boolean isLiteral(byte[] token) {
        return switch (token[0]) {
            case 't' -> Arrays.equals(token, TRUE);
            case 'f' -> Arrays.equals(token, FALSE);
            case 'n' -> Arrays.equals(token, NULL);
            default -> false;
        };
    }

    /** RFC 8259, section 6. */
    static boolean isNumber(byte[] token) {
        int i = 0;
        int n = token.length;
        if (i < n && token[i] == '-') {
            i++;
        }
        int whole = digits(token, i);
        if (whole == i || (token[i] == '0' && whole > i + 1)) {
            return false;
        }
        i = whole;
        if (i < n && token[i] == '.') {
            int fraction = digits(token, i + 1);
            if (fraction == i + 1) {
                return false;
            }
            i = fraction;
        }
        if (i < n && (token[i] == 'e' || token[i] == 'E')) {
            i++;
            if (i < n && (token[i] == '+' || token[i] == '-')) {
                i++;
            }
            int exponent = digits(token, i);
            if (exponent == i) {
                return false;
            }
            i = exponent;
        }
        return i == n;
    }

    private static int digits(byte[] token, int from) {
        int i = from;
        while (i < token.length && token[i] >= '0' && token[i] <= '9') {
            i++;
        }
        return i;
    }

    private int next() throws IOException, Broken {
        if (at == end && !fill()) {
            throw cutOff();
        }
        return buffer[at++] & 0xff;
    }

    private Broken cutOff() {
        return broken("is cut off: the text ends in the middle");
    }

    private boolean fill() throws IOException, Broken {
        before += end;
        at = 0;
        end = 0;
        try {
            int n;
            do {
                n = in.read(buffer, 0, buffer.length);
            } while (n == 0);
            end = Math.max(0, n);
            return n > 0;
        } catch (EOFException e) {
            throw broken("is cut off: the compressed file ends in the middle");
        } catch (ZipException e) {
            throw broken("cannot be unpacked: the compressed file is damaged");
        }
    }
}
