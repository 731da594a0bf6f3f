package org.twinkeep.integrations.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import tools.jackson.databind.JsonNode;

/**
 * A patient whom a file speaks of: by which identifiers a twin is known, and what the source is called.
 *
 * @param identity what the twin is known by: the source's own record numbers, all of them; else the first identifier that is no
 *     number of state; else the address of the resource on its server; else the first number of state; else a worldwide name
 * @param numbersOfState never what a twin is known by where there is better, but erased with it
 * @param twin already known, where the file does not hold the patient
 */
record PatientHere(
        String where,
        List<Identifier> identity,
        List<Identifier> numbersOfState,
        @Nullable String source,
        @Nullable TwinId twin) {

    record Identifier(String system, String value) {
        @Override
        public String toString() {
            return "Identifier";
        }
    }

    /** HL7 table 0203: identifiers that a state or public body issues. */
    private static final Set<String> OF_STATE =
            Set.of("SS", "SB", "DL", "PPN", "TAX", "NI", "NH", "NNxxx", "MC", "MA", "CZ", "PRC", "BC", "DC", "VS");

    private static final Set<String> SYSTEMS_OF_STATE = Set.of(
            "http://hl7.org/fhir/sid/us-ssn", "http://hl7.org/fhir/sid/us-medicare", "http://hl7.org/fhir/sid/us-mbi");

    /** @param source as the file's marks or the user name it; else the assigner's system of the first identifier */
    static PatientHere read(JsonNode patient, String where, @Nullable String fullUrl, @Nullable String source) {
        var own = new ArrayList<Identifier>();
        var other = new ArrayList<Identifier>();
        var state = new ArrayList<Identifier>();
        for (var each : patient.path("identifier")) {
            var system = each.path("system").stringValue("").strip();
            var value = each.path("value").stringValue("").strip();
            if (!system.isEmpty() && !value.isEmpty()) {
                var identifier = new Identifier(system, value);
                var kind = isOfState(each, system) ? state : isRecordNumber(each) ? own : other;
                kind.add(identifier);
            }
        }
        var identity = first(own, first(one(other), first(address(fullUrl), first(one(state), worldwide(fullUrl)))));
        var named = source == null && !identity.isEmpty() ? identity.getFirst().system() : source;
        return new PatientHere(where, List.copyOf(identity), List.copyOf(state), named, null);
    }

    private static List<Identifier> one(List<Identifier> several) {
        return several.subList(0, Math.min(1, several.size()));
    }

    private static List<Identifier> first(List<Identifier> best, List<Identifier> otherwise) {
        return best.isEmpty() ? otherwise : best;
    }

    private static List<Identifier> address(@Nullable String fullUrl) {
        var server = Reference.serverOf(fullUrl);
        return server.isEmpty() || fullUrl == null
                ? List.of()
                : List.of(new Identifier(server, fullUrl.substring(server.length())));
    }

    private static List<Identifier> worldwide(@Nullable String fullUrl) {
        return fullUrl != null && (fullUrl.startsWith("urn:uuid:") || fullUrl.startsWith("urn:oid:"))
                ? List.of(new Identifier("urn:ietf:rfc:3986", fullUrl))
                : List.of();
    }

    private static boolean isRecordNumber(JsonNode identifier) {
        return hasType(identifier, Set.of("MR", "MRT", "PI", "PT"));
    }

    private static boolean isOfState(JsonNode identifier, String system) {
        return SYSTEMS_OF_STATE.contains(system)
                || system.startsWith("http://hl7.org/fhir/sid/passport-")
                || hasType(identifier, OF_STATE);
    }

    private static boolean hasType(JsonNode identifier, Set<String> codes) {
        return identifier
                .path("type")
                .path("coding")
                .valueStream()
                .anyMatch(c -> codes.contains(c.path("code").stringValue("")));
    }

    @Override
    public String toString() {
        return "PatientHere " + where;
    }
}
