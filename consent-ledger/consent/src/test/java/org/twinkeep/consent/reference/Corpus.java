package org.twinkeep.consent.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.consent.reference.ReferenceEvaluator.Said;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases of src/test/resources/corpus. */
final class Corpus {

    static final JsonMapper JSON = JsonMapper.builder().build();

    record Case(String file, JsonNode json) {

        String title() {
            return json.get("title").asString();
        }

        /** The dialects of its consents, or its own where it has none. */
        Set<String> dialects() {
            return json.has("dialect")
                    ? Set.of(json.get("dialect").asString())
                    : Set.copyOf(words(json.get("dialects")));
        }

        List<Said> consents() {
            var all = new ArrayList<Said>();
            var consents = json.get("consents");
            for (int i = 0; i < consents.size(); i++) {
                var dialect = json.has("dialect")
                        ? json.get("dialect")
                        : json.get("dialects").get(i);
                all.add(new Said(dialect.asString(), consents.get(i).toString()));
            }
            return all;
        }

        String implicit() {
            return json.path("implicit").asString("deny");
        }

        JsonNode request() {
            return json.get("request");
        }

        JsonNode data() {
            return json.get("data");
        }

        Map<String, String> decisions() {
            var decisions = new LinkedHashMap<String, String>();
            json.get("expected")
                    .get("decisions")
                    .properties()
                    .forEach(entry ->
                            decisions.put(entry.getKey(), entry.getValue().asString()));
            return decisions;
        }

        Set<String> visible() {
            return Set.copyOf(words(json.get("expected").get("visible")));
        }

        List<String> covers() {
            return json.has("covers") ? words(json.get("covers")) : List.of();
        }

        List<String> restsOn() {
            return words(json.get("rests_on"));
        }

        @Override
        public String toString() {
            return file + ": " + title();
        }
    }

    private Corpus() {}

    static List<Case> cases() {
        try (var files = Files.list(Path.of("src/test/resources/corpus"))) {
            return files.sorted().flatMap(file -> in(file).stream()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Case> in(Path file) {
        var name = file.getFileName().toString();
        return JSON.readTree(file.toFile())
                .valueStream()
                .map(json -> new Case(name, json))
                .toList();
    }

    private static List<String> words(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).collect(Collectors.toList());
    }
}
