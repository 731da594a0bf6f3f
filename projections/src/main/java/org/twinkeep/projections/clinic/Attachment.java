package org.twinkeep.projections.clinic;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What is attached to a note, as text. Nothing is ever fetched. */
public final class Attachment {

    private static final Pattern CHARSET = Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)");

    private static final Set<String> LETTERS =
            Set.of("DocumentReference", "DiagnosticReport", "Composition", "Binary", "Media", "Communication");

    private Attachment() {}

    /** Whether a resource of this type is there for what is attached to it: where nobody can read that, it may tell anything. */
    public static boolean isOfALetter(String type) {
        return LETTERS.contains(type);
    }

    /**
     * The text of base64 data, or nothing when its type is no text, or it cannot be decoded: whose words nobody can read,
     * nobody can label. A type that is not said may be text.
     */
    public static Optional<String> text(String contentType, String base64) {
        var type = contentType.toLowerCase(Locale.ROOT);
        if (!isText(type)) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getMimeDecoder().decode(base64);
            return decoded(type, bytes).filter(Attachment::isReadable);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The words of rich text are cut by its commands. */
    private static boolean isText(String type) {
        return type.isBlank()
                || (type.startsWith("text/") && !type.startsWith("text/rtf") && !type.startsWith("text/richtext"))
                || type.contains("json")
                || type.contains("xml");
    }

    /** As it says, else UTF-8, else what text on the web was without saying so (RFC 2616, 3.7.1). */
    private static Optional<String> decoded(String type, byte[] bytes) {
        var said = CHARSET.matcher(type);
        if (said.find()) {
            return decoded(bytes, charset(said.group(1)));
        }
        var text = decoded(bytes, Optional.of(StandardCharsets.UTF_8));
        return text.isPresent() || !type.startsWith("text/")
                ? text
                : decoded(bytes, Optional.of(StandardCharsets.ISO_8859_1));
    }

    private static Optional<String> decoded(byte[] bytes, Optional<Charset> charset) {
        if (charset.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    charset.get().newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private static boolean isReadable(String text) {
        return text.chars().noneMatch(c -> c < ' ' && !Character.isWhitespace(c));
    }
}
