package org.twinkeep.consent.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.twinkeep.consent.reference.ReferenceEvaluator.Said;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random consents of both dialects to depth 5, requests and items, all of one small world so that they meet. The same seed,
 * the same situation. Some consents are of another status or matter, and some are broken somewhere.
 */
final class ConsentTrees {

    /** Consents, who asks and for what, and what is there. */
    record Situation(List<Said> consents, String implicit, ObjectNode request, ArrayNode items) {

        Situation with(List<Said> others) {
            return new Situation(others, implicit, request, items);
        }
    }

    private static final int DEPTH = 5;
    private static final String[] PEOPLE = {
        "Practitioner/a", "Practitioner/b", "Organization/o", "Organization/p", "CareTeam/t", "urn:x|1"
    };
    private static final String[] PURPOSES = {
        "TREAT",
        "TREAT",
        "ETREAT",
        "BTG",
        "ERTREAT",
        "COC",
        "HPAYMT",
        "COVAUTH",
        "HRESCH",
        "CLINTRCH",
        "PurposeOfUse",
        "HMARKT"
    };
    private static final String[] LEVELS = {"U", "L", "M", "N", "N", "R", "V"};
    private static final String[] SENSITIVITIES = {"PSY", "SPI", "SUD", "ETHUD", "HIV", "SDV", "BH", "COGN"};
    private static final String[] TYPES = {"Observation", "Condition", "MedicationRequest", "Claim"};
    private static final String[] PROFILES = {"http://example.org/p", "http://example.org/q", "http://example.org/p|2"};
    private static final String[] CODES = {"4548-4", "2339-0", "718-7"};
    private static final String[] THINGS = {
        "Observation/1", "Condition/2", "Encounter/e", "Encounter/f", "CarePlan/c", "DiagnosticReport/d"
    };
    private static final String[] MEANINGS = {"instance", "related", "dependents", "authoredby"};
    private static final String[] ZONES = {"Europe/Berlin", "America/Santiago", "Pacific/Auckland", "UTC"};

    /** In their order, so that two of them make a period. */
    private static final String[] DATES = {
        "2019",
        "2020",
        "2020-03",
        "2020-03-29",
        "2020-06-15",
        "2020-06-15T10:00:00Z",
        "2020-06-15T12:00:00.5+01:00",
        "2020-06-15T22:30:00Z",
        "2020-06-16",
        "2020-09-06",
        "2020-12-31",
        "2021-01",
        "2021-01-01T00:00:00-05:00",
        "2022"
    };

    private static final List<String> DATED = List.of("end", "start", "dateTime", "date");

    /** Some are dates, at the edge of what may be written; the others are none. */
    private static final String[] ODD_DATES = {
        "2020-02-30",
        "2020-13",
        "20200101",
        "2020-1-1",
        " 2020",
        "-2020",
        "10000",
        "0000",
        "0001",
        "9999-12-31",
        "\uff12\uff10\uff12\uff10",
        "2020-01-01T10:00Z",
        "2020-01-01T10:00:00",
        "2020-01-01T10:00:00z",
        "2020-01-01t10:00:00Z",
        "2020-01-01 10:00:00Z",
        "2020-01-01T10:00:00+1400",
        "2020-01-01T10:00:00+14:00",
        "2020-01-01T10:00:00+14:01",
        "2020-01-01T10:00:00-13:60",
        "2020-01-01T10:00:00-00:00",
        "2020-01-01T10:00:00.Z",
        "2020-01-01T10:00:00.123456789Z",
        "2020-01-01T10:00:00.1234567890Z",
        "2020-01-01T24:00:00Z",
        "2020-01-01T23:60:00Z",
        "2016-12-31T23:59:60Z",
        "2020-01T10:00:00Z",
        "2020-01-01T10:00:00Z\n"
    };

    private static final String[] MOMENTS = {
        "2019-12-31T23:59:59Z",
        "2020-01-01T00:00:00Z",
        "2020-03-28T23:00:00Z",
        "2020-03-29T22:00:00Z",
        "2020-06-15T09:59:59.999Z",
        "2020-06-15T10:00:00.3Z",
        "2020-06-15T11:00:00.5Z",
        "2020-06-15T11:00:00.500000001Z",
        "2020-06-15T22:00:00Z",
        "2020-09-06T03:30:00Z",
        "2020-12-31T11:00:00Z",
        "2021-06-01T00:00:00Z",
        "2026-11-21T09:00:00Z"
    };

