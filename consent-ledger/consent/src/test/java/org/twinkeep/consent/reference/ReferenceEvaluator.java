package org.twinkeep.consent.reference;

import static org.twinkeep.consent.reference.Understanding.elements;
import static org.twinkeep.consent.reference.Understanding.hasText;
import static org.twinkeep.consent.reference.Understanding.text;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * docs/formats/consent-decision.md, done by hand: slow, plain, and reading the consent's own JSON for every item. Shares
 * nothing with the engine; it is the second opinion.
 */
final class ReferenceEvaluator {

    enum Outcome {
        DENY,
        PERMIT,
        WITHHELD,
        ALLOWED,
        NONE
    }

    /** A consent and what its caller says it is: R4 or R5. */
    record Said(String dialect, String json) {}

    /** One consent, one request, one item: everything that a rule may ask. */
    private record Question(ZoneId zone, JsonNode request, JsonNode item) {

        Instant at() {
            return Instant.parse(request.get("at").asString());
        }
    }

    private ReferenceEvaluator() {}

    /** Each item's reference and PERMIT, DENY or NO_CONSENT. */
    static Map<String, String> decisions(List<Said> consents, JsonNode request, JsonNode items) {
        var understood = consents.stream()
                .map(said -> Understanding.of(said.dialect(), said.json()))
                .toList();
        var decisions = new LinkedHashMap<String, String>();
        for (int i = 0; i < items.size(); i++) {
            decisions.put(text(items.get(i), "reference"), decision(consents, understood, request, items.get(i)));
        }
        return decisions;
    }

    static Set<String> visible(Map<String, String> decisions, String implicit, JsonNode request, JsonNode items) {
        var visible = new LinkedHashSet<String>();
        for (var item : items.values()) {
            var reference = text(item, "reference");
            var decision = decisions.get(reference);
            if (decision.equals("PERMIT") || decision.equals("NO_CONSENT") && opens(implicit, request, item)) {
                visible.add(reference);
            }
        }
        return visible;
    }

    private static String decision(
            List<Said> consents, List<Understanding.Result> understood, JsonNode request, JsonNode item) {
        if (!asksProperly(request) || !isDatedProperly(item)) {
            return "DENY";
        }
        var outcomes = new LinkedHashSet<Outcome>();
        for (int i = 0; i < consents.size(); i++) {
            outcomes.add(outcome(consents.get(i).dialect(), understood.get(i), request, item));
        }
        if (outcomes.contains(Outcome.DENY)) {
            return "DENY";
        }
        if (outcomes.contains(Outcome.PERMIT)) {
            return "PERMIT";
        }
        if (outcomes.contains(Outcome.WITHHELD)) {
            return "DENY";
        }
        return outcomes.contains(Outcome.ALLOWED) ? "PERMIT" : "NO_CONSENT";
    }

    private static boolean asksProperly(JsonNode request) {
        var purpose = request.path("purpose");
        var action = request.path("action");
        return hasText(purpose, "system", Words.REASON)
                && Words.isPurpose(text(purpose, "code"))
                && hasText(action, "system", Words.ACTION)
                && Words.ACTIONS.contains(text(action, "code"));
    }

    private static boolean isDatedProperly(JsonNode item) {
        try {
            return !Understanding.span(item, ZoneId.of("UTC")).isBackwards();
        } catch (Span.NoDate e) {
            return false;
        }
    }

    private static Outcome outcome(String dialect, Understanding.Result result, JsonNode request, JsonNode item) {
        if (!result.notUnderstood().isEmpty()) {
            return Outcome.DENY;
        }
        if (result.silent()) {
            return Outcome.NONE;
        }
        var question = new Question(result.zone(), request, item);
        var consent = result.consent();
        var term = dialect.equals("R4") ? consent.path("provision").path("period") : consent.path("period");
        if (!term.isMissingNode() && !span(term, question.zone()).contains(question.at())) {
            return Outcome.NONE;
        }
        return dialect.equals("R4") ? r4(consent, question) : r5(consent, question);
    }

