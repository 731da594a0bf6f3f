package org.twinkeep.consent.decision;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;

/** Time from a first instant to a last one, both included: a date of FHIR covers its whole year, month, day or second. */
record Span(Instant first, Instant last) {

    static final Span ALWAYS = new Span(Instant.MIN, Instant.MAX);

    private static final int YEAR = 4;
    private static final int MONTH = 7;
    private static final int DAY = 10;
    private static final int SECOND = 19;
    private static final int MOST_DIGITS = 9;
    private static final int FARTHEST_OFFSET = 14 * 60;
    private static final int LAST_NANO = 999_999_999;

    /** What a date or time covers where the patient lives; nothing when it has another form. */
    static Optional<Span> of(String text, ZoneId zone) {
        try {
            return Optional.of(isTime(text) ? time(text) : date(text, zone));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** Of a time, and of no date, all zones say the same. */
    static boolean isTime(String text) {
        return text.length() > DAY;
    }

    boolean contains(Instant at) {
        return !at.isBefore(first) && !at.isAfter(last);
    }

    boolean isBackwards() {
        return first.isAfter(last);
    }

    /** {@code YYYY}, {@code YYYY-MM}, {@code YYYY-MM-DD}. */
    private static Span date(String text, ZoneId zone) {
        int length = text.length();
        require(length == YEAR || length == MONTH || length == DAY);
        var from = day(text, length);
        var next = switch (length) {
            case YEAR -> from.plusYears(1);
            case MONTH -> from.plusMonths(1);
            default -> from.plusDays(1);
        };
        return new Span(
                from.atStartOfDay(zone).toInstant(),
                next.atStartOfDay(zone).toInstant().minusNanos(1));
    }

    /** {@code YYYY-MM-DDThh:mm:ss}, a fraction of up to nine digits, and {@code Z} or {@code ±hh:mm}. */
    private static Span time(String text) {
        require(text.length() > SECOND && text.charAt(10) == 'T' && text.charAt(13) == ':' && text.charAt(16) == ':');
        int hour = atMost(23, number(text, 11, 13));
        int minute = atMost(59, number(text, 14, 16));
        int second = atMost(59, number(text, 17, SECOND));
        int zone = SECOND;
        if (text.charAt(SECOND) == '.') {
            zone++;
            while (zone < text.length() && isDigit(text.charAt(zone))) {
                zone++;
            }
        }
        long seconds = day(text, DAY).toEpochDay() * 86_400 + hour * 3_600 + minute * 60 + second - offset(text, zone);
        if (zone == SECOND) {
            return new Span(Instant.ofEpochSecond(seconds), Instant.ofEpochSecond(seconds, LAST_NANO));
        }
        var at = Instant.ofEpochSecond(seconds, nanos(text, SECOND + 1, zone));
        return new Span(at, at);
    }

    private static LocalDate day(String text, int length) {
        int year = number(text, 0, YEAR);
        require(year > 0);
        require(length < MONTH || text.charAt(YEAR) == '-');
        require(length < DAY || text.charAt(MONTH) == '-');
        return LocalDate.of(year, length < MONTH ? 1 : number(text, 5, MONTH), length < DAY ? 1 : number(text, 8, DAY));
    }

    private static int nanos(String text, int from, int to) {
        require(to > from && to - from <= MOST_DIGITS);
        int nanos = number(text, from, to);
        for (int i = to - from; i < MOST_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    /** In seconds. */
    private static int offset(String text, int at) {
        require(at < text.length());
        char sign = text.charAt(at);
        if (sign == 'Z') {
            require(text.length() == at + 1);
            return 0;
        }
        require((sign == '+' || sign == '-') && text.length() == at + 6 && text.charAt(at + 3) == ':');
        int minutes =
                atMost(FARTHEST_OFFSET, number(text, at + 1, at + 3) * 60) + atMost(59, number(text, at + 4, at + 6));
        return (sign == '-' ? -60 : 60) * atMost(FARTHEST_OFFSET, minutes);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            require(isDigit(text.charAt(i)));
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int atMost(int most, int number) {
        require(number <= most);
        return number;
    }

    private static void require(boolean isSo) {
        if (!isSo) {
            throw new DateTimeException("no form of a date");
        }
    }
}