    private final Random random;

    private ConsentTrees(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
    }

    static Situation of(long seed) {
        return new ConsentTrees(seed).situation();
    }

    /** A consent that only denies, in either dialect: all, or what its conditions say. */
    static Said denying(long seed) {
        return new ConsentTrees(seed).denying();
    }

    /** One provision of only conditions: what may be hung under a permit as a denial. */
    static ObjectNode conditions(long seed, boolean r4) {
        var trees = new ConsentTrees(seed);
        var provision = object();
        do {
            trees.attributes(provision, r4, 0.3);
        } while (provision.isEmpty());
        return provision;
    }

    private Situation situation() {
        var consents = new ArrayList<Said>();
        for (int n = random.nextInt(10) < 6 ? 1 : random.nextInt(4); n > 0; n--) {
            consents.add(consent());
        }
        var items = Corpus.JSON.createArrayNode();
        for (int i = 0; i < 4; i++) {
            items.add(item(i));
        }
        var implicit = one("deny", "deny", "basic-normal", "all-normal", "break-glass-only");
        return new Situation(consents, implicit, request(), items);
    }

    private Said denying() {
        boolean r4 = random.nextBoolean();
        var consent = shell(r4);
        if (!r4) {
            consent.put("decision", "deny");
        } else if (chance(0.3)) {
            consent.set("policyRule", concept(Words.ACT_CODE, "OPTOUT"));
        } else {
            var root = object().put("type", "deny");
            if (chance(0.7)) {
                attributes(root, true, 0.2);
            }
            consent.set("provision", root);
        }
        return new Said(r4 ? "R4" : "R5", consent.toString());
    }

    private Said consent() {
        boolean r4 = random.nextBoolean();
        var consent = shell(r4);
        if (chance(0.05)) {
            consent.put("status", one("inactive", "draft", "entered-in-error", "rejected", "unknown", "Active"));
        }
        if (r4) {
            r4(consent);
        } else {
            r5(consent);
        }
        if (chance(0.06)) {
            breakSomewhere(consent);
        }
        return new Said(chance(0.01) ? "R5" : r4 ? "R4" : "R5", consent.toString());
    }

    private ObjectNode shell(boolean r4) {
        var consent = object().put("resourceType", "Consent").put("status", "active");
        var matter = chance(0.03) ? one("treatment", "adr", "nothing") : chance(0.1) ? "research" : "patient-privacy";
        if (r4) {
            consent.set("scope", concept(Words.SCOPE, matter));
        } else {
            consent.set("category", list(concept(Words.SCOPE, matter)));
        }
        if (chance(0.3)) {
            var zone = object().put("url", "http://hl7.org/fhir/StructureDefinition/tz-code")
                    .put("valueCode", one(ZONES));
            consent.put(r4 ? "dateTime" : "date", "2019-05-01");
            consent.set(r4 ? "_dateTime" : "_date", object().set("extension", list(zone)));
        }
        return consent;
    }

    private void r5(ObjectNode consent) {
        consent.put("decision", one("permit", "deny"));
        if (chance(0.15)) {
            consent.set("period", period());
        }
        children(consent, false, 1, 0.9);
    }

    private void r4(ObjectNode consent) {
        if (chance(0.55)) {
            consent.set(
                    "policyRule",
                    concept(Words.ACT_CODE, one("OPTIN", "OPTOUT", "OPTIN", "OPTOUT", "OPTINR", "OPTOUTE", "NOPP")));
        }
        if (consent.has("policyRule") && chance(0.1)) {
            return;
        }
        var root = object();
        if (!consent.has("policyRule") || chance(0.4)) {
            root.put("type", one("permit", "deny"));
        }
        boolean plain = consent.has("policyRule") && !root.has("type") && chance(0.6);
        if (!plain) {
            attributes(root, true, 0.15);
        }
        if (chance(0.15)) {
            root.set("period", period());
        }
        children(root, true, 2, 0.9);
        if (root.isEmpty()) {
            root.put("type", "permit");
        }
        consent.set("provision", root);
    }

