package org.twinkeep.projections.timeline;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.twinkeep.crypto.Chapter;

/**
 * All rows that a reader may see, newest first, with the person they are about. Searching and paging happen on it, in
 * memory, after everything hidden has gone.
 */
public record Timeline(Profile profile, List<Row> rows, Map<Chapter, Integer> counts) {

    /** These rows, counted. */
    public static Timeline of(Profile profile, List<Row> rows) {
        var counts = new EnumMap<Chapter, Integer>(Chapter.class);
        rows.forEach(row -> counts.merge(row.chapter(), 1, Integer::sum));
        return new Timeline(profile, List.copyOf(rows), Map.copyOf(counts));
    }

    /** One visit is one line that unfolds. */
    public List<Visit> visits() {
        return Visit.of(rows);
    }

    /** Only rows of these chapters; none named means all. */
    public Timeline only(Set<Chapter> chapters) {
        return chapters.isEmpty()
                ? this
                : of(
                        profile,
                        rows.stream()
                                .filter(r -> chapters.contains(r.chapter()))
                                .toList());
    }

    /** Rows in whose title, value, date or terms every word of the query stands, in any case. */
    public Timeline search(String query) {
        var words = Arrays.stream(query.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                .filter(w -> !w.isEmpty())
                .toList();
        return words.isEmpty()
                ? this
                : of(profile, rows.stream().filter(r -> says(r, words)).toList());
    }

    /** Rows that look implausible. */
    public Timeline implausible() {
        return of(profile, rows.stream().filter(r -> !r.marks().isEmpty()).toList());
    }

    private static boolean says(Row row, List<String> words) {
        var text = String.join(
                        "\n",
                        row.title(),
                        row.value() == null ? "" : row.value(),
                        row.kind(),
                        row.when().written() == null ? "" : row.when().written(),
                        row.terms())
                .toLowerCase(Locale.ROOT);
        return words.stream().allMatch(text::contains);
    }

    @Override
    public String toString() {
        return "Timeline";
    }
}
