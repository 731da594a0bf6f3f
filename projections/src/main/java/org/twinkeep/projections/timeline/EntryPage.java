package org.twinkeep.projections.timeline;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry in full: plain words, where it came from, how it changed, what repeats it.
 *
 * @param facts label and text, in reading order
 * @param text a note's decoded text, or null; narrative HTML is never in here
 * @param history versions, oldest first
 * @param statements the patient's statements beside it
 * @param repeatedBy rows that restate it (by reference, code or wording), offered to be deleted with it
 * @param json the source's own tree, for who wants to see it
 */
public record EntryPage(
        Row row,
        List<Fact> facts,
        @Nullable String text,
        List<Version> history,
        List<Statement> statements,
        List<Row> repeatedBy,
        String json) {

    /** Whether the patient, or a delegate, wrote it: then a statement would replace it, not stand beside it. */
    public boolean isOwn() {
        return !history.isEmpty() && history.getLast().by().endsWith("the patient");
    }

    public record Fact(String label, String text) {}

    public record Version(
            int number,
            Instant recordedAt,
            String by,
            @Nullable String value) {}

    public record Statement(
            Instant at, String by, String says, @Nullable String reason) {}

    @Override
    public String toString() {
        return "EntryPage";
    }
}
