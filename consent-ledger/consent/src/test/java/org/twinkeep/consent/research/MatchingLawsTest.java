package org.twinkeep.consent.research;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;
import static org.twinkeep.consent.research.ARequest.TREE;
import static org.twinkeep.consent.research.ARequest.aRequest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;
import org.twinkeep.consent.research.DataUse.Term;

class MatchingLawsTest {
    private static final List<String> DISEASES =
            List.of("disease", "cancer", "lung cancer", "small cell lung cancer", "asthma", "unheard of");
    private static final List<String> OTHER_CODES = List.of("DUO:0000005", "DUO:0000099", "GRU", "duo:0000042", "");

    @Test
    void a_further_term_never_undoes_a_denial() {
        forAll(random -> {
            var dataUse = dataUse(random);
            var request = request(random);
            if (Matching.match(dataUse, request, TREE).outcome() == Outcome.DENY) {
                var more = new ArrayList<>(dataUse.terms());
                more.add(term(random));
                assertThat(Matching.match(new DataUse(more), request, TREE).outcome())
                        .isEqualTo(Outcome.DENY);
            }
        });
    }

    @Test
    void a_further_modifier_never_makes_an_answer_milder_but_for_the_one_that_allows_care() {
        forAll(random -> {
            var dataUse = dataUse(random);
            var request = request(random);
            var more = new ArrayList<>(dataUse.terms());
            var term = term(random);
            more.add(term);
            boolean restricts = Duo.ofId(term.code())
                    .filter(duo -> duo.kind() == Duo.Kind.MODIFIER && duo != Duo.CC)
                    .isPresent();
            if (restricts) {
                assertThat(Matching.match(new DataUse(more), request, TREE).outcome())
                        .isGreaterThanOrEqualTo(
                                Matching.match(dataUse, request, TREE).outcome());
            }
        });
    }

    @Test
    void the_order_of_terms_does_not_matter() {
        forAll(random -> {
            var dataUse = dataUse(random);
            var request = request(random);
            var shuffled = new ArrayList<>(dataUse.terms());
            Collections.shuffle(shuffled, random);
            assertThat(Matching.match(new DataUse(shuffled), request, TREE))
                    .isEqualTo(Matching.match(dataUse, request, TREE));
        });
    }

    @Test
    void a_term_that_is_not_known_is_never_approved() {
        forAll(random -> {
            var terms = new ArrayList<>(dataUse(random).terms());
            terms.add(new Term(OTHER_CODES.get(random.nextInt(OTHER_CODES.size())), Set.of()));
            assertThat(Matching.match(new DataUse(terms), request(random), TREE).outcome())
                    .isNotEqualTo(Outcome.APPROVE);
        });
    }

    @Test
    void an_approval_has_a_permission_and_no_reason_against_it() {
        forAll(random -> {
            var dataUse = dataUse(random);
            var match = Matching.match(dataUse, request(random), TREE);
            if (match.outcome() == Outcome.APPROVE) {
                assertThat(match.rationale()).allMatch(reason -> reason.outcome() == Outcome.APPROVE);
                assertThat(dataUse.terms())
                        .anyMatch(term -> Duo.ofId(term.code()).orElseThrow().kind() == Duo.Kind.PERMISSION);
            }
        });
    }

    @Test
    void conditions_without_a_permission_and_nothing_at_all_are_for_a_person_to_decide() {
        var onlyCondition = Matching.match(
                DataUse.of(Term.of(Duo.NCU)),
                aRequest().says(Question.NON_COMMERCIAL_USE, true).build(),
                TREE);
        var nothing = Matching.match(DataUse.of(), aRequest().build(), TREE);

        assertThat(onlyCondition.outcome()).isEqualTo(Outcome.ABSTAIN);
        assertThat(nothing.outcome()).isEqualTo(Outcome.ABSTAIN);
        assertThat(nothing.rationale()).extracting(Match.Reason::why).containsExactly("no permission is stated");
    }

    @Test
    void a_rationale_names_the_term_and_the_question_that_decided_and_quotes_no_disease() {
        var match = Matching.match(
                DataUse.of(Term.of(Duo.NPUNCU), Term.of(Duo.DS, "lung cancer")),
                aRequest()
                        .names(Question.DISEASES, "asthma")
                        .says(Question.NOT_FOR_PROFIT_ORGANISATION, true)
                        .build(),
                TREE);

        assertThat(match.outcome()).isEqualTo(Outcome.DENY);
        assertThat(match.rationale())
                .extracting(Match.Reason::code, Match.Reason::outcome, Match.Reason::decidedBy)
                .containsExactly(
                        tuple("DUO:0000007", Outcome.DENY, Question.DISEASES),
                        tuple("DUO:0000018", Outcome.ABSTAIN, Question.NON_COMMERCIAL_USE));
        assertThat(match.toString()).doesNotContain("asthma", "cancer");
    }

    @Test
    void a_hierarchy_that_runs_in_a_circle_ends() {
        var circle = new DiseaseTree(Map.of("cancer", Set.of("asthma"), "asthma", Set.of("cancer"), "flu", Set.of()));
        var request = aRequest().names(Question.DISEASES, "cancer").build();

        assertThat(Matching.match(DataUse.of(Term.of(Duo.DS, "flu")), request, circle)
                        .outcome())
                .isEqualTo(Outcome.DENY);
    }

    private interface Law {
        void holdsFor(Random random);
    }

    private static void forAll(Law law) {
        Gen<Long> seeds = longs().all();
        qt().withExamples(3_000).forAll(seeds).checkAssert(seed -> law.holdsFor(new Random(seed)));
    }

    private static DataUse dataUse(Random random) {
        var terms = new ArrayList<Term>();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            terms.add(term(random));
        }
        return new DataUse(terms);
    }

    private static Term term(Random random) {
        var duo = Duo.values()[random.nextInt(Duo.values().length)];
        return switch (duo) {
            case DS -> Term.of(duo, any(DISEASES, random));
            case MOR -> Term.of(duo, any(List.of("2027-01-31", "never"), random));
            case TS -> Term.of(duo, any(List.of("12", "0"), random));
            case RS, GS, US, PS, IS ->
                random.nextInt(4) == 0 ? Term.of(duo) : Term.of(duo, any(List.of("a", "b"), random));
            default -> Term.of(duo);
        };
    }

    private static ResearchRequest request(Random random) {
        var request = aRequest();
        var aims = new ArrayList<Aim>();
        for (var aim : Aim.values()) {
            if (random.nextInt(4) == 0) {
                aims.add(aim);
            }
        }
        request.aims(aims.toArray(Aim[]::new));
        for (var question : Question.values()) {
            if (random.nextInt(3) > 0) {
                request.says(question, random.nextInt(4) > 0);
            }
            if (random.nextInt(3) > 0) {
                request.names(
                        question,
                        question == Question.DISEASES ? any(DISEASES, random) : any(List.of("a", "b"), random));
            }
        }
        if (random.nextBoolean()) {
            request.publishesFrom(any(List.of("2027-01-30", "2027-01-31"), random))
                    .months(11 + random.nextInt(3));
        }
        if (random.nextBoolean()) {
            request.found(Duo.DATA_USE_PERMISSION, random.nextBoolean());
        }
        return request.build();
    }

    private static String any(List<String> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
