package org.twinkeep.integrations.fhir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The table of whose record a resource is, by its type; the data stand in {@code whose.txt}, for people to read. */
final class Whose {
    enum Rule {
        /** Names its patient, and must. */
        OWN,
        /** May name its patient. */
        MAYBE,
        /** Speaks of other entries. */
        TARGETS,
        /** Belongs to those who refer to it. */
        REFERRED,
        /** The directory of organisations and practitioners. */
        SHARED,
        /** A server's answer, not a record. */
        ANSWER
    }

    /** @param paths the elements that name whom or what it is about */
    record Line(Rule rule, List<List<String>> paths) {
        /** The references at the paths, as nodes. */
        List<JsonNode> references(JsonNode resource) {
            var found = new ArrayList<JsonNode>();
            for (var path : paths) {
                collect(resource, path, 0, found);
            }
            return found;
        }

        private static void collect(JsonNode from, List<String> path, int at, List<JsonNode> found) {
            if (from.isArray()) {
                from.forEach(each -> collect(each, path, at, found));
            } else if (at == path.size()) {
                if (from.isObject()) {
                    found.add(from);
                }
            } else if (from.has(path.get(at))) {
                collect(from.path(path.get(at)), path, at + 1, found);
            }
        }
    }

    private static final Line REFERRED = new Line(Rule.REFERRED, List.of());

    private final Map<String, Line> lines;

    private Whose(Map<String, Line> lines) {
        this.lines = lines;
    }

    static Whose table() {
        try (var in = Whose.class.getResourceAsStream("whose.txt")) {
            if (in == null) {
                throw new IllegalStateException("whose.txt is missing from the build");
            }
            var lines = new HashMap<String, Line>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .forEach(words -> lines.put(
                            words[1],
                            new Line(
                                    Rule.valueOf(words[0].toUpperCase(Locale.ROOT)),
                                    Arrays.stream(words)
                                            .skip(2)
                                            .map(path -> List.of(path.split("\\.")))
                                            .toList())));
            return new Whose(Map.copyOf(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Line of(String type) {
        return lines.getOrDefault(type, REFERRED);
    }

    /** Every type that has a line of its own. */
    java.util.Set<String> types() {
        return lines.keySet();
    }
}
