package org.twinkeep.portal.web.timeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.When;
import org.twinkeep.twin.EntryId;

/**
 * One line of the timeline: a visit with everything that belongs to it, or an entry outside of visits.
 *
 * @param head the visit's own entry, or the single entry; null when only parts of the visit are listed
 * @param rows what unfolds
 */
public record Visit(@Nullable Row head, List<Row> rows) {

    /** When it was; the newest of its parts where the visit itself is not listed. */
    public When when() {
        return head == null ? rows.getFirst().when() : head.when();
    }

    public boolean folded() {
        return !rows.isEmpty();
    }

    /** Puts the rows of one visit together, where the first of them stood. */
    static List<Visit> of(List<Row> rows) {
        var together = new LinkedHashMap<EntryId, List<Row>>();
        for (var row : rows) {
            var visit = row.visit();
            together.computeIfAbsent(visit == null ? row.entry() : visit, _ -> new ArrayList<>())
                    .add(row);
        }
        return together.entrySet().stream()
                .map(visit -> of(visit.getKey(), visit.getValue()))
                .toList();
    }

    private static Visit of(EntryId visit, List<Row> rows) {
        var head = rows.stream()
                .filter(row -> row.entry().equals(visit))
                .findFirst()
                .orElse(null);
        return new Visit(head, rows.stream().filter(row -> row != head).toList());
    }

    @Override
    public String toString() {
        return "Visit";
    }
}
