package org.twinkeep.portal.web.delegates;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.portal.web.Complaints;

/** A document that somebody shows: its SHA-256 is kept, the document itself is not. */
final class Document {
    private Document() {}

    /** The hash of what was sent; nothing, and a complaint, where nothing was. */
    static Optional<String> hash(@Nullable MultipartFile sent, Complaints complaints) {
        try {
            if (sent == null || sent.isEmpty()) {
                complaints.about("document", "delegates.document.missing");
                return Optional.empty();
            }
            return Optional.of(Hex.of(Sha2.sha256().digest(sent.getBytes())));
        } catch (IOException e) {
            complaints.about("document", "delegates.document.missing");
            return Optional.empty();
        }
    }
}
