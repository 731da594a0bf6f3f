package org.twinkeep.consent.research;

import static org.twinkeep.consent.research.Outcome.ABSTAIN;
import static org.twinkeep.consent.research.Outcome.APPROVE;
import static org.twinkeep.consent.research.Outcome.DENY;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.research.DataUse.Term;
import org.twinkeep.consent.research.Match.Reason;

/**
 * Matches a request with what a patient allows, term by term, by the definitions of the Data Use Ontology
 * (docs/decisions/0306-research-by-the-letter.md).
 *
 * <p>Promise: nothing is approved without a permission, and without an answer to each question that a term asks; a term that
 * is not known is never approved. The order of terms does not matter, and a further term never undoes a denial.
 */
public final class Matching {
    private final DataUse dataUse;
    private final ResearchRequest request;
    private final DiseaseTree diseases;

    private Matching(DataUse dataUse, ResearchRequest request, DiseaseTree diseases) {
        this.dataUse = dataUse;
        this.request = request;
        this.diseases = diseases;
    }

    public static Match match(DataUse dataUse, ResearchRequest request, DiseaseTree diseases) {
        return new Matching(dataUse, request, diseases).match();
    }

    private Match match() {
        var reasons = new ArrayList<Reason>();
        dataUse.terms().forEach(term -> reasons.add(reason(term)));
        boolean permitted = dataUse.terms().stream()
                .flatMap(term -> Duo.ofId(term.code()).stream())
                .anyMatch(duo -> duo.kind() == Duo.Kind.PERMISSION);
        if (!permitted) {
            reasons.add(new Reason("", ABSTAIN, Question.DATA_USE, "no permission is stated"));
        }
        reasons.sort(Comparator.comparing(Reason::code)
                .thenComparing(Reason::outcome)
                .thenComparing(Reason::decidedBy)
                .thenComparing(Reason::why));
        return new Match(Outcome.strictest(reasons.stream().map(Reason::outcome).toList()), reasons);
    }

    private Reason reason(Term term) {
        return Duo.ofId(term.code())
                .map(duo -> judge(duo, term).of(term))
                .orElseGet(() ->
                        abstain(Question.DATA_USE, "the term is not known").of(term));
    }

    private Judged judge(Duo duo, Term term) {
        return switch (duo) {
            case DATA_USE_PERMISSION, DATA_USE_MODIFIER -> committee(duo);
            case NRES -> noRestriction();
            case GRU -> generalResearch();
            case HMB -> biomedical();
            case DS -> stricter(biomedical(), ofDiseases(term));
            case POA -> ancestryOnly();
            case NPOA -> without(Aim.ANCESTRY);
            case NMDS -> without(Aim.METHODS);
            case CC -> clinicalCare();
            case RS -> within(term, Question.RESEARCH_TYPES);
            case GSO -> yes(Question.GENETIC);
            case NPUNCU -> stricter(yes(Question.NOT_FOR_PROFIT_ORGANISATION), yes(Question.NON_COMMERCIAL_USE));
            case NPU -> yes(Question.NOT_FOR_PROFIT_ORGANISATION);
            case NCU -> yes(Question.NON_COMMERCIAL_USE);
            case PUB -> yes(Question.PUBLISHES);
            case COL -> yes(Question.COLLABORATES);
            case IRB -> yes(Question.ETHICS_APPROVAL);
            case RTN -> yes(Question.RETURNS);
            case GS -> within(term, Question.REGIONS);
            case US -> within(term, Question.USERS);
            case PS -> within(term, Question.PROJECTS);
            case IS -> within(term, Question.INSTITUTIONS);
            case MOR -> moratorium(term);
            case TS -> timeLimit(term);
        };
    }

    /** The two terms that head the others allow and restrict nothing in particular: people read what was meant. */
    private Judged committee(Duo duo) {
        return Optional.ofNullable(request.committee().get(duo))
                .map(within -> answered(within, Question.COMMITTEE))
                .orElseGet(() -> abstain(Question.COMMITTEE, "the term says nothing by itself"));
    }

    /** Beside another term "no restriction" contradicts itself; clinical care is not one that restricts. */
    private Judged noRestriction() {
        boolean restricted = dataUse.terms().stream()
                .map(Term::code)
                .anyMatch(code -> !code.equals(Duo.NRES.id()) && !code.equals(Duo.CC.id()));
        return restricted
                ? abstain(Question.DATA_USE, "no restriction is said beside a restriction")
                : approve(Question.DATA_USE, "there is no restriction");
    }

    private Judged generalResearch() {
        if (request.aims().isEmpty()) {
            return notSaid(Question.AIMS);
        }
        return aims(EnumSet.of(Aim.NO_RESEARCH), EnumSet.of(Aim.CLINICAL_CARE));
    }

