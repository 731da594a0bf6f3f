package org.twinkeep.projections.timeline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.twin.EntryId;

/**
 * One entry in a list: plain words that are true, and what the policy needs to know of it.
 *
 * @param title never a resource type or a bare code; {@code value} in the source's unit, or null
 * @param remarks such as "refuted", "preliminary", "withdrawn by its source", "disputed by the patient"
 * @param marks what looks implausible ("before birth", "in the future", ...), shown to the patient
 * @param source who says so, in words
 * @param visit the encounter it belongs to, so that one visit is one row; null outside visits
 * @param terms codes and displays, lower case, for searching
 */
public record Row(
        EntryId entry,
        Chapter chapter,
        Set<Chapter> touches,
        When when,
        Instant recordedAt,
        String kind,
        String title,
        @Nullable String value,
        List<String> remarks,
        List<String> marks,
        String source,
        @Nullable EntryId visit,
        boolean disputed,
        boolean withdrawn,
        int versions,
        String terms) {

    public Row withTouches(Set<Chapter> touched) {
        return changed(touched, remarks, marks, visit, disputed);
    }

    public Row withMarks(List<String> newMarks) {
        return changed(touches, remarks, newMarks, visit, disputed);
    }

    public Row withVisit(@Nullable EntryId newVisit) {
        return changed(touches, remarks, marks, newVisit, disputed);
    }

    /** The same with a statement of the patient beside it; the value stays the source's. */
    public Row asDisputed() {
        var said = new ArrayList<>(remarks);
        said.add(Entry.DISPUTED);
        return changed(touches, said, marks, visit, true);
    }

    /** The same, which the patient keeps closer. */
    public Row asKeptCloser() {
        var said = new ArrayList<>(remarks);
        said.add(Entry.KEPT_CLOSER);
        return changed(touches, said, marks, visit, disputed);
    }

    public boolean keptCloser() {
        return remarks.contains(Entry.KEPT_CLOSER);
    }

    private Row changed(
            Set<Chapter> touched,
            List<String> newRemarks,
            List<String> newMarks,
            @Nullable EntryId newVisit,
            boolean isDisputed) {
        return new Row(
                entry,
                chapter,
                Set.copyOf(touched),
                when,
                recordedAt,
                kind,
                title,
                value,
                List.copyOf(newRemarks),
                List.copyOf(newMarks),
                source,
                newVisit,
                isDisputed,
                withdrawn,
                versions,
                terms);
    }

    @Override
    public String toString() {
        return "Row " + entry;
    }
}
