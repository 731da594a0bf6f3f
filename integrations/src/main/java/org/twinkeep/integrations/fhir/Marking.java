package org.twinkeep.integrations.fhir;

import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.clinic.Labels;

/**
 * The marking of a bundle: the high-water mark of all that leaves in it (HL7 DS4P), and the notice of 42 CFR 2.32 where
 * something in it goes with one.
 */
final class Marking {

    /** 42 CFR 2.32 (b), in its own short form. */
    static final String NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

    private Marking() {}

    /** {@code Bundle.meta}, as JSON. */
    static String of(Labels labels) {
        var security = new StringBuilder();
        for (var code : labels.codes()) {
            security.append(security.isEmpty() ? "" : ",").append(coding(code.system(), code.code(), null));
        }
        if (!labels.goWithANotice()) {
            return "{\"security\":[" + security + "]}";
        }
        security.append(',')
                .append(coding(
                        "http://terminology.hl7.org/CodeSystem/v3-ActCode",
                        "NORDSCLCD",
                        "no redisclosure without consent directive"));
        return "{\"security\":[" + security + "],\"tag\":[" + coding(Exported.NOTICE, "42-CFR-2.32", NOTICE) + "]}";
    }

    private static String coding(String system, String code, @Nullable String display) {
        return "{\"system\":" + JsonWriting.text(system) + ",\"code\":" + JsonWriting.text(code)
                + (display == null ? "" : ",\"display\":" + JsonWriting.text(display)) + "}";
    }
}
