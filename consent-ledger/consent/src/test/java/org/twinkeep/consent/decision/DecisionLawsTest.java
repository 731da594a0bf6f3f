package org.twinkeep.consent.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.consent.decision.Decision.Answer;
import org.twinkeep.consent.decision.Decision.Because;
import org.twinkeep.consent.ledger.ConsentLedger.Position;

class DecisionLawsTest {

    private static final int EXAMPLES = 1_000;

    private interface Law {
        void check(SomeTrees some, List<Map<String, Object>> consents, Random random);
    }

    private static void always(Dialect dialect, Law law) {
        qt().withFixedSeed(11)
                .withExamples(EXAMPLES)
                .withShrinkCycles(0)
                .forAll(integers().all())
                .checkAssert(seed -> {
                    var some = new SomeTrees(seed, dialect);
                    var random = new Random(seed);
                    var consents = IntStream.rangeClosed(0, random.nextInt(3))
                            .mapToObj(_ -> some.consent())
                            .collect(Collectors.toCollection(ArrayList::new));
                    law.check(some, consents, random);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void the_pools_meet(Dialect dialect) {
        var answers = new int[Answer.values().length];
        always(dialect, (some, consents, _) -> {
            var decision = decide(dialect, consents, some.ask(), some.item());
            answers[decision.answer().ordinal()]++;
        });
        assertThat(answers[Answer.PERMIT.ordinal()]).isGreaterThan(EXAMPLES / 10);
        assertThat(answers[Answer.DENY.ordinal()]).isGreaterThan(EXAMPLES / 10);
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void a_denying_consent_more_never_shows_more(Dialect dialect) {
        always(dialect, (some, consents, _) -> {
            var ask = some.ask();
            var item = some.item();
            consents.add(some.denyingConsent());
            assertThat(decide(dialect, consents, ask, item).answer()).isEqualTo(Answer.DENY);
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void what_somebody_else_ended_shows_nothing_more_and_denies_what_it_denied(Dialect dialect) {
        always(dialect, (some, consents, _) -> {
            var ask = some.ask();
            var item = some.item();
            var ended = consents.getFirst();
            var alone = decide(dialect, List.of(ended), ask, item).answer();
            var left = CompiledConsents.none(new Vocabulary()).withDenialsOf(dialect, SomeTrees.bytes(ended));
            var answer = Decisions.decide(left, ask, item, Implicit.DENY).answer();
            assertThat(answer).isEqualTo(alone == Answer.PERMIT ? Answer.NO_CONSENT : alone);
            assertThat(Decisions.mayPermit(left, ask)).isFalse();
            var others = compile(dialect, consents.subList(1, consents.size()));
            var beside = others.withDenialsOf(dialect, SomeTrees.bytes(ended));
            if (Decisions.decide(beside, ask, item, Implicit.DENY).visible()) {
                assertThat(decide(dialect, consents, ask, item).visible()).isTrue();
                assertThat(Decisions.decide(others, ask, item, Implicit.DENY).visible())
                        .isTrue();
            }
        });
    }

    @Test
    void a_denial_under_a_permit_never_shows_more() {
        always(Dialect.R4, (some, consents, random) -> {
            var ask = some.ask();
            var item = some.item();
            var before = decide(Dialect.R4, consents, ask, item);
            var permits = SomeTrees.provisionsOf(consents.getFirst()).stream()
                    .filter(provision -> "permit".equals(provision.get("type")))
                    .toList();
            if (permits.isEmpty()) {
                return;
            }
            var denial = some.provision(5);
            denial.put("type", "deny");
            addTo(permits.get(random.nextInt(permits.size())), denial);
            if (decide(Dialect.R4, consents, ask, item).visible()) {
                assertThat(before.visible()).isTrue();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void without_a_consent_nothing_is_left(Dialect dialect) {
        always(dialect, (some, _, _) -> {
            var decision = decide(dialect, List.of(), some.ask(), some.item());
            assertThat(decision.answer()).isEqualTo(Answer.NO_CONSENT);
            assertThat(decision.visible()).isFalse();
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void the_order_of_siblings_and_of_consents_means_nothing(Dialect dialect) {
        always(dialect, (some, consents, random) -> {
            var ask = some.ask();
            var item = some.item();
            var before = decide(dialect, consents, ask, item);
            consents.forEach(consent -> shuffle(consent, random));
            Collections.shuffle(consents, random);
            var after = decide(dialect, consents, ask, item);
            assertThat(after.answer()).isEqualTo(before.answer());
            assertThat(after.visible()).isEqualTo(before.visible());
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void the_same_question_has_the_same_bytes_in_whatever_order_the_consents_come(Dialect dialect) {
        always(dialect, (some, consents, _) -> {
            var ask = some.ask();
            var item = some.item();
            var last = consents.size() - 1;
            var asOf = new Position(7, "ab");
            var one = decide(dialect, consents, ask, item).bytes(i -> "c" + i, ask, item, asOf);
            var other = decide(dialect, consents.reversed(), ask, item).bytes(i -> "c" + (last - i), ask, item, asOf);
            assertThat(new String(other, StandardCharsets.UTF_8)).isEqualTo(new String(one, StandardCharsets.UTF_8));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void what_is_not_known_never_permits_and_is_named_by_its_path(Dialect dialect) {
        always(dialect, (some, consents, random) -> {
            var ask = some.ask();
            var item = some.item();
            var all = SomeTrees.provisionsOf(consents.getFirst());
            var where = all.isEmpty() ? consents.getFirst() : all.get(random.nextInt(all.size()));
            where.put(random.nextBoolean() ? "condition" : "modifierExtension", "a-value");
            var decision = decide(dialect, consents, ask, item);
            assertThat(decision.answer()).isEqualTo(Answer.DENY);
            assertThat(decision.because())
                    .anySatisfy(because -> assertThat(because)
                            .isInstanceOfSatisfying(
                                    Because.OfConsent.class,
                                    of -> assertThat(of.path())
                                            .startsWith("Consent")
                                            .doesNotContain("a-value")
                                            .matches(".*(condition|modifierExtension)")));
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"R4", "R5"})
    void every_reason_is_a_place_in_its_consent(Dialect dialect) {
        always(dialect, (some, consents, _) -> {
            var decision = decide(dialect, consents, some.ask(), some.item());
            for (var because : decision.because()) {
                assertThat(because)
                        .isInstanceOfSatisfying(
                                Because.OfConsent.class,
                                of -> assertThat(isThere(consents.get(of.consent()), of.path()))
                                        .as(of.path())
                                        .isTrue());
            }
        });
    }

    @Test
    void an_obligation_that_cannot_be_carried_out_is_a_denial_and_never_the_reverse() {
        always(Dialect.R4, (some, consents, _) -> {
            var decision = decide(Dialect.R4, consents, some.ask(), some.item());
            var owed = Set.of(Obligation.REDACT, Obligation.NOTICE);
            var all = decision.owing(owed, owed);
            assertThat(all.visible()).isEqualTo(decision.visible());
            assertThat(all.obligations()).isEqualTo(decision.visible() ? owed : Set.of());
            var without = decision.owing(owed, Set.of(Obligation.REDACT));
            assertThat(without.visible()).isFalse();
            if (decision.visible()) {
                assertThat(without.answer()).isEqualTo(Answer.DENY);
                assertThat(without.because()).containsExactly(new Because.OfObligations(Set.of(Obligation.NOTICE)));
            }
        });
    }

    // --- enormous

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 9_998})
    void every_provision_is_looked_at_twice_at_most(int children) {
        var some = new SomeTrees(3, Dialect.R4);
        var consent = some.consent();
        var exceptions = new ArrayList<Object>();
        for (int i = 0; i < children; i++) {
            var child = SomeTrees.map(
                    "type", "permit", "code", SomeTrees.list(SomeTrees.concept("http://loinc.org", i + "-9")));
            exceptions.add(child);
        }
        consent.put(
                "provision",
                SomeTrees.map(
                        "type",
                        "permit",
                        "code",
                        SomeTrees.list(SomeTrees.concept("http://loinc.org", "none")),
                        "provision",
                        exceptions));
        var consents = compile(Dialect.R4, List.of(consent));
        assertThat(consents.notUnderstood(0)).isEmpty();
        assertThat(Decisions.steps(consents, some.ask(), some.item())).isBetween((long) children, 8L * (children + 10));
    }

    @Test
    void one_provision_too_many_is_refused() {
        var exceptions = new ArrayList<Object>();
        for (int i = 0; i < 10_000; i++) {
            exceptions.add(SomeTrees.map("type", "permit"));
        }
        var consent = new SomeTrees(3, Dialect.R4).consent();
        consent.put("provision", SomeTrees.map("type", "deny", "provision", exceptions));
        assertThat(compile(Dialect.R4, List.of(consent)).notUnderstood(0))
                .contains("Consent.provision.provision[9999]");
    }

    @Test
    void ten_thousand_actors_are_searched_not_read() {
        var actors = new ArrayList<Object>();
        for (int i = 0; i < 4_000; i++) {
            actors.add(SomeTrees.map("reference", SomeTrees.map("reference", "Practitioner/" + i)));
        }
        var some = new SomeTrees(3, Dialect.R5);
        var consent = some.consent();
        consent.put("decision", "deny");
        consent.put("provision", SomeTrees.list(SomeTrees.map("actor", actors)));
        var consents = compile(Dialect.R5, List.of(consent));
        assertThat(consents.notUnderstood(0)).isEmpty();
        assertThat(Decisions.steps(consents, some.ask(), some.item())).isLessThan(100);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"Consent\"",
                "{",
                "{}",
                "{\"resourceType\":\"Consent\"} {}",
                "{\"resourceType\":\"Consent\",\"resourceType\":\"Consent\",\"status\":\"inactive\"}",
                "{\"resourceType\":\"Consent\",\"status\":\"inactive\",\"id\":\"\"}",
                "{\"resourceType\":\"Contract\",\"status\":\"inactive\"}",
                "\ufeff{\"resourceType\":\"Consent\",\"status\":\"active\"}"
            })
    void what_is_no_consent_denies(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        for (var dialect : Dialect.values()) {
            var consents = CompiledConsents.none(new Vocabulary()).with(dialect, bytes, Instant.EPOCH);
            assertThat(consents.notUnderstood(0)).get().asString().startsWith("Consent");
        }
    }

    @Test
    void a_consent_that_is_too_large_or_too_deep_denies() {
        var large = new byte[(1 << 20) + 1];
        Arrays.fill(large, (byte) ' ');
        assertThat(CompiledConsents.none(new Vocabulary())
                        .with(Dialect.R4, large, Instant.EPOCH)
                        .notUnderstood(0))
                .contains("Consent");
        var deep = new SomeTrees(3, Dialect.R5).consent();
        Object provision = SomeTrees.map("id", "x");
        for (int i = 0; i < 32; i++) {
            provision = SomeTrees.map("provision", SomeTrees.list(provision));
        }
        deep.put("provision", SomeTrees.list(provision));
        assertThat(compile(Dialect.R5, List.of(deep)).notUnderstood(0)).isPresent();
    }

    private static Decision decide(Dialect dialect, List<Map<String, Object>> consents, Ask ask, Item item) {
        return Decisions.decide(compile(dialect, consents), ask, item, Implicit.DENY);
    }

    private static CompiledConsents compile(Dialect dialect, List<Map<String, Object>> consents) {
        var all = CompiledConsents.none(new Vocabulary());
        for (var consent : consents) {
            all = all.with(dialect, SomeTrees.bytes(consent), Instant.EPOCH);
        }
        return all;
    }

    @SuppressWarnings("unchecked")
    private static void addTo(Map<String, Object> provision, Map<String, Object> child) {
        ((List<Object>) provision.computeIfAbsent("provision", _ -> new ArrayList<>())).add(child);
    }

    private static void shuffle(Map<String, Object> json, Random random) {
        for (var provision : SomeTrees.provisionsOf(json)) {
            if (provision.get("provision") instanceof List<?> children) {
                Collections.shuffle(children, random);
            }
        }
        if (json.get("provision") instanceof List<?> children) {
            Collections.shuffle(children, random);
        }
    }

    private static boolean isThere(Map<String, Object> consent, String path) {
        Object at = consent;
        for (var step : path.substring("Consent.".length()).split("\\.")) {
            var name = step.replaceAll("\\[.*", "");
            at = at instanceof Map<?, ?> map ? map.get(name) : null;
            if (step.endsWith("]") && at instanceof List<?> list) {
                int index = Integer.parseInt(step.replaceAll(".*\\[|\\]", ""));
                at = index < list.size() ? list.get(index) : null;
            }
        }
        return at != null;
    }
}
