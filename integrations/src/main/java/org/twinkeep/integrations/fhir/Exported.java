package org.twinkeep.integrations.fhir;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The marks that our own export puts beside a resource, so that importing it again knows the same entries. */
final class Exported {
    /** Extension of {@code Bundle.entry}: the source that the entry is known by. */
    static final String SOURCE = "https://twinkeep.org/fhir/StructureDefinition/entry-source";

    /** System of the tag that says that something in a bundle goes with a notice. */
    static final String NOTICE = "https://twinkeep.org/fhir/CodeSystem/notice";

    private Exported() {}

    static @Nullable String sourceOf(JsonNode extensions) {
        return extensions
                .valueStream()
                .filter(e -> SOURCE.equals(e.path("url").stringValue("")))
                .map(e -> e.path("valueUri").stringValue(""))
                .filter(s -> !s.isEmpty())
                .findFirst()
                .orElse(null);
    }
}
