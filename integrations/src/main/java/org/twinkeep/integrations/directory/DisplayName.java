package org.twinkeep.integrations.directory;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What people call an organisation, a place or a practitioner. */
final class DisplayName {
    private DisplayName() {}

    static Optional<String> of(JsonNode resource) {
        var name = resource.path("name");
        var words = name.isArray() ? ofPerson(name) : name.stringValue("");
        var called = words.isBlank() ? practitionerRole(resource) : words.strip();
        return called.isBlank() ? Optional.empty() : Optional.of(called);
    }

    /** The official name, else the usual one, else the first (FHIR R4, HumanName.use). */
    private static String ofPerson(JsonNode names) {
        return Stream.of("official", "usual", "")
                .flatMap(use -> names.valueStream()
                        .filter(name ->
                                use.isEmpty() || use.equals(name.path("use").stringValue(""))))
                .findFirst()
                .map(DisplayName::written)
                .orElse("");
    }

    private static String written(JsonNode name) {
        var text = name.path("text").stringValue("");
        return text.isBlank()
                ? Stream.of(
                                name.path("prefix").valueStream(),
                                name.path("given").valueStream(),
                                Stream.of(name.path("family")),
                                name.path("suffix").valueStream())
                        .flatMap(parts -> parts)
                        .map(part -> part.stringValue(""))
                        .filter(part -> !part.isBlank())
                        .collect(Collectors.joining(" "))
                : text;
    }

    private static String practitionerRole(JsonNode resource) {
        return Stream.of("practitioner", "organization")
                .map(part -> resource.path(part).path("display").stringValue(""))
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(", "));
    }
}
