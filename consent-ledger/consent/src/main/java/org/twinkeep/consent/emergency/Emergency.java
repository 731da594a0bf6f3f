package org.twinkeep.consent.emergency;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Facts;
import org.twinkeep.consent.emergency.EmergencyEvent.GlassBroken;
import org.twinkeep.consent.emergency.EmergencyEvent.Reviewed;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;

/**
 * One time that somebody broke the glass, with what became of it.
 *
 * @param chapters that it may show now: those open when it was broken, without what the patient closed since
 * @param closedAt when whoever broke the glass ended it, before its time; or null
 * @param reviewed or null while nobody has
 */
public record Emergency(
        GlassBroken broken,
        Set<Chapter> chapters,
        @Nullable Instant closedAt,
        @Nullable Reviewed reviewed) {

    public static final Duration LONGEST = Duration.ofMinutes(60);

    /** After that a review is overdue. */
    public static final Duration REVIEW_WITHIN = Duration.ofHours(72);

    public static final int SHORTEST_REASON = 20;
    public static final int LONGEST_TEXT = 1000;

    public Emergency {
        chapters = Set.copyOf(chapters);
    }

    /** Where its review stands. */
    public enum Review {
        OPEN,
        OVERDUE,
        DONE
    }

    static Emergency of(GlassBroken broken) {
        return new Emergency(broken, broken.chapters(), null, null);
    }

    public ConsentHandle handle() {
        return broken.handle();
    }

    public Looker by() {
        return broken.by();
    }

    /** When it ended or will end. */
    public Instant end() {
        return closedAt != null && closedAt.isBefore(broken.until()) ? closedAt : broken.until();
    }

    /** From the instant it was broken to its end, which is excluded; a clock that was set back opens nothing. */
    public boolean isLive(Instant at) {
        return !at.isBefore(broken.at()) && at.isBefore(end());
    }

    /** Whether it may show this entry: its chapter and every chapter that it restates are open. */
    public boolean covers(Facts entry) {
        return chapters.contains(entry.chapter()) && chapters.containsAll(entry.touches());
    }

    public Instant reviewDue() {
        return broken.at().plus(REVIEW_WITHIN);
    }

    public Review review(Instant at) {
        if (reviewed != null) {
            return Review.DONE;
        }
        return at.isAfter(reviewDue()) ? Review.OVERDUE : Review.OPEN;
    }

    public Optional<Reviewed> outcome() {
        return Optional.ofNullable(reviewed);
    }

    Emergency without(Set<Chapter> closed) {
        var left = EnumSet.noneOf(Chapter.class);
        left.addAll(chapters);
        left.removeAll(closed);
        return new Emergency(broken, left, closedAt, reviewed);
    }

    Emergency closed(Instant at) {
        return new Emergency(broken, chapters, at, reviewed);
    }

    Emergency reviewed(Reviewed by) {
        return new Emergency(broken, chapters, closedAt, by);
    }

    @Override
    public String toString() {
        return "Emergency " + handle();
    }
}
