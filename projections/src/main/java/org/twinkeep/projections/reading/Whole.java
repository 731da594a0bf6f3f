package org.twinkeep.projections.reading;

import java.util.List;
import java.util.Optional;
import org.twinkeep.projections.timeline.Profile;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.EntryId;

/** All entries of one view, newest first, with the person they are about. */
record Whole(Profile profile, List<Kept> entries) {

    Timeline timeline() {
        return Timeline.of(profile, rows());
    }

    List<Row> rows() {
        return entries.stream().map(Kept::row).toList();
    }

    Optional<Kept> find(EntryId entry) {
        return entries.stream().filter(k -> k.row().entry().equals(entry)).findFirst();
    }

    @Override
    public String toString() {
        return "Whole";
    }
}
