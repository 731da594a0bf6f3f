package org.twinkeep.consent.decision;

import java.util.List;
import java.util.Map;

/**
 * One provision as it is to be read: an addition has taken over what it does not state itself.
 *
 * @param index its place in its parent's list; -1 for R4's root
 * @param additions children of its own type
 * @param exceptions children of the opposite type
 */
record Provision(
        boolean permits,
        int index,
        Map<Attribute, Condition> conditions,
        List<Provision> additions,
        List<Provision> exceptions) {

    boolean hasPermit() {
        return permits
                || additions.stream().anyMatch(Provision::hasPermit)
                || exceptions.stream().anyMatch(Provision::hasPermit);
    }

    @Override
    public String toString() {
        return "Provision";
    }
}
