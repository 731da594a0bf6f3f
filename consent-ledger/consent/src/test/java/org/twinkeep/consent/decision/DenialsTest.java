package org.twinkeep.consent.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.decision.Decision.Answer;
import org.twinkeep.consent.decision.Denials.Denial;

class DenialsTest {

    private static final String LOINC = "http://loinc.org";
    private static final String REASONS = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private static final Ask ADA = new Ask(
            Set.of("Practitioner/ada"),
            Set.of(),
            new Code(REASONS, "TREAT"),
            Ask.ACCESS,
            Instant.parse("2026-05-10T12:00:00Z"));
    private static final Item GLUCOSE = item("Observation/glucose", "15074-8");
    private static final Item HIV = item("Observation/hiv", "7917-8");
    private static final List<Item> BOTH = List.of(GLUCOSE, HIV);

    private static final Map<String, Object> EVERYTHING_TO_ADA = consent(
            "deny",
            SomeTrees.map(
                    "actor",
                    SomeTrees.list(SomeTrees.map("reference", SomeTrees.map("reference", "Practitioner/ada")))));
    private static final Map<String, Object> NO_HIV =
            consent("permit", SomeTrees.map("code", SomeTrees.list(SomeTrees.concept(LOINC, "7917-8"))));
    private static final Map<String, Object> NOTHING = consent("deny");

    @Test
    void a_grant_that_nothing_stands_against_is_whole() {
        var effect = overriding(List.of(), EVERYTHING_TO_ADA);
        assertThat(effect.isWhole()).isTrue();
        assertThat(effect.isEmptied()).isFalse();
        assertThat(effect.left()).containsExactly(GLUCOSE, HIV);
        assertThat(effect.denied()).isEmpty();
    }

    @Test
    void an_older_denial_of_one_kind_is_named_with_what_it_closes() {
        var effect = overriding(List.of(NO_HIV), EVERYTHING_TO_ADA);
        assertThat(effect.isWhole()).isFalse();
        assertThat(effect.isEmptied()).isFalse();
        assertThat(effect.left()).containsExactly(GLUCOSE);
        assertThat(effect.denied()).containsExactly(Map.entry(new Denial(0, "Consent.provision[0]"), List.of(HIV)));
    }

    @Test
    void an_older_denial_of_everything_empties_it() {
        var effect = overriding(List.of(NO_HIV, NOTHING), EVERYTHING_TO_ADA);
        assertThat(effect.isEmptied()).isTrue();
        assertThat(effect.denied())
                .containsOnly(
                        Map.entry(new Denial(0, "Consent.provision[0]"), List.of(HIV)),
                        Map.entry(new Denial(1, "Consent.decision"), BOTH));
    }

    @Test
    void a_consent_that_is_not_understood_empties_it_and_says_which_element() {
        var odd = consent("permit");
        odd.put("condition", "value");
        var effect = overriding(List.of(odd), EVERYTHING_TO_ADA);
        assertThat(effect.isEmptied()).isTrue();
        assertThat(effect.denied()).containsOnlyKeys(new Denial(0, "Consent.condition"));
    }

    @Test
    void what_it_does_not_open_itself_is_no_ones_denial() {
        var toBob = consent(
                "deny",
                SomeTrees.map(
                        "actor",
                        SomeTrees.list(SomeTrees.map("reference", SomeTrees.map("reference", "Practitioner/bob")))));
        var effect = overriding(List.of(NOTHING), toBob);
        assertThat(effect.granted()).isEmpty();
        assertThat(effect.isEmptied()).isFalse();
        assertThat(effect.denied()).isEmpty();
    }

    @Test
    void a_grant_to_one_does_not_stand_against_a_grant_to_another() {
        var toBob = consent(
                "deny",
                SomeTrees.map(
                        "actor",
                        SomeTrees.list(SomeTrees.map("reference", SomeTrees.map("reference", "Practitioner/bob")))));
        assertThat(overriding(List.of(toBob), EVERYTHING_TO_ADA).isWhole()).isTrue();
    }

    @Test
    void what_is_left_and_what_is_denied_make_up_the_grant_and_both_are_what_the_engine_decides() {
        qt().withFixedSeed(12)
                .withExamples(500)
                .withShrinkCycles(0)
                .forAll(integers().all())
                .checkAssert(seed -> {
                    var some = new SomeTrees(seed, Dialect.R5);
                    var there = compile(List.of(some.consent(), some.consent()));
                    var grant = compile(List.of(some.consent()));
                    var ask = some.ask();
                    var items = Stream.generate(some::item).limit(5).toList();
                    var effect = Denials.overriding(there, grant, ask, items);
                    var closed = new LinkedHashSet<Item>();
                    effect.denied().values().forEach(closed::addAll);
                    assertThat(effect.left()).noneMatch(closed::contains);
                    closed.addAll(effect.left());
                    assertThat(closed).containsExactlyInAnyOrderElementsOf(new LinkedHashSet<>(effect.granted()));
                    for (var item : effect.left()) {
                        assertThat(Decisions.decide(there.with(grant), ask, item, Implicit.DENY)
                                        .answer())
                                .isEqualTo(Answer.PERMIT);
                    }
                });
    }

    private static Denials.Effect overriding(List<Map<String, Object>> there, Map<String, Object> grant) {
        var all = compile(there);
        var vocabulary = all.vocabulary();
        var alone = CompiledConsents.none(vocabulary).with(Dialect.R5, SomeTrees.bytes(grant), Instant.EPOCH);
        return Denials.overriding(all, alone, ADA, BOTH);
    }

    private static final Vocabulary VOCABULARY = new Vocabulary();

    private static CompiledConsents compile(List<Map<String, Object>> consents) {
        var all = CompiledConsents.none(VOCABULARY);
        for (var consent : consents) {
            all = all.with(Dialect.R5, SomeTrees.bytes(consent), Instant.EPOCH);
        }
        return all;
    }

    private static Map<String, Object> consent(String decision, Object... provisions) {
        var json = SomeTrees.map(
                "resourceType",
                "Consent",
                "status",
                "active",
                "category",
                SomeTrees.list(SomeTrees.concept(LOINC, "59284-0")),
                "decision",
                decision);
        if (provisions.length > 0) {
            json.put("provision", SomeTrees.list(provisions));
        }
        return json;
    }

    private static Item item(String reference, String code) {
        return new Item(
                reference,
                "Observation",
                Set.of(),
                Set.of(),
                Set.of(new Code(LOINC, code)),
                Set.of(),
                null,
                null,
                Set.of(),
                null,
                Set.of(),
                Set.of(),
                null);
    }
}