    // ---- R5

    private static Outcome r5(JsonNode consent, Question question) {
        boolean permits = hasText(consent, "decision", "permit");
        var provisions = elements(consent.path("provision"));
        var outcomes = new ArrayList<Outcome>();
        for (var provision : provisions) {
            outcomes.add(r5Provision(provision, permits ? "deny" : "permit", question));
        }
        if (outcomes.contains(Outcome.DENY)) {
            return Outcome.DENY;
        }
        if (outcomes.contains(Outcome.PERMIT)) {
            return Outcome.PERMIT;
        }
        return permits ? Outcome.ALLOWED : provisions.isEmpty() ? Outcome.DENY : Outcome.WITHHELD;
    }

    private static Outcome r5Provision(JsonNode provision, String type, Question question) {
        if (!matches(provision, type, question)) {
            return Outcome.NONE;
        }
        var outcomes = new ArrayList<Outcome>();
        for (var child : elements(provision.path("provision"))) {
            outcomes.add(r5Provision(child, opposite(type), question));
        }
        return combined(outcomes, type);
    }

    // ---- R4

    private static Outcome r4(JsonNode consent, Question question) {
        if (!consent.has("provision")) {
            return base(consent);
        }
        var type = R4Root.type(consent);
        // its period is the consent's term: where that is over, nobody comes here
        var root = consent.get("provision");
        if (R4Root.isContainer(consent)) {
            var outcomes = new ArrayList<Outcome>();
            for (var child : elements(root.path("provision"))) {
                outcomes.add(r4Provision(child, text(child, "type"), question));
            }
            var anySaid = outcomes.contains(Outcome.DENY) || outcomes.contains(Outcome.PERMIT);
            return anySaid ? combined(outcomes, type) : base(consent);
        }
        var outcome = r4Provision(root, type, question);
        if (outcome != Outcome.NONE) {
            return outcome;
        }
        if (R4Root.hasBase(consent) && (R4Root.baseIsDeny(consent) || type.equals("deny"))) {
            return base(consent);
        }
        return type.equals("permit") && requestSideMatches(root, question) ? Outcome.WITHHELD : Outcome.NONE;
    }

    private static Outcome base(JsonNode consent) {
        if (!R4Root.baseIsDeny(consent)) {
            return Outcome.ALLOWED;
        }
        return hasPermit(consent.path("provision")) ? Outcome.WITHHELD : Outcome.DENY;
    }

    /** Under an opt-out the root is no permit unless it says so. */
    private static boolean hasPermit(JsonNode provision) {
        return hasText(provision, "type", "permit")
                || elements(provision.path("provision")).stream().anyMatch(ReferenceEvaluator::hasPermit);
    }

    private static Outcome r4Provision(JsonNode provision, String type, Question question) {
        var additions = new ArrayList<Outcome>();
        var exceptions = new ArrayList<Outcome>();
        for (var child : elements(provision.path("provision"))) {
            if (hasText(child, "type", type)) {
                additions.add(r4Provision(addedTo(provision, child), type, question));
            } else {
                exceptions.add(r4Provision(child, opposite(type), question));
            }
        }
        boolean anAdditionSpeaks = additions.stream().anyMatch(outcome -> outcome != Outcome.NONE);
        if (!matches(provision, type, question) && !anAdditionSpeaks) {
            return Outcome.NONE;
        }
        exceptions.addAll(additions);
        return combined(exceptions, type);
    }

    /** The child, with everything that its parent states and it does not. */
    private static JsonNode addedTo(JsonNode parent, JsonNode child) {
        var asRead = (ObjectNode) child.deepCopy();
        for (var name : List.of(
                "actor", "action", "purpose", "period", "securityLabel", "class", "code", "dataPeriod", "data")) {
            if (parent.has(name) && !child.has(name)) {
                asRead.set(name, parent.get(name));
            }
        }
        return asRead;
    }

