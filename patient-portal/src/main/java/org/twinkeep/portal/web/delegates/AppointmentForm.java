package org.twinkeep.portal.web.delegates;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;

/** Reads an appointment out of what somebody filled in. Nothing is ticked beforehand. */
final class AppointmentForm {
    /** What may be given: everything but safety. */
    static final List<Chapter> CHAPTERS =
            Arrays.stream(Chapter.values()).filter(c -> c != Chapter.SAFETY).toList();

    private final Form form;
    private final LocalDate today;
    private final ZoneId zone;
    private final Complaints complaints = new Complaints();

    AppointmentForm(Form form, LocalDate today, ZoneId zone) {
        this.form = form;
        this.today = today;
        this.zone = zone;
    }

    Complaints complaints() {
        return complaints;
    }

    Set<Power> powers() {
        var powers = EnumSet.noneOf(Power.class);
        form.all("powers").forEach(code -> Power.ofCode(code).ifPresent(powers::add));
        if (powers.isEmpty()) {
            complaints.about("powers", "delegates.powers.missing");
        }
        return powers;
    }

    Set<Chapter> chapters() {
        var chapters = EnumSet.noneOf(Chapter.class);
        form.all("chapters")
                .forEach(code -> Chapter.ofCode(code).filter(CHAPTERS::contains).ifPresent(chapters::add));
        if (chapters.isEmpty()) {
            complaints.about("chapters", "delegates.chapters.missing");
        }
        return chapters;
    }

    /** The last day of a term that begins today. */
    Optional<LocalDate> until() {
        var until = day("until");
        if (until != null && !until.isAfter(today)) {
            complaints.about("until", "delegates.until.past");
        } else if (until != null && until.isAfter(today.plusYears(Appointment.YEARS_AT_MOST))) {
            complaints.about("until", "delegates.until.far");
        }
        return Optional.ofNullable(until);
    }

    /** When somebody looks again, not after the last day. */
    Optional<LocalDate> review(@Nullable LocalDate last) {
        var review = day("review");
        if (review != null && (!review.isAfter(today) || last != null && review.isAfter(last))) {
            complaints.about("review", "delegates.review.outside");
        }
        return Optional.ofNullable(review);
    }

    Optional<LocalDate> birthDate() {
        var born = day("born");
        if (born != null && born.isAfter(today)) {
            complaints.about("born", "delegates.born.future");
        }
        return Optional.ofNullable(born);
    }

    /** The day of a death: today or before. */
    Optional<LocalDate> dayOfDeath() {
        var died = day("died");
        if (died != null && died.isAfter(today)) {
            complaints.about("died", "matters.died.future");
        }
        return Optional.ofNullable(died);
    }

    /** What the form does not say by itself. */
    record Given(
            DelegateDesk.Candidate delegate,
            String patient,
            Authority authority,
            @Nullable LocalDate born) {
        @Override
        public String toString() {
            return "Given";
        }
    }

    /** What is filled in, where nothing is missing. @param given asked for only then */
    Optional<Appointment> read(Supplier<Given> given) {
        var powers = powers();
        var chapters = chapters();
        var until = until();
        var review = review(until.orElse(null));
        if (!complaints.none()) {
            return Optional.empty();
        }
        var rest = given.get();
        return Optional.of(new Appointment(
                rest.delegate().account().id().toString(),
                rest.delegate().account().name(),
                rest.delegate().key(),
                rest.patient(),
                rest.authority(),
                powers,
                chapters,
                new Period(today, until.orElseThrow(), zone),
                review.orElseThrow(),
                rest.born()));
    }

    private @Nullable LocalDate day(String field) {
        try {
            var day = form.day(field);
            if (day.isEmpty()) {
                complaints.about(field, "delegates." + field + ".missing");
            }
            return day.orElse(null);
        } catch (DateTimeException e) {
            complaints.about(field, "day.none");
            return null;
        }
    }
}
