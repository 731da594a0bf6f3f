package org.twinkeep.portal.delegates;

import java.util.Set;
import org.twinkeep.consent.delegation.Delegation;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/**
 * Somebody acts for somebody, now: by a delegation that lives.
 *
 * @param powers what may be done at this moment
 * @param chapters what may be seen
 * @param open the chapters that the delegation speaks of, whether or not it lets them be seen
 */
public record Acting(TwinId twin, Delegation by, Set<Power> powers, Set<Chapter> chapters, Set<Chapter> open) {

    public boolean may(Power power) {
        return powers.contains(power);
    }

    /** The kind of authority, as messages and leaves name it. */
    public String kind() {
        return by.appointment().authority().kind().code();
    }

    public String patientName() {
        return by.appointment().patientName();
    }

    /** As the leaf of a look says it. */
    public String inWhoseName() {
        return switch (by.appointment().authority().kind()) {
            case PARENT -> "as the parent, for " + patientName();
            case GUARDIAN -> "as the guardian, for " + patientName();
            case REPRESENTATIVE, ADVANCE -> "as the representative, for " + patientName();
            case CHOSEN -> "as a delegate, for " + patientName();
        };
    }

    @Override
    public String toString() {
        return "Acting";
    }
}
