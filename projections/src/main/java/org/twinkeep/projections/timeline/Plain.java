package org.twinkeep.projections.timeline;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A resource in plain words.
 *
 * @param withdrawn entered in error, says its source: others than the patient are not shown it
 * @param safe false when an unknown modifier may turn its meaning around: then nothing of it is put into words
 * @param text a note's decoded text, or null
 */
record Plain(
        String kind,
        String title,
        @Nullable String value,
        List<String> remarks,
        boolean withdrawn,
        boolean safe,
        List<EntryPage.Fact> facts,
        @Nullable String text) {
    @Override
    public String toString() {
        return "Plain";
    }
}
