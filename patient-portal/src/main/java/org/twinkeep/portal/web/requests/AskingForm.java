package org.twinkeep.portal.web.requests;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.purposes.PurposeCatalogue;
import org.twinkeep.consent.research.Aim;
import org.twinkeep.consent.research.Question;
import org.twinkeep.consent.research.ResearchRequest;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.requests.Diseases;
import org.twinkeep.portal.requests.Draft;
import org.twinkeep.portal.requests.ShareCode;
import org.twinkeep.portal.web.Complaints;
import org.twinkeep.portal.web.Form;

/** Reads what an asker filled in. Whether a code is somebody's is no matter of the form. */
final class AskingForm {
    static final List<Question> YES_OR_NO = List.of(
            Question.ETHICS_APPROVAL,
            Question.NOT_FOR_PROFIT_ORGANISATION,
            Question.NON_COMMERCIAL_USE,
            Question.PUBLISHES,
            Question.COLLABORATES,
            Question.RETURNS,
            Question.GENETIC);
    static final List<Question> NAMED = List.of(
            Question.PROJECTS, Question.INSTITUTIONS, Question.USERS, Question.REGIONS, Question.RESEARCH_TYPES);
    private static final int LONGEST = 2000;

    /** @param why in the asker's own words */
    record Filled(ShareCode code, Draft draft, String why) {
        @Override
        public String toString() {
            return "Filled";
        }
    }

    private final Form form;
    private final Role role;
    private final Complaints complaints = new Complaints();

    AskingForm(Form form, Role role) {
        this.form = form;
        this.role = role;
    }

    Form form() {
        return form;
    }

    Complaints complaints() {
        return complaints;
    }

    Optional<Filled> read() {
        var code = ShareCode.typed(form.text("code"));
        if (code.isEmpty()) {
            complaints.about("code", "asking.code.wrong");
        }
        var purpose = Purpose.ofCode(form.text("purpose"))
                .filter(PurposeCatalogue.current().askedBy(role.code())::contains);
        if (purpose.isEmpty()) {
            complaints.about("purpose", "grant.purpose.missing");
        }
        var claim = form.text("claim");
        if (role == Role.INSURER && (claim.isEmpty() || claim.length() > 100)) {
            complaints.about("claim", "asking.claim.missing");
        }
        var chapters = chapters(form);
        if (chapters.isEmpty()) {
            complaints.about("chapters", "grant.chapters.missing");
        }
        var from = day("data-from");
        var to = day("data-to");
        if (from != null && to != null && to.isBefore(from)) {
            complaints.about("data-to", "grant.data.backwards");
        }
        if (!form.text("later").matches("yes|no")) {
            complaints.about("later", "grant.later.missing");
        }
        var length = length(form);
        if (length.isEmpty()) {
            complaints.about("length", "grant.term.missing");
        }
        var research = role == Role.RESEARCHER ? research() : null;
        var why = form.text("why");
        if (why.isEmpty() || why.length() > LONGEST) {
            complaints.about("why", "asking.why.missing");
        }
        if (!complaints.none()) {
            return Optional.empty();
        }
        return Optional.of(new Filled(
                code.orElseThrow(),
                new Draft(
                        purpose.orElseThrow(),
                        chapters,
                        from,
                        to,
                        form.text("later").equals("yes"),
                        length.orElseThrow(),
                        role == Role.INSURER ? claim : null,
                        research),
                why));
    }

    static Set<Chapter> chapters(Form form) {
        var chapters = EnumSet.noneOf(Chapter.class);
        form.all("chapters").forEach(code -> Chapter.ofCode(code).ifPresent(chapters::add));
        chapters.remove(Chapter.SAFETY);
        return chapters;
    }

    static Optional<Draft.Length> length(Form form) {
        return Arrays.stream(Draft.Length.values())
                .filter(length -> length.name().toLowerCase(Locale.ROOT).equals(form.text("length")))
                .findFirst();
    }

    private ResearchRequest research() {
        var aims = EnumSet.noneOf(Aim.class);
        Arrays.stream(Aim.values()).filter(aim -> form.has("aims", aim.name())).forEach(aims::add);
        if (aims.isEmpty()) {
            complaints.about("aims", "asking.aims.missing");
        }
        Map<Question, Boolean> says = new EnumMap<>(Question.class);
        YES_OR_NO.forEach(question -> {
            var said = form.text(question.name());
            if (said.matches("yes|no")) {
                says.put(question, said.equals("yes"));
            }
        });
        Map<Question, Set<String>> names = new EnumMap<>(Question.class);
        var diseases = form.all("diseases").stream()
                .filter(code -> Diseases.all().of(code).isPresent())
                .collect(Collectors.toSet());
        if (!diseases.isEmpty()) {
            names.put(Question.DISEASES, diseases);
        }
        NAMED.forEach(question -> {
            var given = names(form.text(question.name()));
            if (!given.isEmpty()) {
                names.put(question, given);
            }
        });
        return new ResearchRequest(aims, says, names, day("publishes"), months(), Map.of());
    }

    /** Separated by commas. */
    static Set<String> names(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty() && name.length() <= 200)
                .collect(Collectors.toSet());
    }

    private @Nullable Integer months() {
        var months = form.text("months");
        if (months.isEmpty()) {
            return null;
        }
        if (!months.matches("[1-9][0-9]{0,2}")) {
            complaints.about("months", "asking.months.wrong");
            return null;
        }
        return Integer.valueOf(months);
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