    /** Methods are within it when they serve biomedical research; alone nobody said that they do. */
    private Judged biomedical() {
        if (request.aims().isEmpty()) {
            return notSaid(Question.AIMS);
        }
        var open = EnumSet.of(Aim.CLINICAL_CARE);
        if (!request.aims().contains(Aim.BIOMEDICAL)) {
            open.add(Aim.METHODS);
        }
        return aims(EnumSet.of(Aim.ANCESTRY, Aim.OTHER_RESEARCH, Aim.NO_RESEARCH), open);
    }

    /** @param open of these the permission says nothing; of clinical care CC does */
    private Judged aims(Set<Aim> outside, Set<Aim> open) {
        if (!Collections.disjoint(request.aims(), outside)) {
            return deny(Question.AIMS, "an aim is outside the permission");
        }
        var unsaid = EnumSet.copyOf(request.aims());
        unsaid.retainAll(open);
        if (dataUse.has(Duo.CC)) {
            unsaid.remove(Aim.CLINICAL_CARE);
        }
        return unsaid.isEmpty()
                ? approve(Question.AIMS, "every aim is within the permission")
                : abstain(Question.AIMS, "the permission does not speak of an aim");
    }

    private Judged ancestryOnly() {
        return request.aims().isEmpty()
                ? notSaid(Question.AIMS)
                : answered(request.aims().equals(Set.of(Aim.ANCESTRY)), Question.AIMS);
    }

    private Judged without(Aim aim) {
        return request.aims().isEmpty()
                ? notSaid(Question.AIMS)
                : answered(!request.aims().contains(aim), Question.AIMS);
    }

    /** It allows care beside what the permission allows, and restricts nothing. */
    private Judged clinicalCare() {
        return request.aims().isEmpty() ? notSaid(Question.AIMS) : approve(Question.AIMS, "clinical care is allowed");
    }

    /** Every disease studied is one that is allowed, or stands under one. A disease above it is more than was allowed. */
    private Judged ofDiseases(Term term) {
        var studied = request.names(Question.DISEASES);
        if (term.values().isEmpty()) {
            return valueMissing();
        }
        if (studied.isEmpty()) {
            return notSaid(Question.DISEASES);
        }
        return studied.stream()
                .map(disease -> ofDisease(disease, term.values()))
                .reduce(Matching::stricter)
                .orElseThrow();
    }

    private Judged ofDisease(String disease, Set<String> allowed) {
        if (allowed.stream().anyMatch(each -> diseases.isOrIsUnder(disease, each))) {
            return answered(true, Question.DISEASES);
        }
        boolean known = diseases.knows(disease) && allowed.stream().allMatch(diseases::knows);
        return known
                ? answered(false, Question.DISEASES)
                : abstain(Question.DISEASES, "a disease is not in the hierarchy");
    }

    private Judged moratorium(Term term) {
        var until = only(term).flatMap(Matching::day);
        var from = request.publishesFrom();
        if (until.isEmpty()) {
            return valueMissing();
        }
        return from == null
                ? notSaid(Question.PUBLISHES_FROM)
                : answered(!from.isBefore(until.get()), Question.PUBLISHES_FROM);
    }

    private Judged timeLimit(Term term) {
        var limit = only(term).filter(text -> text.matches("[1-9][0-9]{0,3}")).map(Integer::valueOf);
        var months = request.months();
        if (limit.isEmpty()) {
            return valueMissing();
        }
        return months == null || months < 1
                ? notSaid(Question.MONTHS)
                : answered(months <= limit.get(), Question.MONTHS);
    }

    private Judged within(Term term, Question question) {
        if (term.values().isEmpty()) {
            return valueMissing();
        }
        var named = request.names(question);
        return named.isEmpty() ? notSaid(question) : answered(term.values().containsAll(named), question);
    }

    private Judged yes(Question question) {
        return request.says(question).map(says -> answered(says, question)).orElseGet(() -> notSaid(question));
    }

    private static Optional<String> only(Term term) {
        return term.values().size() == 1 ? term.values().stream().findFirst() : Optional.empty();
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Judged answered(boolean within, Question question) {
        return within
                ? approve(question, "the answer is within the term")
                : deny(question, "the answer is outside the term");
    }

    private static Judged notSaid(Question question) {
        return abstain(question, "the request does not say");
    }

    private static Judged valueMissing() {
        return abstain(Question.DATA_USE, "the term lacks the value that it needs");
    }

    private static Judged approve(Question question, String why) {
        return new Judged(APPROVE, question, why);
    }

    private static Judged abstain(Question question, String why) {
        return new Judged(ABSTAIN, question, why);
    }

    private static Judged deny(Question question, String why) {
        return new Judged(DENY, question, why);
    }

    /** The same whichever comes first: of two equally strict, the earlier question. */
    private static Judged stricter(Judged one, Judged other) {
        return Collections.max(
                List.of(one, other),
                Comparator.comparing(Judged::outcome)
                        .thenComparing(Comparator.comparing(Judged::decidedBy).reversed())
                        .thenComparing(Judged::why));
    }

    private record Judged(Outcome outcome, Question decidedBy, String why) {
        Reason of(Term term) {
            return new Reason(term.code(), outcome, decidedBy, why);
        }
    }
}
