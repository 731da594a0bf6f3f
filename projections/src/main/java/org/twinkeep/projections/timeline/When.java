package org.twinkeep.projections.timeline;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When an entry speaks of, as precisely as its source said: a partial date is an interval, a date without a time is never
 * shifted by a time zone.
 *
 * @param from start, included; to: end, excluded; both null for an undated entry
 * @param written what the source wrote: {@code 2019}, {@code 2019-03}, {@code 2019-03-04}, or a full timestamp
 */
public record When(
        @Nullable Instant from,
        @Nullable Instant to,
        @Nullable String written) {

    /** The end of what has not ended. */
    public static final Instant ONGOING = Instant.parse("9999-12-31T00:00:00Z");

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    /** FHIR R4 dateTime: a year of four digits, then month, day, and time with its offset. */
    private static final Pattern DATE_TIME = Pattern.compile(
            "(\\d{4})(-\\d{2})?(-\\d{2})?(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})?)?");

    public static When undated() {
        return new When(null, null, null);
    }

    /**
     * Reads a FHIR date, dateTime or instant. Days are days of UTC, whatever the machine's time zone; a time without an
     * offset counts as the whole day it names. What cannot be read is undated and keeps what was written.
     */
    public static When of(String written) {
        var text = written.strip();
        var match = DATE_TIME.matcher(text);
        if (!match.matches()) {
            return new When(null, null, text);
        }
        try {
            if (match.group(7) != null) {
                var at = OffsetDateTime.parse(match.group(5) == null ? withSeconds(text) : text)
                        .toInstant();
                return new When(at, at.plusMillis(1), text);
            }
            if (match.group(3) != null) {
                var day = LocalDate.parse(text.substring(0, 10));
                return new When(start(day), start(day.plusDays(1)), text);
            }
            if (match.group(2) != null) {
                var month = YearMonth.parse(text.substring(0, 7));
                return new When(start(month.atDay(1)), start(month.plusMonths(1).atDay(1)), text);
            }
            var year = Year.parse(text);
            return new When(start(year.atDay(1)), start(year.plusYears(1).atDay(1)), text);
        } catch (DateTimeException e) {
            return new When(null, null, text);
        }
    }

    /** From the start of one to the end of the other; what is missing is open. */
    public static When between(@Nullable String start, @Nullable String end) {
        if (start == null && end == null) {
            return undated();
        }
        var first = start == null ? undated() : of(start);
        var last = end == null ? undated() : of(end);
        if (first.from == null && last.to == null) {
            return new When(null, null, first.written == null ? last.written : first.written);
        }
        var from = first.from == null ? EARLIEST : first.from;
        var to = last.to == null ? ONGOING : last.to;
        return new When(from, to.isAfter(from) ? to : from.plusMillis(1), start == null ? last.written : first.written);
    }

    public boolean isDated() {
        return from != null;
    }

    /** Whether something was written that is no date. */
    public boolean isUnreadable() {
        return from == null && written != null;
    }

    private static String withSeconds(String text) {
        return text.substring(0, 16) + ":00" + text.substring(16);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
