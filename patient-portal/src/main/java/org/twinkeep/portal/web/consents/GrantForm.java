package org.twinkeep.portal.web.consents;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;

/**
 * Reads the terms of a grant out of what the patient filled in. Nothing has a default: a box that was ticked beforehand is
 * no consent (Court of Justice of the EU, C-673/17, Planet49).
 */
final class GrantForm {
    /** Purposes that a patient can grant; breaking the glass and the patient's own request are nobody's to be given. */
    static final List<Purpose> PURPOSES = List.of(
            Purpose.TREATMENT, Purpose.EMERGENCY_TREATMENT, Purpose.OPERATIONS, Purpose.PAYMENT, Purpose.RESEARCH);

    private final Form form;
    private final LocalDate today;
    private final ZoneId zone;
    private final Set<Chapter> open;
    private final Complaints complaints = new Complaints();

    /** @param open what may be shared: every chapter, or those that somebody who acts for the patient may see */
    GrantForm(Form form, LocalDate today, ZoneId zone, Set<Chapter> open) {
        this.form = form;
        this.today = today;
        this.zone = zone;
        this.open = open;
    }

    Complaints complaints() {
        return complaints;
    }

    /** The terms, where nothing is missing. */
    Optional<Terms> read(List<Account> directory) {
        var grantee = directory.stream()
                .filter(account -> account.id().toString().equals(form.text("grantee")))
                .findFirst();
        if (grantee.isEmpty()) {
            complaints.about("grantee", "grant.grantee.missing");
        }
        var purpose = Purpose.ofCode(form.text("purpose")).filter(PURPOSES::contains);
        if (purpose.isEmpty()) {
            complaints.about("purpose", "grant.purpose.missing");
        }
        var chapters = EnumSet.noneOf(Chapter.class);
        form.all("chapters").forEach(code -> Chapter.ofCode(code).ifPresent(chapters::add));
        if (chapters.isEmpty()) {
            complaints.about("chapters", "grant.chapters.missing");
        }
        if (!open.containsAll(chapters)) {
            complaints.about("chapters", "acting.chapter.missing");
        }
        var data = dataPeriod();
        if (!form.text("later").matches("yes|no")) {
            complaints.about("later", "grant.later.missing");
        }
        var term = term();
        if (!complaints.none()) {
            return Optional.empty();
        }
        var picked = grantee.orElseThrow();
        return Optional.of(new Terms(
                picked.id().toString(),
                picked.person().name(),
                picked.person().organisation(),
                purpose.orElseThrow(),
                chapters,
                data,
                form.text("later").equals("yes"),
                term));
    }

    private @Nullable Period dataPeriod() {
        switch (form.text("data")) {
            case "any" -> {
                return null;
            }
            case "period" -> {
                var from = day("data-from");
                var to = day("data-to");
                if (from == null && to == null) {
                    complaints.about("data-from", "grant.data.empty");
                } else if (from != null && to != null && to.isBefore(from)) {
                    complaints.about("data-to", "grant.data.backwards");
                    return null;
                }
                return new Period(from, to, zone);
            }
            default -> {
                complaints.about("data", "grant.data.missing");
                return null;
            }
        }
    }

    private Period term() {
        LocalDate to = switch (form.text("term")) {
            case "week" -> today.plusDays(7);
            case "quarter" -> today.plusMonths(3);
            case "year" -> today.plusYears(1);
            case "until" -> until();
            default -> {
                complaints.about("term", "grant.term.missing");
                yield today;
            }
        };
        return new Period(today, to, zone);
    }

    private LocalDate until() {
        var until = day("until");
        if (until == null) {
            complaints.about("until", "grant.term.empty");
            return today;
        }
        if (until.isBefore(today)) {
            complaints.about("until", "grant.term.past");
            return today;
        }
        if (until.isAfter(today.plusYears(5))) {
            complaints.about("until", "grant.term.far");
        }
        return until;
    }

    private @Nullable LocalDate day(String field) {
        try {
            return form.day(field).orElse(null);
        } catch (DateTimeException e) {
            complaints.about(field, "day.none");
            return null;
        }
    }
}
