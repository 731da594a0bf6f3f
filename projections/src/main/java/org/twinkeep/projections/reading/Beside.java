package org.twinkeep.projections.reading;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Chapter;

/**
 * What a new grant would open beside the consents that are there: the engine's answer for each entry of the twin, and for
 * one of each chapter that may still come.
 *
 * @param granted how many entries the grant alone would open now
 * @param left how many of them it opens beside the others
 * @param open chapters of the grant of which something is, or may become, open
 * @param closed by which consents the rest is closed; none: nothing stands against the grant
 */
public record Beside(int granted, int left, Set<Chapter> open, List<Closed> closed) {

    /**
     * @param entries how many in each chapter it closes; a chapter without entries is closed for what may come
     */
    public record Closed(ConsentHandle by, Map<Chapter, Integer> entries) {
        public int total() {
            return entries.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    public boolean isWhole() {
        return closed.isEmpty();
    }

    /** Beside the others the grant opens nothing, now or later. */
    public boolean isEmptied() {
        return !isWhole() && left == 0 && open.isEmpty();
    }

    @Override
    public String toString() {
        return "Beside";
    }
}
