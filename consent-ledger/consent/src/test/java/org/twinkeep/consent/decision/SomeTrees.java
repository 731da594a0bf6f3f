package org.twinkeep.consent.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.json.CanonicalJson;

/** Consents, requests and items out of small pools, so that they meet often. Consents are maps, to be changed by tests. */
final class SomeTrees {

    private static final String PURPOSE = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private static final String LEVEL = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String SENSITIVE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final List<String> PURPOSES = List.of("TREAT", "ETREAT", "HPAYMT", "PurposeOfUse");
    private static final int DEEPEST = 5;

    private final Random random;
    private final Dialect dialect;

    SomeTrees(long seed, Dialect dialect) {
        this.random = new Random(seed);
        this.dialect = dialect;
    }

    static byte[] bytes(Map<String, Object> consent) {
        return CanonicalJson.bytes(consent);
    }

    Map<String, Object> consent() {
        var json = new LinkedHashMap<String, Object>();
        json.put("resourceType", "Consent");
        json.put("status", "active");
        var privacy = concept("http://loinc.org", "59284-0");
        json.put("category", list(privacy));
        if (dialect == Dialect.R4) {
            json.put("scope", concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"));
            json.put("policyRule", concept(SENSITIVE, pick("OPTIN", "OPTOUT")));
            var root = new LinkedHashMap<String, Object>();
            if (random.nextBoolean()) {
                root = provision(1);
                root.put("type", pick("permit", "deny"));
            } else {
                root.put("provision", provisions(2));
            }
            json.put("provision", root);
        } else {
            json.put("decision", pick("permit", "deny"));
            json.put("provision", provisions(1));
        }
        return json;
    }

    Map<String, Object> denyingConsent() {
        var json = consent();
        json.remove("provision");
        if (dialect == Dialect.R4) {
            json.put("policyRule", concept(SENSITIVE, "OPTOUT"));
        } else {
            json.put("decision", "deny");
        }
        return json;
    }

    LinkedHashMap<String, Object> provision(int depth) {
        var json = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(3); i > 0; i--) {
            state(json);
        }
        if (depth < DEEPEST && random.nextInt(3) > 0) {
            json.put("provision", provisions(depth + 1));
        }
        if (dialect == Dialect.R4) {
            json.put("type", pick("permit", "deny"));
        } else if (json.isEmpty()) {
            state(json);
        }
        return json;
    }

    private List<Object> provisions(int depth) {
        var all = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            all.add(provision(depth));
        }
        return all;
    }

    private void state(Map<String, Object> json) {
        switch (random.nextInt(8)) {
            case 0 -> json.put("purpose", list(coding(PURPOSE, pick("TREAT", "ETREAT", "HPAYMT"))));
            case 1 ->
                json.put(
                        "actor",
                        list(map(
                                "role",
                                concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "IRCP"),
                                "reference",
                                map("reference", "Practitioner/" + pick("a", "b")))));
            case 2 -> json.put("action", list(concept(Ask.ACTIONS, pick("access", "use"))));
            case 3 -> json.put("securityLabel", list(coding(LEVEL, pick("N", "R")), coding(SENSITIVE, "PSY")));
            case 4 -> json.put("code", list(concept("http://loinc.org", pick("1-1", "2-2"))));
            case 5 -> json.put("dataPeriod", map("start", pick("2019", "2021"), "end", "2022-06"));
            case 6 -> json.put("period", map(pick("start", "end"), "2025-05-31"));
            default ->
                json.put(
                        "data",
                        list(map(
                                "meaning",
                                pick("instance", "related", "dependents", "authoredby"),
                                "reference",
                                map("reference", pick("Encounter/1", "Observation/1", "Practitioner/a")))));
        }
    }

    Ask ask() {
        return new Ask(
                Set.of("Practitioner/" + pick("a", "b")),
                Set.of(),
                new Code(PURPOSE, PURPOSES.get(random.nextInt(PURPOSES.size()))),
                new Code(Ask.ACTIONS, pick("access", "use")),
                Instant.parse(pick("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")));
    }

    Item item() {
        var start = random.nextInt(3) == 0 ? null : pick("2018", "2020", "2022-07-01");
        return new Item(
                "Observation/" + pick("1", "2"),
                "Observation",
                Set.of(),
                Set.of(),
                Set.of(new Code("http://loinc.org", pick("1-1", "3-3"))),
                Set.of(new Code(pick(LEVEL, SENSITIVE), pick("N", "R", "PSY"))),
                start,
                random.nextBoolean() ? start : null,
                random.nextBoolean() ? Set.of() : Set.of("Practitioner/a"),
                pick("Encounter/1", "Encounter/2"),
                Set.of(),
                Set.of(),
                null);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> provisionsOf(Map<String, Object> json) {
        var found = new ArrayList<Map<String, Object>>();
        var children = json.get("provision");
        for (var child : children instanceof List<?> list ? list : children == null ? List.of() : List.of(children)) {
            var provision = (Map<String, Object>) child;
            found.add(provision);
            found.addAll(provisionsOf(provision));
        }
        return found;
    }

    private String pick(String... one) {
        return one[random.nextInt(one.length)];
    }

    static List<Object> list(Object... all) {
        return new ArrayList<>(List.of(all));
    }

    static Map<String, Object> concept(String system, String code) {
        return map("coding", list(coding(system, code)));
    }

    static Map<String, Object> coding(String system, String code) {
        return map("system", system, "code", code);
    }

    static Map<String, Object> map(@Nullable Object... pairs) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
