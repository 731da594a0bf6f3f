package org.twinkeep.projections.clinic;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * All that a resource says, wherever it stands in its tree: codes, references, texts, attachments decoded.
 *
 * @param codings every code of every system
 * @param restated the codes that do not say what the resource itself is, but name something else
 * @param references every reference
 * @param about the references that restate what they point to: a reason, a diagnosis, a result, a target; not whose record
 *     it is, who did it, where, and at which visit
 * @param texts every text that is not the resource's own name
 * @param names the resource's own names
 * @param unreadable whether something is attached that cannot be read as text
 */
record Said(
        List<Codings.Coding> codings,
        List<Codings.Coding> restated,
        Set<String> references,
        Set<String> about,
        List<String> texts,
        List<String> names,
        boolean unreadable) {

    /** References that only say whose, by whom, where, when. */
    private static final Set<String> CIRCUMSTANCES = Set.of(
            "subject",
            "patient",
            "beneficiary",
            "subscriber",
            "individual",
            "encounter",
            "context",
            "performer",
            "actor",
            "author",
            "asserter",
            "recorder",
            "requester",
            "sender",
            "receiver",
            "recipient",
            "provider",
            "insurer",
            "payor",
            "policyHolder",
            "facility",
            "location",
            "serviceProvider",
            "managingOrganization",
            "custodian",
            "authenticator",
            "organization",
            "enterer",
            "who",
            "onBehalfOf",
            "member",
            "interpreter",
            "resultsInterpreter",
            "attester",
            "practitioner",
            "participant",
            "careTeam",
            "generalPractitioner",
            "assigner");

    private static final Set<String> NOT_WORDS = Set.of(
            "resourceType",
            "reference",
            "system",
            "code",
            "id",
            "url",
            "fullUrl",
            "data",
            "hash",
            "contentType",
            "uid",
            "lastUpdated",
            "versionId",
            "profile",
            "status",
            "use",
            "intent");

    static Said of(JsonNode resource) {
        var said = new Walk(resource);
        said.object(resource, "", false);
        return said.done();
    }

    private static final class Walk {
        private final String type;
        private final List<JsonNode> own;
        private final List<String> names;
        private final Set<String> nameSet;
        private final List<Codings.Coding> codings = new ArrayList<>();
        private final List<Codings.Coding> restated = new ArrayList<>();
        private final Set<String> references = new LinkedHashSet<>();
        private final Set<String> about = new LinkedHashSet<>();
        private final List<String> texts = new ArrayList<>();
        private boolean unreadable;

        Walk(JsonNode resource) {
            type = Tree.type(resource);
            own = Codings.ownConcepts(resource);
            names = Codings.ownNames(resource);
            nameSet = Set.copyOf(names);
        }

        Said done() {
            return new Said(codings, restated, references, about, texts, names, unreadable);
        }

        /** @param circumstance whether we are inside something that only says whose, by whom, where, when */
        void object(JsonNode node, String under, boolean circumstance) {
            if (node.isArray()) {
                node.forEach(element -> object(element, under, circumstance));
                return;
            }
            if (node.isString()) {
                word(under, node.stringValue());
                return;
            }
            if (!node.isObject()) {
                return;
            }
            coding(node, under);
            reference(node, circumstance);
            attachment(node);
            for (var property : node.properties()) {
                var name = property.getKey();
                object(property.getValue(), name, circumstance || CIRCUMSTANCES.contains(name));
            }
        }

        private void coding(JsonNode node, String under) {
            if (!node.has("code") || !node.has("system") || !node.path("code").isString()) {
                return;
            }
            var coding = Codings.Coding.of(node);
            codings.add(coding);
            var isOwn = under.equals("coding")
                    && own.stream()
                            .anyMatch(concept ->
                                    Tree.list(concept, "coding").stream().anyMatch(c -> c == node));
            if (!isOwn) {
                restated.add(coding);
            }
        }

        private void reference(JsonNode node, boolean circumstance) {
            var reference = Tree.string(node, "reference");
            if (reference.isEmpty() || reference.startsWith("#")) {
                return;
            }
            references.add(reference);
            if (!circumstance) {
                about.add(reference);
            }
        }

        private void attachment(JsonNode node) {
            var data = Tree.string(node, "data");
            if (data.isEmpty()) {
                return;
            }
            var text = Attachment.text(Tree.string(node, "contentType"), data);
            if (text.isPresent()) {
                texts.add(text.get());
            } else if (Attachment.isOfALetter(type)) {
                unreadable = true;
            }
        }

        private void word(String under, String text) {
            if (!NOT_WORDS.contains(under) && !text.isBlank() && !nameSet.contains(text)) {
                texts.add(text);
            }
        }
    }
}
