package org.twinkeep.projections.reading;

import java.util.List;
import java.util.Set;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.projections.clinic.Labels;
import org.twinkeep.projections.clinic.Touches;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;

/**
 * An entry as a view keeps it: its row, where its bodies stand, and what it says of other entries.
 *
 * @param type its resource type
 * @param labels its security labels, of all its versions
 * @param asked what its source asks of whoever shows it, of all its versions
 * @param versions oldest first
 * @param statements the patient's statements beside it
 * @param refersTo entries that it references
 * @param keys what it restates, and {@code ownKeys} what it is, as numbers of this view ({@link Touches.Restated})
 */
@SuppressWarnings("ArrayRecordComponent")
record Kept(
        Row row,
        String type,
        Labels labels,
        Set<Obligation> asked,
        List<Moment> versions,
        List<Moment> statements,
        Set<EntryId> refersTo,
        int[] keys,
        int[] ownKeys) {
    Kept with(Row other) {
        return new Kept(other, type, labels, asked, versions, statements, refersTo, keys, ownKeys);
    }

    @Override
    public String toString() {
        return "Kept " + row.entry();
    }
}
