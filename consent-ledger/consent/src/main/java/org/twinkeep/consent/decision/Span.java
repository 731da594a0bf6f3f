package org.twinkeep.consent.decision;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Time from a first instant to a last one, both included: a date of FHIR covers its whole year, month, day or second. */
record Span(Instant first, Instant last) {

    static final Span ALWAYS = new Span(Instant.MIN, Instant.MAX);

    private static final Pattern DATE = Pattern.compile("([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?");
    private static final Pattern TIME = Pattern.compile(
            "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");
    private static final int FARTHEST_OFFSET = 14 * 60;

    /** What a date or time covers where the patient lives; nothing when it has another form. */
    static Optional<Span> of(String text, ZoneId zone) {
        try {
            var date = DATE.matcher(text);
            if (date.matches()) {
                return Optional.of(date(date.group(1), date.group(2), date.group(3), zone));
            }
            var time = TIME.matcher(text);
            return time.matches() ? Optional.of(time(time.group(1), time.group(2), time.group(3))) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    boolean contains(Instant at) {
        return !at.isBefore(first) && !at.isAfter(last);
    }

    boolean isBackwards() {
        return first.isAfter(last);
    }

    private static Span date(String year, @Nullable String month, @Nullable String day, ZoneId zone) {
        int y = Integer.parseInt(year);
        if (y == 0) {
            throw new DateTimeException("no year has that number");
        }
        var from =
                LocalDate.of(y, month == null ? 1 : Integer.parseInt(month), day == null ? 1 : Integer.parseInt(day));
        var next = day != null ? from.plusDays(1) : month != null ? from.plusMonths(1) : from.plusYears(1);
        return new Span(
                from.atStartOfDay(zone).toInstant(),
                next.atStartOfDay(zone).toInstant().minusNanos(1));
    }

    private static Span time(String toTheSecond, @Nullable String fraction, String offset) {
        if (toTheSecond.startsWith("0000") || toTheSecond.startsWith("24", 11)) {
            throw new DateTimeException("no such time");
        }
        var second = LocalDateTime.parse(toTheSecond).toInstant(offset(offset));
        if (fraction == null) {
            return new Span(second, second.plusNanos(999_999_999));
        }
        long nanos = Long.parseLong((fraction.substring(1) + "00000000").substring(0, 9));
        var at = second.plusNanos(nanos);
        return new Span(at, at);
    }

    private static ZoneOffset offset(String text) {
        if (text.equals("Z")) {
            return ZoneOffset.UTC;
        }
        int hours = Integer.parseInt(text.substring(1, 3));
        int minutes = Integer.parseInt(text.substring(4));
        int all = hours * 60 + minutes;
        if (minutes > 59 || all > FARTHEST_OFFSET) {
            throw new DateTimeException("no place is that far off");
        }
        return ZoneOffset.ofTotalSeconds(60 * (text.charAt(0) == '-' ? -all : all));
    }
}