    private static boolean requestSideMatches(JsonNode provision, Question question) {
        if (requestMatches(provision, "permit", question)) {
            return true;
        }
        for (var child : elements(provision.path("provision"))) {
            if (hasText(child, "type", "permit") && requestSideMatches(addedTo(provision, child), question)) {
                return true;
            }
        }
        return false;
    }

    // ---- both

    private static Outcome combined(List<Outcome> outcomes, String otherwise) {
        if (outcomes.contains(Outcome.DENY)) {
            return Outcome.DENY;
        }
        if (outcomes.contains(Outcome.PERMIT)) {
            return Outcome.PERMIT;
        }
        return otherwise.equals("permit") ? Outcome.PERMIT : Outcome.DENY;
    }

    private static String opposite(String type) {
        return type.equals("permit") ? "deny" : "permit";
    }

    private static boolean matches(JsonNode provision, String type, Question question) {
        return requestMatches(provision, type, question) && itemMatches(provision, type, question);
    }

    private static boolean requestMatches(JsonNode provision, String type, Question question) {
        return any(provision, "actor", actor -> actorMatches(actor, question))
                && any(
                        provision,
                        "action",
                        action -> codings(action)
                                .contains(coding(question.request().get("action"))))
                && any(provision, "purpose", purpose -> purposeMatches(purpose, type, question))
                && (!provision.has("period")
                        || span(provision.get("period"), question.zone()).contains(question.at()));
    }

    private static boolean itemMatches(JsonNode provision, String type, Question question) {
        var item = question.item();
        return any(provision, "class", clazz -> classMatches(clazz, item))
                && any(provision, "resourceType", clazz -> classMatches(clazz, item))
                && any(provision, "documentType", clazz -> classMatches(clazz, item))
                && any(
                        provision,
                        "code",
                        code -> codings(code).stream()
                                .anyMatch(each -> all(item, "codes").contains(each)))
                && any(provision, "securityLabel", label -> labelMatches(label, type, item))
                && (!provision.has("dataPeriod") || dataPeriodMatches(provision.get("dataPeriod"), type, question))
                && any(provision, "data", data -> dataMatches(data, type, item));
    }

    private interface Test {
        boolean holds(JsonNode value);
    }

    /** An attribute that is not stated matches; one that is, by any of its values. */
    private static boolean any(JsonNode provision, String attribute, Test test) {
        return !provision.has(attribute)
                || elements(provision.get(attribute)).stream().anyMatch(test::holds);
    }

    private static boolean actorMatches(JsonNode actor, Question question) {
        var request = question.request();
        return (!actor.has("reference") || refers(actor.get("reference"), texts(request, "actors")))
                && (!actor.has("role")
                        || codings(actor.get("role")).stream()
                                .anyMatch(role -> role.startsWith(Words.PARTICIPATION + "#")
                                        || all(request, "roles").contains(role)));
    }

    private static boolean refers(JsonNode reference, List<String> to) {
        var identifier = reference.path("identifier");
        return to.contains(text(reference, "reference"))
                || reference.has("identifier")
                        && to.contains(text(identifier, "system") + "|" + text(identifier, "value"));
    }

    private static boolean purposeMatches(JsonNode purpose, String type, Question question) {
        var stated = text(purpose, "code");
        var asked = text(question.request().get("purpose"), "code");
        return type.equals("permit") ? Words.permitReaches(stated, asked) : Words.denialReaches(stated, asked);
    }

    private static boolean classMatches(JsonNode clazz, JsonNode item) {
        var system = text(clazz, "system");
        var code = text(clazz, "code");
        if (Words.TYPES.contains(system)) {
            return hasText(item, "type", code);
        }
        if (system.equals(Words.URI)) {
            return texts(item, "profiles").stream()
                    .anyMatch(profile -> profile.equals(code) || profile.split("\\|", 2)[0].equals(code));
        }
        return all(item, "classes").contains(system + "#" + code);
    }

