package org.twinkeep.consent.emergency;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.emergency.EmergencyEvent.Outcome;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;

/** What somebody wants about emergencies of one twin. Time, handle and what the house knows of the asker come with it. */
public sealed interface EmergencyCommand {

    /**
     * @param entitled whether the house lets this account break the glass
     * @param openElsewhere whether the same person has an emergency of another patient open
     * @param handle fresh
     */
    record BreakGlass(
            ConsentHandle handle,
            Looker by,
            boolean entitled,
            boolean openElsewhere,
            String reason,
            Duration length,
            Instant at)
            implements EmergencyCommand {
        @Override
        public String toString() {
            return "BreakGlass " + handle;
        }
    }

    record CloseGlass(ConsentHandle handle, Looker by, Instant at) implements EmergencyCommand {}

    record Review(ConsentHandle handle, Looker by, Outcome outcome, String note, Instant at)
            implements EmergencyCommand {
        @Override
        public String toString() {
            return "Review " + handle;
        }
    }

    /** By the patient, or whoever may decide for them. @param closed chapters of the list that no emergency opens */
    record Narrow(Set<Chapter> closed, Instant at) implements EmergencyCommand {
        @Override
        public String toString() {
            return "Narrow";
        }
    }
}
