package org.twinkeep.consent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * The patient's word that a consent which somebody else ended denies nothing any more (docs/formats/consent.md). It is
 * granted like a consent, under a handle of its own; the commitment on the ledger covers all of it.
 *
 * @param handle its own
 * @param released the consent that is over
 */
public record Release(ConsentHandle handle, TwinId twin, ConsentHandle released) {

    private static final String FORMAT = "twinkeep-release-1";

    private static final byte[] BEGINNING = ("{\"format\":\"" + FORMAT + "\"").getBytes(US_ASCII);

    /** Canonical (RFC 8785) UTF-8. */
    public byte[] bytes() {
        var json = new LinkedHashMap<String, Object>();
        json.put("format", FORMAT);
        json.put("handle", handle.value());
        json.put("twin", twin.toString());
        json.put("released", released.value());
        return CanonicalJson.bytes(json);
    }

    /** What these bytes say; nothing where they are anything else, which is seen by how they begin. */
    public static Optional<Release> read(byte[] canonical) {
        if (!Arrays.equals(
                canonical, 0, Math.min(BEGINNING.length, canonical.length), BEGINNING, 0, BEGINNING.length)) {
            return Optional.empty();
        }
        try {
            var json = CanonicalReader.of(canonical);
            var release = new Release(
                    new ConsentHandle(json.text("handle")),
                    TwinId.of(json.text("twin")),
                    new ConsentHandle(json.text("released")));
            return Arrays.equals(release.bytes(), canonical) ? Optional.of(release) : Optional.empty();
        } catch (NotCanonical | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "Release";
    }
}
