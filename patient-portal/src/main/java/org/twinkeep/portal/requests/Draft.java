package org.twinkeep.portal.requests;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.research.ResearchRequest;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Account;

/**
 * What somebody asks for. It becomes terms only when the patient answers: the time zone is then the patient's, and the term
 * begins on that day.
 *
 * @param dataFrom and dataTo, both included; null: open
 * @param claim the claim that an insurer names; null of anybody else
 * @param research what a researcher states; null of anybody else
 */
public record Draft(
        Purpose purpose,
        Set<Chapter> chapters,
        @Nullable LocalDate dataFrom,
        @Nullable LocalDate dataTo,
        boolean includesLater,
        Length length,
        @Nullable String claim,
        @Nullable ResearchRequest research) {

    /** For how long. */
    public enum Length {
        WEEK,
        QUARTER,
        YEAR;

        public LocalDate lastDay(LocalDate first) {
            return switch (this) {
                case WEEK -> first.plusDays(7);
                case QUARTER -> first.plusMonths(3);
                case YEAR -> first.plusYears(1);
            };
        }
    }

    public Draft {
        chapters = Set.copyOf(chapters);
    }

    /** The same or less: nobody answers a request with more than it asked for. */
    public Draft narrowed(Set<Chapter> fewer, Length shorter, boolean later) {
        if (fewer.isEmpty()
                || !chapters.containsAll(fewer)
                || shorter.compareTo(length) > 0
                || later && !includesLater) {
            throw new IllegalArgumentException("an answer gives no more than the request asks for");
        }
        return new Draft(purpose, fewer, dataFrom, dataTo, later, shorter, claim, research);
    }

    public Terms terms(Account asker, LocalDate today, ZoneId zone) {
        return new Terms(
                asker.id().toString(),
                asker.person().name(),
                asker.person().organisation(),
                purpose,
                chapters,
                dataFrom == null && dataTo == null ? null : new Period(dataFrom, dataTo, zone),
                includesLater,
                new Period(today, length.lastDay(today), zone));
    }

    @Override
    public String toString() {
        return "Draft";
    }
}
