package org.twinkeep.portal.web.consents;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.KeptConsent;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.OtherConsent.Counts;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.Intake;
import org.twinkeep.consent.decision.Statement;
import org.twinkeep.consent.decision.Statement.Dates;
import org.twinkeep.consent.decision.Statement.Rule;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.web.Words;

/** Tells in plain words what a consent says that is not of our own shape: a denial, or one that somebody else wrote. */
@Component
class Told {
    private final Accounts accounts;

    Told(Accounts accounts) {
        this.accounts = accounts;
    }

    /**
     * One rule.
     *
     * @param depth 0; 1 for an exception to the rule above, 2 for one to that
     * @param who and what and why: to whom, of what, what for
     * @param when of which time and at which time; null: whenever
     */
    record Line(
            int depth,
            boolean permits,
            String who,
            String what,
            String why,
            @Nullable String when) {}

    /**
     * A consent in words.
     *
     * @param base what holds where no line says anything: the key of it
     * @param own whether it was said here
     * @param by who said it for the patient; null: the patient
     * @param endable whether who reads this may end it
     */
    record Of(
            OtherConsent consent,
            boolean own,
            @Nullable String by,
            boolean endable,
            String base,
            String term,
            List<Line> lines) {
        /** Whether anything of it counts. */
        boolean holds() {
            return consent.counts() != Counts.NOTHING;
        }
    }

    List<Of> of(
            List<OtherConsent> consents,
            Function<OtherConsent, Optional<String>> by,
            Predicate<OtherConsent> endable,
            Words words) {
        return consents.stream()
                .map(consent -> {
                    var statement = statement(consent.kept());
                    return new Of(
                            consent,
                            consent.denial().isPresent(),
                            by.apply(consent).orElse(null),
                            endable.test(consent),
                            base(statement),
                            term(statement, words),
                            lines(statement, words));
                })
                .toList();
    }

    List<Line> lines(KeptConsent kept, Words words) {
        return lines(statement(kept), words);
    }

    List<Line> lines(Statement statement, Words words) {
        var lines = new ArrayList<Line>();
        add(lines, statement.rules(), 0, words);
        return List.copyOf(lines);
    }

    static String base(Statement statement) {
        var base = statement.base();
        return base == null ? "brought.base.none" : base ? "brought.base.permit" : "brought.base.deny";
    }

    static String term(Statement statement, Words words) {
        return statement.term().isOpen() ? words.say("brought.term.open", "") : dates(statement.term(), words);
    }

    /** Kept is only what is understood; one that is over is told as well. */
    private static Statement statement(KeptConsent kept) {
        return Intake.said(kept.dialect(), kept.consent())
                .orElseGet(() -> new Statement(null, new Dates(null, null), List.of()));
    }

    private void add(List<Line> lines, List<Rule> rules, int depth, Words words) {
        for (var rule : rules) {
            lines.add(new Line(
                    depth, rule.permits(), who(rule, words), what(rule, words), why(rule, words), when(rule, words)));
            add(lines, rule.rules(), depth + 1, words);
        }
    }

    private String who(Rule rule, Words words) {
        if (rule.actors().isEmpty()) {
            return words.say("told.anybody", "");
        }
        return rule.actors().stream()
                .map(actor -> {
                    var person = actor.reference() == null ? null : person(actor.reference());
                    var roles = actor.roles().stream()
                            .map(role -> words.role(role.code()))
                            .collect(Collectors.joining(" / "));
                    return person == null ? roles : roles.isEmpty() ? person : person + " (" + roles + ")";
                })
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** As the directory has them; a name that a text brings along is nobody's word. */
    private String person(String reference) {
        return account(reference)
                .map(id -> accounts.find(id)
                        .map(found -> found.person().organisation().isEmpty()
                                ? found.name()
                                : found.name() + ", " + found.person().organisation())
                        .orElse("?"))
                .orElse("?");
    }

    /** Whom a reference means, where it could be an account of this house. */
    static Optional<AccountId> account(String reference) {
        var system = FhirConsent.GRANTEE_SYSTEM + "|";
        try {
            return reference.startsWith(system)
                    ? Optional.of(AccountId.of(reference.substring(system.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String what(Rule rule, Words words) {
        var parts = new ArrayList<String>();
        if (!rule.kinds().isEmpty()) {
            parts.add(rule.kinds().stream().map(code -> kind(code, words)).collect(Collectors.joining(", ")));
        }
        if (!rule.labels().isEmpty()) {
            parts.add(rule.labels().stream()
                    .map(code -> words.say("label." + code.code(), code.code()))
                    .collect(Collectors.joining(", ")));
        }
        if (!rule.ofData().isOpen()) {
            parts.add(words.say("told.of-time", "") + " " + dates(rule.ofData(), words));
        }
        return parts.isEmpty() ? words.say("told.everything", "") : String.join("; ", parts);
    }

    private static String kind(Code code, Words words) {
        return code.system().equals(FhirConsent.CHAPTER_SYSTEM) ? words.chapter(code.code()) : code.code();
    }

    private static String why(Rule rule, Words words) {
        var purposes = rule.purposes().isEmpty()
                ? words.say("told.any-purpose", "")
                : rule.purposes().stream()
                        .map(code -> words.purpose(code.code()))
                        .collect(Collectors.joining(", "));
        return rule.actions().isEmpty()
                ? purposes
                : purposes + " ("
                        + rule.actions().stream()
                                .map(code -> words.say("action." + code.code(), code.code()))
                                .collect(Collectors.joining(", "))
                        + ")";
    }

    private static @Nullable String when(Rule rule, Words words) {
        return rule.during().isOpen() ? null : dates(rule.during(), words);
    }

    private static String dates(Dates dates, Words words) {
        var from = dates.from() == null ? "" : words.date(dates.from());
        var to = dates.to() == null ? "" : words.date(dates.to());
        return from.isEmpty()
                ? words.say("told.until", "") + " " + to
                : to.isEmpty() ? words.say("told.since", "") + " " + from : from + " – " + to;
    }

    /** Whether a role is one that accounts here have. */
    static boolean isRoleHere(Code role) {
        return role.system().equals(ConsentPolicy.ROLE_SYSTEM)
                && List.of("clinician", "insurer", "researcher").contains(role.code());
    }
}
