package org.twinkeep.projections.clinic;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The codes of a resource: its own (what it is), its parts' (components, contained resources). */
final class Codings {

    /** One code of one system; both may be empty where the source left them out. */
    record Coding(String system, String code, String display) {
        static Coding of(JsonNode node) {
            return new Coding(Tree.string(node, "system"), Tree.string(node, "code"), Tree.string(node, "display"));
        }
    }

    private static final List<String> WHAT_IT_IS = List.of(
            "code",
            "vaccineCode",
            "medicationCodeableConcept",
            "medication",
            "procedureCode",
            "serviceType",
            "productCodeableConcept");

    private static final List<String> TYPES_NAMED_BY_TYPE = List.of(
            "Encounter", "Device", "DocumentReference", "Composition", "Specimen", "EpisodeOfCare", "NutritionOrder");

    private static final List<String> TYPES_NAMED_BY_CATEGORY = List.of("CarePlan", "CareTeam");

    private Codings() {}

    /** The concepts that say what the resource is. */
    static List<JsonNode> ownConcepts(JsonNode resource) {
        var concepts = new ArrayList<JsonNode>();
        for (var field : WHAT_IT_IS) {
            Tree.list(resource, field).stream().filter(JsonNode::isObject).forEach(concepts::add);
        }
        var type = Tree.type(resource);
        if (TYPES_NAMED_BY_TYPE.contains(type)) {
            concepts.addAll(Tree.list(resource, "type"));
        }
        if (TYPES_NAMED_BY_CATEGORY.contains(type)) {
            concepts.addAll(Tree.list(resource, "category"));
        }
        if (type.equals("Goal")) {
            concepts.addAll(Tree.list(resource, "description"));
        }
        if (type.equals("SupplyDelivery")) {
            concepts.addAll(Tree.list(resource.path("suppliedItem"), "itemCodeableConcept"));
        }
        if (type.equals("FamilyMemberHistory")) {
            Tree.list(resource, "condition").forEach(c -> concepts.addAll(Tree.list(c, "code")));
        }
        return concepts;
    }

    static List<Coding> own(JsonNode resource) {
        return ownConcepts(resource).stream()
                .flatMap(c -> Tree.list(c, "coding").stream())
                .map(Coding::of)
                .toList();
    }

    /** The displays and texts that say what the resource is. */
    static List<String> ownNames(JsonNode resource) {
        var named = ownConcepts(resource).stream()
                .flatMap(c -> Stream.concat(
                        Stream.of(Tree.string(c, "text")),
                        Tree.list(c, "coding").stream().map(coding -> Tree.string(coding, "display"))));
        var device = Tree.list(resource, "deviceName").stream().map(d -> Tree.string(d, "name"));
        var title = Stream.of("title", "description")
                .map(field -> resource.path(field))
                .map(Tree::string);
        return Stream.of(named, device, title)
                .flatMap(s -> s)
                .filter(s -> !s.isBlank())
                .distinct()
                .toList();
    }

    /** The codes of components, and what a medication inside the resource is. */
    static List<Coding> parts(JsonNode resource) {
        var components = Tree.list(resource, "component").stream().flatMap(c -> Tree.list(c, "code").stream());
        var contained = Tree.list(resource, "contained").stream().flatMap(c -> ownConcepts(c).stream());
        return Stream.concat(components, contained)
                .flatMap(c -> Tree.list(c, "coding").stream())
                .map(Coding::of)
                .toList();
    }
}
