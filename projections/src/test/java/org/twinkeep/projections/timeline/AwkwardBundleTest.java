package org.twinkeep.projections.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.projections.clinic.ChapterTable;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

/** What real records do and synthetic ones never show, each with the words that people read. */
class AwkwardBundleTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void each_awkward_entry_reads_as_a_person_should_read_it() {
        assertThat(everything()).isEqualTo(resource("/awkward-expected.txt"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Pacific/Auckland", "America/Los_Angeles"})
    void no_day_moves_with_the_time_zone_of_the_machine(String zone) {
        var before = TimeZone.getDefault();
        try {
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            assertThat(everything()).isEqualTo(resource("/awkward-expected.txt"));
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    void no_title_is_a_resource_type_or_a_bare_code() {
        for (var resource : resources()) {
            var row = row(resource);
            assertThat(row.title())
                    .isNotBlank()
                    .doesNotContain(Tree.type(resource))
                    .doesNotMatch("[0-9-]+");
        }
    }

    @Test
    void narrative_is_never_put_into_words_and_no_address_is_fetched() {
        assertThat(everything()).doesNotContain("Narrative", "alert", "198.51.100.7");
    }

    @Test
    void numbers_stay_as_written() {
        assertThat(everything()).contains("6.10 mmol/L", "< 0.01 ng/L");
    }

    private static String everything() {
        return resources().stream().map(AwkwardBundleTest::page).collect(Collectors.joining("\n"));
    }

    private static String page(JsonNode resource) {
        var row = row(resource);
        var lines = new ArrayList<String>();
        lines.add("# " + Tree.string(resource, "id"));
        lines.add(row.kind() + ": " + row.title());
        if (row.value() != null) {
            lines.add("= " + row.value());
        }
        lines.add("when " + row.when().from() + " to " + row.when().to() + ", written "
                + row.when().written());
        row.remarks().forEach(remark -> lines.add("! " + remark));
        row.marks().forEach(mark -> lines.add("? " + mark));
        Entry.facts(resource).forEach(fact -> lines.add("- " + fact.label() + ": " + fact.text()));
        Entry.text(resource).ifPresent(text -> lines.add("> " + text));
        lines.add(row.withdrawn() ? "others: not shown" : "others: shown");
        return String.join("\n", lines) + "\n";
    }

    private static Row row(JsonNode resource) {
        var known = new Entry.Known(
                new EntryId("0".repeat(32)),
                ChapterTable.chapterOf(resource),
                Set.of(),
                NOW,
                "Hospital",
                null,
                1,
                resources().getFirst(),
                NOW);
        return Entry.row(resource, known);
    }

    static List<JsonNode> resources() {
        var bundle = Tree.of(resource("/awkward.json").getBytes(StandardCharsets.UTF_8));
        return Tree.list(bundle, "entry").stream().map(e -> e.path("resource")).toList();
    }

    private static String resource(String name) {
        try (var in = AwkwardBundleTest.class.getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
