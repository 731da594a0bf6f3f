import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Out of Synthea's hospital and practitioner bundles, the entries that the given people refer to, as one bundle.
 *
 * <p>Run as {@code java -cp <Jackson> Directory.java PERSON... -- DIRECTORY_BUNDLE...}. An entry is taken when a person
 * names it ({@code Type?identifier=system|value}), when a taken entry names it by identifier, or when it is the role of
 * a taken practitioner. Entries are not edited, apart from Synthea's run counters ({@code utilization-*}), which are
 * left out; of one that is in several bundles, the first is taken. A reference that nothing answers is a failure.
 */
class Directory {

    private static final Set<String> TYPES = Set.of("Organization", "Location", "Practitioner", "PractitionerRole");
    private static final String COUNTER = "http://synthetichealth.github.io/synthea/utilization-";

    private final ObjectMapper json = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private final Map<String, JsonNode> entries = new LinkedHashMap<>();
    private final Map<String, String> entryOfIdentifier = new LinkedHashMap<>();
    private final Map<String, List<String>> rolesOfPractitioner = new LinkedHashMap<>();

    public static void main(String... arguments) throws IOException {
        var all = List.of(arguments);
        var middle = all.indexOf("--");
        if (middle < 1 || middle == all.size() - 1) {
            System.err.println("Usage: Directory PERSON... -- DIRECTORY_BUNDLE...");
            System.exit(2);
        }
        var directory = new Directory();
        for (var bundle : all.subList(middle + 1, all.size())) {
            directory.learn(bundle);
        }
        var wanted = new TreeSet<String>();
        for (var person : all.subList(0, middle)) {
            conditionalReferences(directory.json.readTree(new File(person)), wanted);
        }
        var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        out.println(directory.bundleOf(wanted));
        out.flush();
    }

    private void learn(String file) throws IOException {
        for (var entry : json.readTree(new File(file)).path("entry")) {
            var resource = entry.path("resource");
            var type = resource.path("resourceType").asText();
            var key = type + "/" + resource.path("id").asText();
            if (!TYPES.contains(type) || entries.putIfAbsent(key, entry) != null) {
                continue;
            }
            for (var identifier : resource.path("identifier")) {
                entryOfIdentifier.put(type + "?identifier=" + token(identifier), key);
            }
            if (type.equals("PractitionerRole")) {
                rolesOfPractitioner
                        .computeIfAbsent(token(resource.at("/practitioner/identifier")), npi -> new ArrayList<>())
                        .add(key);
            }
        }
    }

    private String bundleOf(Set<String> wanted) throws IOException {
        var open = new ArrayDeque<>(wanted.stream().map(this::answer).toList());
        var taken = new TreeSet<String>();
        while (!open.isEmpty()) {
            var key = open.remove();
            if (!taken.add(key)) {
                continue;
            }
            var resource = entries.get(key).path("resource");
            for (var identifier : resource.path("identifier")) {
                open.addAll(rolesOfPractitioner.getOrDefault(token(identifier), List.of()));
            }
            named(resource, "managingOrganization", "Organization").forEach(open::add);
            named(resource, "practitioner", "Practitioner").forEach(open::add);
            named(resource, "organization", "Organization").forEach(open::add);
            named(resource, "location", "Location").forEach(open::add);
        }
        var bundle = json.createObjectNode().put("resourceType", "Bundle").put("type", "batch");
        var list = bundle.putArray("entry");
        taken.forEach(key -> list.add(withoutCounters(entries.get(key))));
        return json.writerWithDefaultPrettyPrinter().writeValueAsString(bundle);
    }

    /** The entries that one element of a resource, single or a list, names by identifier. */
    private List<String> named(JsonNode resource, String element, String type) {
        var found = new ArrayList<String>();
        var value = resource.path(element);
        for (var reference : value.isArray() ? value : json.createArrayNode().add(value)) {
            if (reference.has("identifier")) {
                found.add(answer(type + "?identifier=" + token(reference.path("identifier"))));
            }
        }
        return found;
    }

    private String answer(String reference) {
        var key = entryOfIdentifier.get(reference);
        if (key == null) {
            throw new IllegalStateException("no entry of the directory bundles answers " + reference);
        }
        return key;
    }

    private static String token(JsonNode identifier) {
        return identifier.path("system").asText() + "|" + identifier.path("value").asText();
    }

    private static JsonNode withoutCounters(JsonNode entry) {
        var copy = entry.deepCopy();
        var extensions = copy.path("resource").path("extension").elements();
        while (extensions.hasNext()) {
            if (extensions.next().path("url").asText().startsWith(COUNTER)) {
                extensions.remove();
            }
        }
        if (copy.path("resource").path("extension").isEmpty()) {
            ((com.fasterxml.jackson.databind.node.ObjectNode) copy.path("resource")).remove("extension");
        }
        return copy;
    }

    private static void conditionalReferences(JsonNode node, Set<String> found) {
        if (node.isTextual()) {
            var type = node.asText().split("\\?identifier=", 2);
            if (type.length == 2 && TYPES.contains(type[0])) {
                found.add(node.asText());
            }
        }
        node.forEach(child -> conditionalReferences(child, found));
    }
}