    private void children(ObjectNode parent, boolean r4, int depth, double odds) {
        if (depth > DEPTH || !chance(odds)) {
            return;
        }
        var provisions = Corpus.JSON.createArrayNode();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            var provision = object();
            if (r4 && !chance(0.005)) {
                provision.put("type", one("permit", "deny"));
            }
            attributes(provision, r4, 0.12);
            children(provision, r4, depth + 1, 0.5);
            if (provision.isEmpty()) {
                provision.put("id", "p");
            }
            provisions.add(provision);
        }
        parent.set("provision", provisions);
    }

    private void attributes(ObjectNode provision, boolean r4, double odds) {
        if (chance(odds * 1.5)) {
            provision.set("actor", several(this::actor));
        }
        if (chance(odds / 2)) {
            provision.set("action", several(() -> concept(Words.ACTION, one("access", "access", "use", "disclose"))));
        }
        if (chance(odds * 1.5)) {
            provision.set("purpose", several(() -> coding(Words.REASON, one(PURPOSES))));
        }
        if (chance(odds / 2)) {
            provision.set("period", period());
        }
        if (chance(odds * 1.5)) {
            provision.set("securityLabel", several(this::label));
        }
        if (chance(odds)) {
            provision.set(
                    r4 ? "class" : "resourceType",
                    several(() -> chance(0.8)
                            ? coding("http://hl7.org/fhir/resource-types", one(TYPES))
                            : coding(Words.URI, one(PROFILES))));
        }
        if (chance(odds / 3)) {
            provision.set(r4 ? "class" : "documentType", several(this::clazz));
        }
        if (chance(odds)) {
            provision.set("code", several(() -> concept(Words.LOINC, one(CODES))));
        }
        if (chance(odds)) {
            provision.set("dataPeriod", period());
        }
        if (chance(odds)) {
            provision.set("data", several(() -> {
                var meaning = one(MEANINGS);
                var what = meaning.equals("authoredby") ? one(PEOPLE) : one(THINGS);
                return (ObjectNode) object().put("meaning", meaning).set("reference", reference(what));
            }));
        }
    }

    private ObjectNode actor() {
        var role = chance(0.75)
                ? concept(Words.PARTICIPATION, one("IRCP", "PRCP", "CST"))
                : concept(Words.OUR_ROLE, one("clinician", "insurer"));
        return (ObjectNode) ((ObjectNode) object().set("role", role)).set("reference", reference(one(PEOPLE)));
    }

    private ObjectNode reference(String to) {
        int bar = to.indexOf('|');
        return bar < 0
                ? object().put("reference", to)
                : (ObjectNode) object().set(
                                "identifier",
                                object().put("system", to.substring(0, bar)).put("value", to.substring(bar + 1)));
    }

    private ObjectNode label() {
        return chance(0.5) ? coding(Words.CONFIDENTIALITY, one(LEVELS)) : coding(Words.ACT_CODE, one(SENSITIVITIES));
    }

    private ObjectNode clazz() {
        return coding("urn:ietf:bcp:13", one("application/pdf", "application/hl7-cda+xml"));
    }

    private ObjectNode period() {
        int from = random.nextInt(DATES.length);
        int to = from + random.nextInt(DATES.length - from);
        var period = object();
        if (!chance(0.2)) {
            period.put("start", DATES[from]);
        }
        if (period.isEmpty() || !chance(0.2)) {
            period.put("end", DATES[to]);
        }
        return period;
    }

    private ObjectNode request() {
        var request = object();
        request.set("actors", words(PEOPLE, 0.4));
        if (chance(0.6)) {
            request.set("roles", several(() -> coding(Words.OUR_ROLE, one("clinician", "insurer"))));
        }
        if (!chance(0.01)) {
            request.set("purpose", coding(Words.REASON, chance(0.01) ? "NONE" : one(PURPOSES)));
        }
        if (!chance(0.01)) {
            request.set("action", coding(Words.ACTION, chance(0.85) ? "access" : one("use", "disclose", "peek")));
        }
        return request.put("at", one(MOMENTS));
    }

    private ObjectNode item(int number) {
        var reference = number < 2 ? THINGS[random.nextInt(3) * 2 + number] : "Observation/x" + number;
        var item = object().put("reference", reference)
                .put("type", chance(0.2) ? one(TYPES) : reference.split("/")[0]);
        item.set("profiles", words(PROFILES, 0.2));
        item.set("classes", chance(0.3) ? several(this::clazz) : Corpus.JSON.createArrayNode());
        item.set("codes", chance(0.6) ? several(() -> coding(Words.LOINC, one(CODES))) : Corpus.JSON.createArrayNode());
        item.set(
                "labels",
                chance(0.6)
                        ? several(() -> chance(0.03) ? coding(Words.CONFIDENTIALITY, "Q") : label())
                        : Corpus.JSON.createArrayNode());
        if (chance(0.6)) {
            item.put("start", one(DATES));
        }
        if (chance(0.6)) {
            item.put("end", item.has("start") && chance(0.7) ? item.get("start").asString() : one(DATES));
        }
        if (chance(0.02)) {
            item.put(one("start", "end"), one(ODD_DATES));
        }
        item.set("authors", words(PEOPLE, 0.25));
        if (chance(0.4)) {
            item.put("encounter", one("Encounter/e", "Encounter/f"));
        }
        item.set("refersTo", words(THINGS, 0.2));
        item.set("referredBy", words(THINGS, 0.2));
        return item;
    }

    // ---- breaking

    private void breakSomewhere(ObjectNode consent) {
        var places = new ArrayList<ObjectNode>();
        collect(consent, places);
        var place = places.get(random.nextInt(places.size()));
        var names = new ArrayList<>(place.propertyNames());
        var name = names.get(random.nextInt(names.size()));
        var dated = places.stream()
                .filter(each -> DATED.stream().anyMatch(each::has))
                .toList();
        if (!dated.isEmpty() && chance(0.4)) {
            var one = dated.get(random.nextInt(dated.size()));
            one.put(DATED.stream().filter(one::has).findFirst().orElseThrow(), one(ODD_DATES));
            return;
        }
        switch (random.nextInt(9)) {
            case 0 -> place.put("unheardOf", 1);
            case 1 ->
                place.set("modifierExtension", list(object().put("url", "urn:x").put("valueBoolean", true)));
            case 2 -> place.set("extension", list(object().put("url", "urn:x").put("valueBoolean", true)));
            case 3 -> place.putNull(name);
            case 4 -> place.put(name, "other");
            case 5 -> place.set(name, list(place.get(name)));
            case 6 -> place.remove(name);
            case 7 -> place.set(name, object());
            default ->
                place.set(name, place.get(name).isArray() ? place.get(name).get(0) : object().put("a", "b"));
        }
    }

    static void collect(JsonNode node, List<ObjectNode> into) {
        if (node instanceof ObjectNode object) {
            into.add(object);
        }
        node.values().forEach(child -> collect(child, into));
    }

    // ---- small things

    private static ObjectNode object() {
        return Corpus.JSON.createObjectNode();
    }

    private static ArrayNode list(JsonNode only) {
        return Corpus.JSON.createArrayNode().add(only);
    }

    private ObjectNode coding(String system, String code) {
        return object().put("system", system).put("code", code);
    }

    private ObjectNode concept(String system, String code) {
        return (ObjectNode) object().set("coding", list(coding(system, code)));
    }

    private interface Maker {
        ObjectNode make();
    }

    private ArrayNode several(Maker maker) {
        var all = Corpus.JSON.createArrayNode();
        for (int n = chance(0.7) ? 1 : 1 + random.nextInt(3); n > 0; n--) {
            all.add(maker.make());
        }
        return all;
    }

    private ArrayNode words(String[] from, double odds) {
        var all = Corpus.JSON.createArrayNode();
        for (var word : from) {
            if (chance(odds)) {
                all.add(word);
            }
        }
        return all;
    }

    private boolean chance(double odds) {
        return random.nextDouble() < odds;
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
