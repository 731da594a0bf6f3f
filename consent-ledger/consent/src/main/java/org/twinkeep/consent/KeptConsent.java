package org.twinkeep.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * A FHIR Consent that is not of the shape of {@link FhirConsent}, as it is kept: its text as it was received, in which
 * dialect it is written, and whose it is (docs/formats/consent.md). The commitment on the ledger covers all of that, so
 * nobody can have it read as another version of FHIR or as another patient's.
 *
 * @param dialect of FHIR: R4 or R5
 * @param text the Consent, as received
 */
public record KeptConsent(ConsentHandle handle, TwinId twin, Dialect dialect, String text) {

    private static final String FORMAT = "twinkeep-kept-consent-1";

    public KeptConsent {
        if (dialect == Dialect.OURS) {
            throw new IllegalArgumentException("our own shape is kept as it is");
        }
    }

    /** Canonical (RFC 8785) UTF-8. */
    public byte[] bytes() {
        var json = new LinkedHashMap<String, Object>();
        json.put("format", FORMAT);
        json.put("dialect", dialect.name());
        json.put("handle", handle.value());
        json.put("twin", twin.toString());
        json.put("consent", text);
        return CanonicalJson.bytes(json);
    }

    /** The Consent itself. */
    public byte[] consent() {
        return text.getBytes(UTF_8);
    }

    /** What these bytes keep; nothing where they are anything else. */
    public static Optional<KeptConsent> read(byte[] canonical) {
        try {
            var json = CanonicalReader.of(canonical);
            var kept = new KeptConsent(
                    new ConsentHandle(json.text("handle")),
                    TwinId.of(json.text("twin")),
                    Dialect.valueOf(json.text("dialect")),
                    json.text("consent"));
            return Arrays.equals(kept.bytes(), canonical) ? Optional.of(kept) : Optional.empty();
        } catch (NotCanonical | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "KeptConsent";
    }
}
