package org.twinkeep.consent.reference;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/** From the first to the last instant of a date of FHIR, or of a period (rulings, section 9). */
record Span(Instant first, Instant last) {

    private static final Pattern DATE = Pattern.compile("(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?");
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d)T(\\d\\d:\\d\\d:\\d\\d)(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

    static final class NoDate extends Exception {
        private static final long serialVersionUID = 1;
    }

    static Span of(String text, ZoneId zone) throws NoDate {
        try {
            var date = DATE.matcher(text);
            if (date.matches()) {
                return days(date.group(1), date.group(2), date.group(3), zone);
            }
            var time = TIME.matcher(text);
            if (time.matches()) {
                return time(time.group(1) + "T" + time.group(2), time.group(3), time.group(4));
            }
        } catch (DateTimeException e) {
            // 30 February, 24:00, second 60
        }
        throw new NoDate();
    }

    private static Span days(String year, String month, String day, ZoneId zone) throws NoDate {
        if (year.equals("0000")) {
            throw new NoDate();
        }
        var first = LocalDate.of(
                Integer.parseInt(year),
                month == null ? 1 : Integer.parseInt(month),
                day == null ? 1 : Integer.parseInt(day));
        var next = month == null ? first.plusYears(1) : day == null ? first.plusMonths(1) : first.plusDays(1);
        return new Span(
                first.atStartOfDay(zone).toInstant(),
                next.atStartOfDay(zone).toInstant().minusNanos(1));
    }

    private static Span time(String second, String fraction, String offset) throws NoDate {
        if (second.startsWith("0000") || second.contains("T24")) {
            throw new NoDate();
        }
        var at = LocalDateTime.parse(second).toInstant(offset(offset));
        if (fraction == null) {
            return new Span(at, at.plusNanos(999_999_999));
        }
        var nanos = Integer.parseInt((fraction.substring(1) + "00000000").substring(0, 9));
        return new Span(at.plusNanos(nanos), at.plusNanos(nanos));
    }

    private static ZoneOffset offset(String text) throws NoDate {
        if (text.equals("Z")) {
            return ZoneOffset.UTC;
        }
        int minutes = Integer.parseInt(text.substring(4)) + 60 * Integer.parseInt(text.substring(1, 3));
        if (minutes > 14 * 60 || Integer.parseInt(text.substring(4)) > 59) {
            throw new NoDate();
        }
        return ZoneOffset.ofTotalSeconds((text.startsWith("-") ? -60 : 60) * minutes);
    }

    /** A period; what is missing is open. */
    static Span period(String start, String end, ZoneId zone) throws NoDate {
        return new Span(
                start == null ? Instant.MIN : of(start, zone).first(),
                end == null ? Instant.MAX : of(end, zone).last());
    }

    boolean isBackwards() {
        return first.isAfter(last);
    }

    boolean overlaps(Span other) {
        return !first.isAfter(other.last) && !last.isBefore(other.first);
    }

    boolean contains(Instant at) {
        return !at.isBefore(first) && !at.isAfter(last);
    }
}
