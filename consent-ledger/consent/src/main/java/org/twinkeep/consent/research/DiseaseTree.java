package org.twinkeep.consent.research;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The hierarchy of diseases that a match goes by, such as MONDO's, given by the caller.
 *
 * @param parents what each code stands directly under; a root stands under nothing. A code that is no key is not known
 */
public record DiseaseTree(Map<String, Set<String>> parents) {
    public DiseaseTree {
        parents = Map.copyOf(parents);
    }

    boolean knows(String code) {
        return parents.containsKey(code);
    }

    /** Whether it is that disease or stands under it, however deep. */
    boolean isOrIsUnder(String disease, String other) {
        var seen = new HashSet<String>();
        var open = new ArrayDeque<>(List.of(disease));
        while (!open.isEmpty()) {
            var each = open.pop();
            if (each.equals(other)) {
                return true;
            }
            if (seen.add(each)) {
                open.addAll(parents.getOrDefault(each, Set.of()));
            }
        }
        return false;
    }
}
