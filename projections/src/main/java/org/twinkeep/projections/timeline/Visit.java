package org.twinkeep.projections.timeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a timeline: a visit with all that belongs to it, or an entry that belongs to none.
 *
 * @param head the visit's own row, or the entry that stands alone; where the visit itself is not among the rows, the first
 *     of those that belong to it
 * @param rows what unfolds, without the head; empty for an entry that stands alone
 */
public record Visit(Row head, List<Row> rows) {

    /** Groups rows, keeping their order: a visit stands where its first row stands. */
    public static List<Visit> of(List<Row> rows) {
        var groups = new LinkedHashMap<Object, List<Row>>();
        for (var row : rows) {
            groups.computeIfAbsent(key(row), _ -> new ArrayList<>()).add(row);
        }
        return groups.values().stream().map(Visit::grouped).toList();
    }

    private static Object key(Row row) {
        var visit = row.visit();
        return visit == null ? row.entry() : visit;
    }

    private static Visit grouped(List<Row> rows) {
        var head = rows.stream()
                .filter(r -> r.entry().equals(r.visit()))
                .findFirst()
                .orElse(rows.getFirst());
        @Nullable Row first = head;
        return new Visit(head, rows.stream().filter(r -> r != first).toList());
    }

    @Override
    public String toString() {
        return "Visit";
    }
}
