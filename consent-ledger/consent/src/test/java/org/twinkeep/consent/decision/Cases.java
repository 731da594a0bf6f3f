package org.twinkeep.consent.decision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The cases of the corpus (docs/formats/consent-decision.md, 11), as the engine takes them. */
record Cases(
        String title,
        CompiledConsents consents,
        Ask ask,
        List<Item> items,
        Implicit implicit,
        Map<String, String> decisions,
        Set<String> visible) {

    private static final Path FOLDER = Path.of("src/test/resources/corpus");

    static Stream<Cases> all() {
        var vocabulary = new Vocabulary();
        try (var files = Files.list(FOLDER)) {
            var cases = new ArrayList<Cases>();
            for (var file : files.sorted().toList()) {
                for (var each : JsonMapper.shared().readTree(Files.readString(file))) {
                    cases.add(of(file.getFileName() + ": ", each, vocabulary));
                }
            }
            return cases.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Cases of(String file, JsonNode json, Vocabulary vocabulary) {
        var expected = json.path("expected");
        var decisions = new LinkedHashMap<String, String>();
        expected.path("decisions")
                .properties()
                .forEach(each -> decisions.put(each.getKey(), each.getValue().asString()));
        var items = new ArrayList<Item>();
        json.path("data").forEach(item -> items.add(item(item)));
        return new Cases(
                file + json.path("title").asString(),
                consents(json, vocabulary),
                ask(json.path("request")),
                items,
                implicit(json.path("implicit").asString("deny")),
                decisions,
                strings(expected.path("visible")));
    }

    private static CompiledConsents consents(JsonNode json, Vocabulary vocabulary) {
        var all = CompiledConsents.none(vocabulary);
        for (int i = 0; i < json.path("consents").size(); i++) {
            var dialect = json.has("dialects")
                    ? json.path("dialects").path(i).asString()
                    : json.path("dialect").asString();
            var text = json.path("consents").path(i).toString();
            all = all.with(Dialect.valueOf(dialect), text.getBytes(UTF_8), Instant.EPOCH);
        }
        return all;
    }

    private static Ask ask(JsonNode json) {
        return new Ask(
                strings(json.path("actors")),
                codes(json.path("roles")),
                code(json.path("purpose")),
                code(json.path("action")),
                Instant.parse(json.path("at").asString()));
    }

    static Item item(JsonNode json) {
        return new Item(
                json.path("reference").asString(),
                json.path("type").asString(),
                strings(json.path("profiles")),
                codes(json.path("classes")),
                codes(json.path("codes")),
                codes(json.path("labels")),
                text(json.path("start")),
                text(json.path("end")),
                strings(json.path("authors")),
                text(json.path("encounter")),
                strings(json.path("refersTo")),
                strings(json.path("referredBy")),
                null);
    }

    private static Implicit implicit(String code) {
        return Stream.of(Implicit.values())
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable Code code(JsonNode json) {
        return json.isObject()
                ? new Code(json.path("system").asString(), json.path("code").asString())
                : null;
    }

    private static Set<Code> codes(JsonNode json) {
        var codes = new LinkedHashSet<Code>();
        json.forEach(each -> codes.add(
                new Code(each.path("system").asString(), each.path("code").asString())));
        return codes;
    }

    private static Set<String> strings(JsonNode json) {
        var strings = new LinkedHashSet<String>();
        json.forEach(each -> strings.add(each.asString()));
        return strings;
    }

    private static @Nullable String text(JsonNode json) {
        return json.isString() ? json.asString() : null;
    }

    @Override
    public String toString() {
        return title;
    }
}
