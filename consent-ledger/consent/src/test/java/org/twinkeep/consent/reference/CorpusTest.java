package org.twinkeep.consent.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.reference.Corpus.Case;

class CorpusTest {

    private static final List<String> KINDS = List.of("permit", "deny", "absent", "unknown", "boundary");

    private final List<Case> cases = Corpus.cases();

    @Test
    void the_reference_answers_every_case_as_the_specification_was_read() {
        var wrong = new ArrayList<String>();
        for (var each : cases) {
            var decisions = ReferenceEvaluator.decisions(each.consents(), each.request(), each.data());
            var visible = ReferenceEvaluator.visible(decisions, each.implicit(), each.request(), each.data());
            if (!decisions.equals(each.decisions()) || !visible.equals(each.visible())) {
                wrong.add(each + "\n   expected " + each.decisions() + " " + each.visible() + "\n   was      "
                        + decisions + " " + visible);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void each_case_says_what_it_rests_on_and_has_a_title_of_its_own() {
        var titles = new HashSet<String>();
        for (var each : cases) {
            assertThat(titles.add(each.title())).as(each.toString()).isTrue();
            assertThat(each.restsOn()).as(each.toString()).isNotEmpty().doesNotContain("");
        }
        assertThat(cases).hasSizeGreaterThanOrEqualTo(150);
    }

    /** The table of docs/formats/consent-corpus.md, counted again. */
    @Test
    void no_cell_of_the_table_is_empty_and_the_page_counts_right() throws Exception {
        var page = Files.readString(Path.of("../../docs/formats/consent-corpus.md"));
        var counted = new ArrayList<String>();
        cells().forEach((row, counts) -> {
            assertThat(counts.keySet()).as(row).containsAll(KINDS);
            counted.add("| " + row + " | "
                    + String.join(
                            " | ",
                            KINDS.stream()
                                    .map(kind -> counts.get(kind).toString())
                                    .toList()) + " |");
        });
        var rows = page.lines()
                .filter(line -> line.contains(" | R4 | ") || line.contains(" | R5 | "))
                .toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(counted);
        assertThat(page).contains(cases.size() + " cases");
        files().forEach((file, count) -> assertThat(page).contains("| `" + file + "` | " + count + " |"));
    }

    @Test
    void at_least_ten_cases_are_of_several_consents() {
        assertThat(cases.stream().filter(each -> each.consents().size() > 1)).hasSizeGreaterThanOrEqualTo(10);
    }

    /** Attribute and dialect, then kind, then how many cases. */
    private Map<String, Map<String, Integer>> cells() {
        var cells = new LinkedHashMap<String, Map<String, Integer>>();
        for (var each : cases) {
            for (var cell : each.covers()) {
                int slash = cell.lastIndexOf('/');
                for (var dialect : each.dialects()) {
                    cells.computeIfAbsent(cell.substring(0, slash) + " | " + dialect, row -> new TreeMap<>())
                            .merge(cell.substring(slash + 1), 1, Integer::sum);
                }
            }
        }
        return cells;
    }

    private Map<String, Integer> files() {
        var files = new TreeMap<String, Integer>();
        cases.forEach(each -> files.merge(each.file(), 1, Integer::sum));
        return files;
    }
}
