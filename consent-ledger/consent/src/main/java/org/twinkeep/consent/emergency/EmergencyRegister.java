package org.twinkeep.consent.emergency;

import java.time.Instant;
import java.util.List;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;

/**
 * Which emergencies there are in the house, so that reviews are found without opening any twin. It is an index: what counts
 * stands in the patient's stream, and a line without its event there means nothing.
 *
 * <p>Guarantee: what returned is durable. Lines of an erased twin go with it.
 */
public interface EmergencyRegister {

    /** Lists it, unless the same person has another one that is open at its beginning. @return whether it was listed */
    boolean list(Line line);

    /** Lists it in any case, in place of the line of the same handle. */
    void update(Line line);

    void strike(ConsentHandle handle);

    /** Every line, newest first. */
    List<Line> all();

    /** The lines of whoever broke the glass, newest first. */
    List<Line> of(String lookerId);

    /**
     * @param until its end; moved forward when it is ended before its time
     * @param recorded how many of its two steps (broken, reviewed) the ledger has
     * @param overdueTold whether the reviewers were told that its review is overdue
     */
    record Line(
            ConsentHandle handle,
            TwinId twin,
            Looker by,
            Instant at,
            Instant until,
            boolean reviewed,
            int recorded,
            boolean overdueTold) {

        static Line of(TwinId twin, Emergency emergency) {
            var broken = emergency.broken();
            return new Line(broken.handle(), twin, broken.by(), broken.at(), broken.until(), false, 0, false);
        }

        Line endedAt(Instant end) {
            return new Line(handle, twin, by, at, end, reviewed, recorded, overdueTold);
        }

        Line withReview() {
            return new Line(handle, twin, by, at, until, true, recorded, overdueTold);
        }

        Line withRecorded(int steps) {
            return new Line(handle, twin, by, at, until, reviewed, steps, overdueTold);
        }

        Line withOverdueTold() {
            return new Line(handle, twin, by, at, until, reviewed, recorded, true);
        }

        public Instant reviewDue() {
            return at.plus(Emergency.REVIEW_WITHIN);
        }

        public Emergency.Review review(Instant now) {
            if (reviewed) {
                return Emergency.Review.DONE;
            }
            return now.isAfter(reviewDue()) ? Emergency.Review.OVERDUE : Emergency.Review.OPEN;
        }

        @Override
        public String toString() {
            return "Line " + handle;
        }
    }
}
