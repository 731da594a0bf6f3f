package org.twinkeep.consent.emergency;

import java.time.Instant;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;

/** What happened about emergencies of one twin; kept in the patient's sealed stream (docs/formats/emergency.md). */
public sealed interface EmergencyEvent {

    Instant at();

    /**
     * Somebody broke the glass.
     *
     * @param chapters that were open to an emergency then
     * @param until when it ends by the clock, at most {@link Emergency#LONGEST} later
     */
    record GlassBroken(ConsentHandle handle, Looker by, String reason, Set<Chapter> chapters, Instant at, Instant until)
            implements EmergencyEvent {

        public GlassBroken {
            chapters = Set.copyOf(chapters);
        }

        @Override
        public String toString() {
            return "GlassBroken " + handle;
        }
    }

    /** Whoever broke the glass needed it no longer. */
    record GlassClosed(ConsentHandle handle, Instant at) implements EmergencyEvent {}

    /** Another person looked at what was done. */
    record Reviewed(ConsentHandle handle, Looker by, Outcome outcome, String note, Instant at)
            implements EmergencyEvent {
        @Override
        public String toString() {
            return "Reviewed " + handle;
        }
    }

    /** What the patient keeps closed to emergencies, from now on; nothing: all of the list may open. */
    record Narrowed(Set<Chapter> closed, Instant at) implements EmergencyEvent {
        public Narrowed {
            closed = Set.copyOf(closed);
        }

        @Override
        public String toString() {
            return "Narrowed";
        }
    }

    /** What the review found. */
    enum Outcome {
        JUSTIFIED,
        NOT_JUSTIFIED
    }
}