    private static boolean labelMatches(JsonNode label, String type, JsonNode item) {
        var code = text(label, "code");
        if (hasText(label, "system", Words.CONFIDENTIALITY)) {
            int stated = Words.LEVELS.indexOf(code);
            return type.equals("permit") ? level(item) <= stated : level(item) >= stated;
        }
        return sensitivities(item).stream().anyMatch(each -> Words.sensitivityIsOrBelow(each, code));
    }

    private static int level(JsonNode item) {
        int highest = -1;
        for (var label : elements(item.path("labels"))) {
            if (hasText(label, "system", Words.CONFIDENTIALITY)) {
                int level = Words.LEVELS.indexOf(text(label, "code"));
                highest = Math.max(highest, level < 0 ? Words.LEVELS.indexOf("V") : level);
            }
        }
        if (highest >= 0) {
            return highest;
        }
        return Words.LEVELS.indexOf(sensitivities(item).isEmpty() ? "N" : "R");
    }

    private static List<String> sensitivities(JsonNode item) {
        return elements(item.path("labels")).stream()
                .filter(label -> hasText(label, "system", Words.ACT_CODE))
                .map(label -> text(label, "code"))
                .filter(Words.SENSITIVITIES::containsKey)
                .toList();
    }

    private static boolean dataPeriodMatches(JsonNode period, String type, Question question) {
        var item = question.item();
        if (!item.has("start") && !item.has("end")) {
            return type.equals("deny");
        }
        return span(item, question.zone()).overlaps(span(period, question.zone()));
    }

    private static boolean dataMatches(JsonNode data, String type, JsonNode item) {
        var reference = data.get("reference");
        boolean itself = refers(reference, texts(item, "reference"));
        boolean encounter = refers(reference, texts(item, "encounter"));
        boolean refersToIt = refers(reference, texts(item, "refersTo"));
        return switch (text(data, "meaning")) {
            case "instance" -> itself;
            case "related" ->
                itself
                        || refers(reference, texts(item, "referredBy"))
                        || isOfCare(text(reference, "reference")) && (encounter || refersToIt);
            case "dependents" -> itself || encounter || refersToIt;
            default ->
                texts(item, "authors").isEmpty() ? type.equals("deny") : refers(reference, texts(item, "authors"));
        };
    }

    private static boolean isOfCare(String reference) {
        return reference.startsWith("Encounter/")
                || reference.startsWith("EpisodeOfCare/")
                || reference.startsWith("CarePlan/");
    }

    // ---- the policy where there is no consent

    private static boolean opens(String implicit, JsonNode request, JsonNode item) {
        var purpose = text(request.path("purpose"), "code");
        boolean clinician = all(request, "roles").stream().anyMatch(Words.CLINICIANS::contains);
        boolean normal =
                level(item) <= Words.LEVELS.indexOf("N") && sensitivities(item).isEmpty();
        return hasText(request.path("action"), "code", "access")
                && switch (implicit) {
                    case "basic-normal" -> normal && clinician && Words.permitReaches("TREAT", purpose);
                    case "all-normal" -> normal && !Words.denialReaches("ETREAT", purpose);
                    case "break-glass-only" -> clinician && purpose.equals("BTG");
                    default -> false;
                };
    }

    // ---- reading JSON

    private static Span span(JsonNode period, ZoneId zone) {
        try {
            return Understanding.span(period, zone);
        } catch (Span.NoDate e) {
            throw new IllegalStateException("was understood before", e);
        }
    }

    private static String coding(JsonNode coding) {
        return text(coding, "system") + "#" + text(coding, "code");
    }

    private static List<String> codings(JsonNode concept) {
        return all(concept, "coding");
    }

    private static List<String> all(JsonNode object, String name) {
        return elements(object.path(name)).stream()
                .map(ReferenceEvaluator::coding)
                .toList();
    }

    private static List<String> texts(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString()
                ? List.of(value.asString())
                : elements(value).stream().map(JsonNode::asString).toList();
    }
}
