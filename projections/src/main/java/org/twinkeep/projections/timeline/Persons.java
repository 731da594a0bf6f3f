package org.twinkeep.projections.timeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** Names and addresses of people in words. */
public final class Persons {
    private Persons() {}

    /** What every grant shows of a person. */
    public static Profile profile(JsonNode patient) {
        var names = Tree.list(patient, "name");
        var official = names.stream()
                .filter(n -> Tree.string(n, "use").equals("official"))
                .findFirst()
                .or(() -> names.stream().findFirst());
        return new Profile(
                official.map(Persons::name).filter(n -> !n.isBlank()).orElse("No name recorded"),
                Tree.orNull(patient, "birthDate"),
                Tree.orNull(patient, "gender"),
                deceased(patient).orElse(null));
    }

    static String name(JsonNode name) {
        var text = Tree.string(name, "text");
        if (!text.isBlank()) {
            return text;
        }
        return joined(
                " ",
                List.of(
                        parts(name, "prefix"),
                        parts(name, "given"),
                        Stream.of(Tree.string(name, "family")),
                        parts(name, "suffix")));
    }

    static String address(JsonNode address) {
        var text = Tree.string(address, "text");
        if (!text.isBlank()) {
            return text;
        }
        var rest = Stream.of("city", "state", "postalCode", "country").map(part -> Tree.string(address, part));
        return joined(", ", List.of(parts(address, "line"), rest));
    }

    /** When the person died as the source wrote it, or "yes". */
    static Optional<String> deceased(JsonNode patient) {
        var at = Tree.orNull(patient, "deceasedDateTime");
        if (at != null) {
            return Optional.of(at);
        }
        return patient.path("deceasedBoolean").asBoolean(false) ? Optional.of("yes") : Optional.empty();
    }

    private static Stream<String> parts(JsonNode node, String field) {
        return Tree.list(node, field).stream().map(Tree::string);
    }

    private static String joined(String separator, List<Stream<String>> parts) {
        return String.join(
                separator,
                parts.stream().flatMap(p -> p).filter(p -> !p.isBlank()).toList());
    }
}
