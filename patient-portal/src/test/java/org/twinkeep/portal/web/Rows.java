package org.twinkeep.portal.web;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.When;
import org.twinkeep.twin.EntryId;

/** Entries for pages, as short as a test needs them. */
final class Rows {
    private Rows() {}

    static EntryId id(int number) {
        return new EntryId("%032x".formatted(number));
    }

    static Row row(int number, Chapter chapter, String day, String title) {
        return row(number, chapter, day, title, null, null, List.of());
    }

    static Row row(
            int number,
            Chapter chapter,
            String day,
            String title,
            @Nullable String value,
            @Nullable EntryId visit,
            List<String> marks) {
        var from = LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC);
        return new Row(
                id(number),
                chapter,
                Set.of(),
                new When(from, from.plusSeconds(86_400), day),
                Instant.parse("2026-11-01T10:00:00Z"),
                kind(chapter),
                title,
                value,
                List.of(),
                marks,
                "Harbour Hospital",
                visit,
                false,
                false,
                1,
                title.toLowerCase(java.util.Locale.ROOT));
    }

    private static String kind(Chapter chapter) {
        return switch (chapter) {
            case ENCOUNTERS -> "Visit";
            case LABS -> "Laboratory value";
            case CONDITIONS -> "Condition";
            case DOCUMENTS -> "Note";
            default -> "Entry";
        };
    }

    static EntryPage page(Row row, List<EntryPage.Statement> statements, List<Row> repeatedBy) {
        return new EntryPage(
                row,
                List.of(new EntryPage.Fact("Status", "final")),
                row.chapter() == Chapter.DOCUMENTS ? "Seen today.\n\n<b>Nothing</b> to report." : null,
                List.of(new EntryPage.Version(1, row.recordedAt(), "Harbour Hospital", row.value())),
                statements,
                repeatedBy,
                "{\"resourceType\":\"Observation\"}");
    }
}
