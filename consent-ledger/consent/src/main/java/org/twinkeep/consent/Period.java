package org.twinkeep.consent;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A period of whole days in the patient's time zone; both ends included, either may be open. The last day counts to its
 * last instant, however long that day is.
 */
public record Period(@Nullable LocalDate from, @Nullable LocalDate to, ZoneId zone) {

    public Period {
        if (from != null && to != null && to.isBefore(from)) {
            throw new IllegalArgumentException("a period ends on or after the day on which it begins");
        }
        requireFourDigitYear(from);
        requireFourDigitYear(to);
    }

    public boolean contains(Instant at) {
        return !beginsAfter(at) && !endedBy(at);
    }

    /** Whether its first day has not begun yet at this time. */
    public boolean beginsAfter(Instant at) {
        return from != null && at.isBefore(startOf(from));
    }

    /** Whether its last day is over at this time. */
    public boolean endedBy(Instant at) {
        return end().filter(end -> !at.isBefore(end)).isPresent();
    }

    /** The first instant of its first day; nothing when it is open. */
    public Optional<Instant> start() {
        return Optional.ofNullable(from).map(this::startOf);
    }

    /** The first instant after its last day; nothing when it is open. */
    public Optional<Instant> end() {
        return Optional.ofNullable(to).map(day -> startOf(day.plusDays(1)));
    }

    /**
     * Whether it shares an instant with what is spoken of, from the first (included) to the second (excluded). Both the
     * same: that instant. One open: since, or until, ever.
     */
    public boolean overlaps(@Nullable Instant speaksFrom, @Nullable Instant speaksTo) {
        if (speaksFrom != null && speaksFrom.equals(speaksTo)) {
            return contains(speaksFrom);
        }
        if (speaksFrom != null && speaksTo != null && speaksTo.isBefore(speaksFrom)) {
            return false;
        }
        boolean beginsInTime = speaksFrom == null || !endedBy(speaksFrom);
        boolean endsInTime = speaksTo == null || from == null || startOf(from).isBefore(speaksTo);
        return beginsInTime && endsInTime;
    }

    /** The first instant of the day: not always midnight, which a daylight-saving night may skip. */
    private Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    /** As FHIR writes dates. */
    private static void requireFourDigitYear(@Nullable LocalDate day) {
        if (day != null && (day.getYear() < 1 || day.getYear() > 9999)) {
            throw new IllegalArgumentException("a year has four digits");
        }
    }
}
