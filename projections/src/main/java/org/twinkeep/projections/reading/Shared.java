package org.twinkeep.projections.reading;

import java.util.Set;
import java.util.regex.Pattern;
import org.twinkeep.projections.clinic.Attachment;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A resource as others may read it: references stay only where they point to people and places, since any other tells that
 * an entry exists; what is attached beside a letter stays only where it can be read as text, since nobody can label the rest; of the
 * person, no number of state and no mother's maiden name.
 */
final class Shared {

    private static final Pattern PEOPLE_AND_PLACES =
            Pattern.compile("#.*|(Practitioner|PractitionerRole|Organization|Location|HealthcareService)[/?].*");

    /** HL7 v2-0203: social security, driver's licence, passport, national and tax numbers. */
    private static final Set<String> OF_STATE =
            Set.of("SS", "SB", "DL", "PPN", "NI", "NNxxx", "TAX", "PRC", "CZ", "VS");

    private Shared() {}

    static JsonNode of(JsonNode resource) {
        var copy = resource.deepCopy();
        prune(copy, Attachment.isOfALetter(Tree.type(copy)));
        if (Tree.type(copy).equals("Patient") && copy instanceof ObjectNode patient) {
            withoutNumbersOfState(patient);
        }
        return copy;
    }

    private static void prune(JsonNode node, boolean letter) {
        if (node instanceof ObjectNode object) {
            if (object.path("reference").isString()
                    && !PEOPLE_AND_PLACES
                            .matcher(Tree.string(object, "reference"))
                            .matches()) {
                object.remove("reference");
            }
            if (!letter
                    && !object.has("dimensions") // SampledData
                    && object.path("data").isString()
                    && Attachment.text(Tree.string(object, "contentType"), Tree.string(object, "data"))
                            .isEmpty()) {
                object.remove("data");
            }
            object.remove("valueBase64Binary");
        }
        node.forEach(child -> prune(child, letter));
    }

    private static void withoutNumbersOfState(ObjectNode patient) {
        remove(patient.path("identifier"), Shared::isOfState);
        remove(patient.path("extension"), e -> Tree.string(e, "url").endsWith("mothersMaidenName"));
    }

    private static boolean isOfState(JsonNode identifier) {
        var system = Tree.string(identifier, "system");
        return system.contains("us-ssn")
                || system.startsWith("urn:oid:2.16.840.1.113883.4.")
                || system.contains("passport")
                || Tree.list(identifier.path("type"), "coding").stream()
                        .anyMatch(c -> OF_STATE.contains(Tree.string(c, "code")));
    }

    private static void remove(JsonNode array, java.util.function.Predicate<JsonNode> which) {
        if (array instanceof ArrayNode elements) {
            for (var i = elements.size() - 1; i >= 0; i--) {
                if (which.test(elements.get(i))) {
                    elements.remove(i);
                }
            }
        }
    }
}
