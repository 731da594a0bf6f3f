package org.twinkeep.consent.reference;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether a consent speaks, and what of it is not understood (rulings, sections 2 and 3), by looking at each element in turn. */
final class Understanding {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String TZ = "http://hl7.org/fhir/StructureDefinition/tz-code";

    /** What came of it: silent, not understood, or a tree to evaluate. */
    record Result(JsonNode consent, ZoneId zone, boolean silent, List<String> notUnderstood) {}

    private final boolean r4;
    private final List<String> problems = new ArrayList<>();
    private ZoneId zone = ZoneId.of("UTC");
    private int provisions;

    private Understanding(boolean r4) {
        this.r4 = r4;
    }

    static Result of(String dialect, String text) {
        return new Understanding(dialect.equals("R4")).read(text);
    }

    private Result read(String text) {
        JsonNode consent;
        if (text.getBytes(StandardCharsets.UTF_8).length > 1 << 20) {
            return refused("Consent");
        }
        try {
            consent = JSON.readTree(text);
        } catch (JacksonException e) {
            return refused("Consent");
        }
        if (!consent.isObject() || !hasText(consent, "resourceType", "Consent") || !isFilled(consent, 1)) {
            return refused("Consent");
        }
        if (isBeyondBounds(consent.path("provision"), 1)) {
            return refused("Consent.provision");
        }
        var status = text(consent, "status");
        if ((r4 ? Words.R4_SILENT : Words.R5_SILENT).contains(status)) {
            return new Result(consent, zone, true, List.of());
        }
        if (!status.equals("active")) {
            return refused("Consent.status");
        }
        var about = about(consent);
        if (about == About.CARE) {
            return new Result(consent, zone, true, List.of());
        }
        if (about == About.UNKNOWN) {
            return refused(r4 ? "Consent.scope" : "Consent.category");
        }
        noModifier(consent, "Consent");
        consent(consent);
        return new Result(consent, zone, false, List.copyOf(problems));
    }

    private Result refused(String path) {
        return new Result(null, zone, false, List.of(path));
    }

