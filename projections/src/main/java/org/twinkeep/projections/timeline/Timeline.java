package org.twinkeep.projections.timeline;

import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.Chapter;

/**
 * All rows that a reader may see, newest first, with the person they are about. Searching and paging happen on it, in
 * memory, after everything hidden has gone.
 */
public record Timeline(Profile profile, List<Row> rows, Map<Chapter, Integer> counts) {
    @Override
    public String toString() {
        return "Timeline";
    }
}
