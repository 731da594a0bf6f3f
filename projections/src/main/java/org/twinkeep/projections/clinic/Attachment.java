package org.twinkeep.projections.clinic;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What is attached to a note, as text. Nothing is ever fetched. */
public final class Attachment {
    private Attachment() {}

    /** The text of base64 data, or nothing when its type is no text or it cannot be decoded. */
    public static Optional<String> text(String contentType, String base64) {
        var type = contentType.toLowerCase(Locale.ROOT);
        if (!type.isBlank() && !type.startsWith("text/") && !type.contains("json") && !type.contains("xml")) {
            return Optional.empty();
        }
        try {
            var bytes = Base64.getMimeDecoder().decode(base64);
            var charset = type.contains("8859-1") ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
            return Optional.of(new String(bytes, charset));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