    /** No null, no empty object, list or word anywhere; not too deep. */
    private static boolean isFilled(JsonNode node, int depth) {
        if (node.isNull() || node.isString() && node.asString().isEmpty()) {
            return false;
        }
        if (node.isContainer()) {
            if (node.isEmpty() || depth > 200) {
                return false;
            }
            for (var child : node.values()) {
                if (!isFilled(child, depth + 1)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean isBeyondBounds(JsonNode provision, int depth) {
        if (provision.isArray()) {
            for (var each : provision.values()) {
                if (isBeyondBounds(each, depth)) {
                    return true;
                }
            }
        }
        if (provision.isObject()) {
            provisions++;
            return depth > 32 || provisions > 10_000 || isBeyondBounds(provision.path("provision"), depth + 1);
        }
        return false;
    }

    private enum About {
        DATA,
        CARE,
        UNKNOWN
    }

    private About about(JsonNode consent) {
        boolean data = false;
        boolean care = false;
        var concepts = r4 ? List.of(consent.path("scope")) : elements(consent.path("category"));
        for (var concept : concepts) {
            for (var coding : elements(concept.path("coding"))) {
                var code = text(coding, "system") + "#" + text(coding, "code");
                data |= (r4 ? Words.PRIVACY_SCOPES : Words.PRIVACY_CATEGORIES).contains(code);
                care |= (r4 ? Words.CARE_SCOPES : Words.CARE_CATEGORIES).contains(code);
            }
        }
        return data ? About.DATA : care ? About.CARE : About.UNKNOWN;
    }

    private void noModifier(JsonNode node, String path) {
        if (node.isObject()) {
            for (var entry : node.properties()) {
                var at = path + "." + entry.getKey();
                if (entry.getKey().equals("modifierExtension")) {
                    problems.add(at);
                }
                noModifier(entry.getValue(), at);
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                noModifier(node.get(i), path + "[" + i + "]");
            }
        }
    }

    private void consent(JsonNode consent) {
        var letBe = r4
                ? Set.of(
                        "resourceType",
                        "status",
                        "scope",
                        "id",
                        "meta",
                        "language",
                        "text",
                        "contained",
                        "identifier",
                        "category",
                        "patient",
                        "performer",
                        "organization",
                        "sourceAttachment",
                        "sourceReference",
                        "policy",
                        "verification")
                : Set.of(
                        "resourceType",
                        "status",
                        "category",
                        "id",
                        "meta",
                        "language",
                        "text",
                        "contained",
                        "identifier",
                        "subject",
                        "grantor",
                        "grantee",
                        "manager",
                        "controller",
                        "sourceAttachment",
                        "sourceReference",
                        "regulatoryBasis",
                        "policyBasis",
                        "policyText",
                        "verification");
        var date = r4 ? "dateTime" : "date";
        zone(consent.path("_" + date), "Consent._" + date);
        for (var entry : consent.properties()) {
            var name = entry.getKey();
            var value = entry.getValue();
            var path = "Consent." + name;
            if (letBe.contains(name) || name.equals("_" + date)) {
                continue;
            }
            if (name.equals(date)) {
                require(isDate(text(consent, date)), path);
            } else if (name.equals("provision") && r4) {
                provision(value, path, true);
            } else if (name.equals("provision")) {
                list(value, path, (each, at) -> provision(each, at, false));
            } else if (name.equals("policyRule") && r4) {
                policyRule(value, path);
            } else if (name.equals("period") && !r4) {
                period(value, path);
            } else if (name.equals("decision") && !r4) {
                require(hasText(consent, "decision", "permit") || hasText(consent, "decision", "deny"), path);
            } else {
                problems.add(path);
            }
        }
        require(r4 || consent.has("decision"), "Consent.decision");
        if (r4 && problems.isEmpty()) {
            root(consent);
        }
    }

    private void root(JsonNode consent) {
        var root = consent.path("provision");
        boolean ruled = consent.has("policyRule");
        if (!root.has("type")) {
            require(ruled, "Consent.provision");
            require(!(ruled && R4Root.baseIsDeny(consent) && R4Root.hasConditions(root)), "Consent.provision");
        }
        if (problems.isEmpty() && R4Root.type(consent).equals("permit") && !R4Root.hasConditions(root)) {
            var children = elements(root.path("provision"));
            for (int i = 0; i < children.size(); i++) {
                require(!hasText(children.get(i), "type", "permit"), "Consent.provision.provision[" + i + "]");
            }
        }
    }

    private void policyRule(JsonNode concept, String path) {
        var bases = new HashSet<Boolean>();
        concept(concept, path, (system, code) -> {
            if (!system.equals(Words.ACT_CODE)) {
                return false;
            }
            bases.add(code.startsWith("OPTIN"));
            return Set.of("OPTIN", "OPTINR", "OPTOUT", "OPTOUTE").contains(code);
        });
        require(bases.size() == 1, path);
    }

    private void zone(JsonNode primitive, String path) {
        if (primitive.isMissingNode()) {
            return;
        }
        var extensions = primitive.path("extension");
        var extension = extensions.path(0);
        var name = text(extension, "valueCode");
        if (primitive.size() == 1
                && extensions.isArray()
                && extensions.size() == 1
                && extension.size() == 2
                && hasText(extension, "url", TZ)
                && ZoneId.getAvailableZoneIds().contains(name)) {
            zone = ZoneId.of(name);
        } else {
            problems.add(path);
        }
    }

    private void provision(JsonNode provision, String path, boolean root) {
        if (!isObject(provision, path)) {
            return;
        }
        for (var entry : provision.properties()) {
            var value = entry.getValue();
            var at = path + "." + entry.getKey();
            switch (entry.getKey()) {
                case "id" -> {}
                case "period", "dataPeriod" -> period(value, at);
                case "actor" -> list(value, at, this::actor);
                case "action" ->
                    list(
                            value,
                            at,
                            (each, here) -> concept(
                                    each,
                                    here,
                                    (system, code) -> system.equals(Words.ACTION) && Words.ACTIONS.contains(code)));
                case "securityLabel" -> list(value, at, (each, here) -> coding(each, here, Understanding::isLabel));
                case "purpose" ->
                    list(
                            value,
                            at,
                            (each, here) -> coding(
                                    each,
                                    here,
                                    (system, code) -> system.equals(Words.REASON) && Words.isPurpose(code)));
                case "code" -> list(value, at, (each, here) -> concept(each, here, (system, code) -> true));
                case "data" -> list(value, at, this::data);
                case "provision" -> list(value, at, (each, here) -> provision(each, here, false));
                default -> special(entry.getKey(), value, at, provision);
            }
        }
        require(!r4 || root || provision.has("type"), path + ".type");
    }

    private void special(String name, JsonNode value, String path, JsonNode provision) {
        if (r4 && name.equals("type")) {
            require(hasText(provision, "type", "permit") || hasText(provision, "type", "deny"), path);
        } else if (r4 && name.equals("class")) {
            list(
                    value,
                    path,
                    (each, here) -> coding(
                            each,
                            here,
                            (system, code) -> Words.TYPES.contains(system)
                                    || system.equals(Words.URI)
                                    || Words.DOCUMENTS.contains(system)));
        } else if (!r4 && name.equals("resourceType")) {
            list(
                    value,
                    path,
                    (each, here) -> coding(
                            each, here, (system, code) -> Words.TYPES.contains(system) || system.equals(Words.URI)));
        } else if (!r4 && name.equals("documentType")) {
            list(value, path, (each, here) -> coding(each, here, (system, code) -> Words.DOCUMENTS.contains(system)));
        } else {
            problems.add(path);
        }
    }

    private static boolean isLabel(String system, String code) {
        return system.equals(Words.CONFIDENTIALITY) && Words.LEVELS.contains(code)
                || system.equals(Words.ACT_CODE) && Words.SENSITIVITIES.containsKey(code);
    }

    private void actor(JsonNode actor, String path) {
        if (!isObject(actor, path)) {
            return;
        }
        onlyNames(actor, path, Set.of("id", "role", "reference"));
        require(
                actor.has("role") && actor.has("reference") || !r4 && (actor.has("role") || actor.has("reference")),
                path);
        if (actor.has("role")) {
            concept(
                    actor.get("role"),
                    path + ".role",
                    (system, code) -> Words.ROLES.contains(system)
                            || system.equals(Words.PARTICIPATION)
                                    && Words.INVOLVED.contains(code)
                                    && actor.has("reference"));
        }
        if (actor.has("reference")) {
            reference(actor.get("reference"), path + ".reference");
        }
    }

    private void data(JsonNode data, String path) {
        if (!isObject(data, path)) {
            return;
        }
        onlyNames(data, path, Set.of("id", "meaning", "reference"));
        require(Words.MEANINGS.contains(text(data, "meaning")), path + ".meaning");
        if (data.has("reference")) {
            reference(data.get("reference"), path + ".reference");
        } else {
            problems.add(path + ".reference");
        }
    }

    private void period(JsonNode period, String path) {
        if (!isObject(period, path)) {
            return;
        }
        onlyNames(period, path, Set.of("id", "start", "end"));
        require(period.has("start") || period.has("end"), path);
        require(!period.has("start") || period.get("start").isString(), path + ".start");
        require(!period.has("end") || period.get("end").isString(), path + ".end");
        try {
            require(!span(period, zone).isBackwards(), path);
        } catch (Span.NoDate e) {
            problems.add(path);
        }
    }

    private boolean isDate(String text) {
        try {
            Span.of(text, zone);
            return true;
        } catch (Span.NoDate e) {
            return false;
        }
    }

    static Span span(JsonNode period, ZoneId zone) throws Span.NoDate {
        return Span.period(
                period.has("start") ? text(period, "start") : null,
                period.has("end") ? text(period, "end") : null,
                zone);
    }

    private void reference(JsonNode reference, String path) {
        if (!isObject(reference, path)) {
            return;
        }
        onlyNames(reference, path, Set.of("id", "type", "display", "reference", "identifier"));
        require(reference.has("reference") || reference.has("identifier"), path);
        if (reference.has("reference")) {
            var text = text(reference, "reference");
            require(!text.isEmpty() && !text.startsWith("#") && !text.contains("/_history/"), path + ".reference");
        }
        if (reference.has("identifier")) {
            var identifier = reference.get("identifier");
            require(
                    !text(identifier, "system").isEmpty()
                            && !text(identifier, "value").isEmpty(),
                    path + ".identifier");
        }
    }

    private interface Known {
        boolean is(String system, String code);
    }

    private void concept(JsonNode concept, String path, Known known) {
        if (!isObject(concept, path)) {
            return;
        }
        onlyNames(concept, path, Set.of("id", "text", "coding"));
        list(concept.path("coding"), path + ".coding", (each, at) -> coding(each, at, known));
    }

    private void coding(JsonNode coding, String path, Known known) {
        if (!isObject(coding, path)) {
            return;
        }
        onlyNames(coding, path, Set.of("id", "version", "display", "userSelected", "system", "code"));
        var system = text(coding, "system");
        var code = text(coding, "code");
        require(!system.isEmpty() && !code.isEmpty() && known.is(system, code), path);
    }

    private void onlyNames(JsonNode object, String path, Set<String> names) {
        for (var entry : object.properties()) {
            require(names.contains(entry.getKey()), path + "." + entry.getKey());
        }
    }

    private void list(JsonNode list, String path, BiConsumer<JsonNode, String> each) {
        if (!list.isArray()) {
            problems.add(path);
            return;
        }
        for (int i = 0; i < list.size(); i++) {
            each.accept(list.get(i), path + "[" + i + "]");
        }
    }

    private boolean isObject(JsonNode node, String path) {
        require(node.isObject(), path);
        return node.isObject();
    }

    private void require(boolean holds, String path) {
        if (!holds) {
            problems.add(path);
        }
    }

    /** The word of this name, or "" where there is none or it is no word. */
    static String text(JsonNode object, String name) {
        var value = object.path(name);
        return value.isString() ? value.asString() : "";
    }

    static boolean hasText(JsonNode object, String name, String text) {
        return text(object, name).equals(text);
    }

    static List<JsonNode> elements(JsonNode list) {
        return list.isArray() ? List.copyOf(list.values()) : List.of();
    }
}
