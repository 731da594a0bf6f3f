package org.twinkeep.portal.web;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.purposes.PurposeCatalogue;
import org.twinkeep.consent.research.Duo;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.projections.timeline.When;

/**
 * Puts codes and times into the words of a page, in the reader's time zone. A date that its source wrote without a time is
 * never shifted.
 */
public record Words(MessageSource messages, Locale locale, ZoneId zone) {

    /** The sentence of this key, or the fallback where there is none. */
    public String say(String key, String fallback) {
        var said = messages.getMessage(key, null, fallback, locale);
        return said == null ? fallback : said;
    }

    public String chapter(KeyScope scope) {
        return say("chapter." + scope.code(), scope.code());
    }

    public String chapter(String code) {
        return say("chapter." + code, code);
    }

    /** In the order of the chapters' numbers. */
    public String chapters(Collection<? extends KeyScope> scopes) {
        return scopes.stream()
                .sorted(Comparator.comparingInt(KeyScope::number))
                .map(this::chapter)
                .collect(Collectors.joining(", "));
    }

    /** An HL7 purpose or the purpose of a system actor. */
    public String purpose(String code) {
        return PurposeCatalogue.current()
                .of(code)
                .map(PurposeCatalogue.Entry::name)
                .orElseGet(() -> say("purpose." + code, code));
    }

    /** Whether the catalogue of purposes explains it. */
    public boolean isPurpose(String code) {
        return PurposeCatalogue.current().of(code).isPresent();
    }

    public String role(String code) {
        return say("role." + code, code);
    }

    /** Why somebody was refused, for the patient and the auditor. */
    public String reason(@Nullable String why) {
        if (why == null || why.isBlank()) {
            return "";
        }
        for (var reason : Verdict.Reason.values()) {
            if (reason.name().equals(why)) {
                return reason.plain();
            }
        }
        return why;
    }

    public String day(Instant at) {
        return day(at.atZone(zone).toLocalDate());
    }

    public String day(LocalDate day) {
        return DateTimeFormatter.ofPattern("d MMMM uuuu", locale).format(day);
    }

    /** To the minute; the zone is said once on the page. */
    public String moment(Instant at) {
        return DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm", locale).format(at.atZone(zone));
    }

    public String zoneName() {
        return zone.getDisplayName(TextStyle.FULL, locale) + " (" + zone.getId() + ")";
    }

    /** As precisely as the source wrote it. */
    public String when(When when) {
        var written = when.written();
        return written == null ? say("undated", "") : date(written);
    }

    /** The year under which an entry stands, or what is said of undated ones. */
    public String year(When when) {
        var written = when.written();
        if (written == null) {
            return say("undated", "");
        }
        if (written.length() > 10 && when.from() != null) {
            return Integer.toString(when.from().atZone(zone).getYear());
        }
        return written.length() < 4 ? written : written.substring(0, 4);
    }

    /** A FHIR date or dateTime: {@code 2019}, {@code 2019-03}, {@code 2019-03-04}, or a timestamp. */
    public String date(String written) {
        try {
            return switch (written.length()) {
                case 4 -> written;
                case 7 -> DateTimeFormatter.ofPattern("MMMM uuuu", locale).format(YearMonth.parse(written));
                case 10 -> day(LocalDate.parse(written));
                default -> moment(OffsetDateTime.parse(written).toInstant());
            };
        } catch (DateTimeParseException e) {
            return written;
        }
    }

    /** A term of the Data Use Ontology, by its code. */
    public String duo(String code) {
        return say("duo." + Duo.ofId(code).map(Enum::name).orElse(""), code);
    }

    public String period(Period period) {
        return days(period.from(), period.to());
    }

    /** Both ends included. */
    public String days(@Nullable LocalDate from, @Nullable LocalDate to) {
        if (from == null && to == null) {
            return say("period.any", "");
        }
        if (from == null) {
            return messages.getMessage("period.until", new Object[] {day(Objects.requireNonNull(to))}, locale);
        }
        if (to == null) {
            return messages.getMessage("period.since", new Object[] {day(from)}, locale);
        }
        return messages.getMessage("period.both", new Object[] {day(from), day(to)}, locale);
    }

    /** The sentence of a notice. */
    public String notice(Notice notice) {
        var filled = notice.words().stream().map(this::word).toArray();
        return messages.getMessage(notice.kind().sentence(), filled, locale);
    }

    private String word(Notice.Word word) {
        return switch (word.sort()) {
            case TEXT -> word.value();
            case DAY -> day(LocalDate.parse(word.value()));
            case MOMENT -> moment(Instant.parse(word.value()));
            case PURPOSE -> purpose(word.value());
            case CHAPTERS ->
                word.value().isEmpty()
                        ? say("told.everything", "")
                        : Arrays.stream(word.value().split(" "))
                                .map(this::chapter)
                                .collect(Collectors.joining(", "));
        };
    }

    /** A long hexadecimal name, as much of it as people compare. */
    public String brief(String hexadecimal) {
        return hexadecimal.length() <= 12 ? hexadecimal : hexadecimal.substring(0, 12);
    }

    @Override
    public String toString() {
        return "Words";
    }
}
