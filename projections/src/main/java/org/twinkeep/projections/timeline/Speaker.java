package org.twinkeep.projections.timeline;

import java.util.List;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** Who says what an entry says, in words: the person or organisation that the resource names, else its source. */
final class Speaker {

    private static final List<String> FIELDS = List.of(
            "asserter",
            "recorder",
            "author",
            "performer",
            "requester",
            "informationSource",
            "provider",
            "insurer",
            "serviceProvider",
            "custodian",
            "managingOrganization");

    private Speaker() {}

    static String of(JsonNode resource, String source) {
        for (var field : FIELDS) {
            for (var who : Tree.list(resource, field)) {
                var named = Tree.string(who, "display");
                if (named.isBlank()) {
                    named = Tree.string(who.path("actor"), "display");
                }
                if (!named.isBlank() && !named.equals("NO_INSURANCE")) {
                    return named;
                }
            }
        }
        for (var participant : Tree.list(resource, "participant")) {
            var named = Tree.string(participant.path("individual"), "display");
            if (!named.isBlank()) {
                return named;
            }
        }
        return source.isBlank() ? "its source" : source.replaceFirst("^https?://", "");
    }
}
