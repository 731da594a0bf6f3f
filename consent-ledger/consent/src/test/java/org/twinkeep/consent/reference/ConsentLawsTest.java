package org.twinkeep.consent.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.twinkeep.consent.reference.ConsentTrees.Situation;
import org.twinkeep.consent.reference.ReferenceEvaluator.Said;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What holds whatever the consents are, of the reference and of the engine. */
class ConsentLawsTest {

    private static final int SEEDS = Integer.getInteger("consent.seeds", 1_000);

    private static final Said WHOLE_DENIAL = new Said(
            "R5",
            "{\"resourceType\":\"Consent\",\"status\":\"active\",\"decision\":\"deny\",\"category\":[{\"coding\":[{\"system\":\""
                    + Words.SCOPE + "\",\"code\":\"patient-privacy\"}]}]}");

    @ParameterizedTest
    @EnumSource
    void adding_a_consent_that_denies_never_shows_more(Evaluator evaluator) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var before = ConsentTrees.of(seed);
            var consents = new ArrayList<>(before.consents());
            consents.add(new Random(seed).nextInt(consents.size() + 1), ConsentTrees.denying(seed));
            neverShowsMore(evaluator, before, before.with(consents), seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void adding_a_denial_under_a_permit_never_shows_more(Evaluator evaluator) {
        int hung = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var before = ConsentTrees.of(seed);
            for (int i = 0; i < before.consents().size(); i++) {
                var narrowed = withADenial(before.consents().get(i), seed);
                if (narrowed != null) {
                    hung++;
                    var consents = new ArrayList<>(before.consents());
                    consents.set(i, narrowed);
                    neverShowsMore(evaluator, before, before.with(consents), seed);
                }
            }
        }
        assertThat(hung).isGreaterThan(SEEDS / 2);
    }

    @ParameterizedTest
    @EnumSource
    void a_whole_denial_leaves_nothing(Evaluator evaluator) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var situation = ConsentTrees.of(seed);
            var consents = new ArrayList<>(situation.consents());
            consents.add(new Random(seed).nextInt(consents.size() + 1), WHOLE_DENIAL);
            assertThat(evaluator.answer(situation.with(consents)).visible())
                    .as("seed " + seed)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_denial_for_every_purpose_under_the_first_permit_leaves_nothing_of_the_consent(Evaluator evaluator) {
        int closed = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            var situation = ConsentTrees.of(seed);
            for (var said : situation.consents()) {
                var first = firstPermit(said);
                if (first.isPresent()) {
                    closed++;
                    assertThat(evaluator
                                    .answer(situation.with(List.of(first.get())))
                                    .decisions()
                                    .values())
                            .as("seed " + seed)
                            .doesNotContain("PERMIT");
                }
            }
        }
        assertThat(closed).isGreaterThan(SEEDS / 4);
    }

    @ParameterizedTest
    @EnumSource
    void revoking_everything_leaves_nothing(Evaluator evaluator) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var situation = ConsentTrees.of(seed);
            var revoked = situation.consents().stream()
                    .map(said -> new Said(said.dialect(), inactive(said)))
                    .filter(said -> !said.json().isEmpty())
                    .toList();
            var answer = evaluator.answer(new Situation(revoked, "deny", situation.request(), situation.items()));
            assertThat(answer.visible()).as("seed " + seed).isEmpty();
            assertThat(answer.decisions().values()).as("seed " + seed).doesNotContain("PERMIT");
        }
    }

    @ParameterizedTest
    @EnumSource
    void order_means_nothing(Evaluator evaluator) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var before = ConsentTrees.of(seed);
            var random = new Random(seed);
            var shuffled = new ArrayList<Said>();
            for (var said : before.consents()) {
                var consent = Corpus.JSON.readTree(said.json());
                shuffle(consent, random);
                shuffled.add(new Said(said.dialect(), consent.toString()));
            }
            Collections.shuffle(shuffled, random);
            assertThat(evaluator.answer(before.with(shuffled)))
                    .as("seed " + seed)
                    .isEqualTo(evaluator.answer(before));
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_not_known_never_permits(Evaluator evaluator) {
        for (int seed = 0; seed < SEEDS; seed++) {
            var before = ConsentTrees.of(seed);
            for (int i = 0; i < before.consents().size(); i++) {
                var consents = new ArrayList<>(before.consents());
                consents.set(i, withSomethingUnknown(consents.get(i), seed));
                var after = before.with(consents);
                neverShowsMore(evaluator, before, after, seed);
                assertThat(evaluator
                                .answer(after.with(List.of(consents.get(i))))
                                .decisions()
                                .values())
                        .as("seed " + seed)
                        .doesNotContain("PERMIT");
            }
        }
    }

    /** The consent with a denial of everything right under its base or root, where that is a permit. */
    private static Optional<Said> firstPermit(Said said) {
        boolean r4 = said.dialect().equals("R4");
        var consent = (ObjectNode) Corpus.JSON.readTree(said.json());
        var root = r4 ? consent.path("provision") : consent;
        if (!Understanding.hasText(root, r4 ? "type" : "decision", "permit")) {
            return Optional.empty();
        }
        var denial = (ObjectNode)
                Corpus.JSON.readTree("{\"purpose\":[{\"system\":\"" + Words.REASON + "\",\"code\":\"PurposeOfUse\"}]}");
        if (r4) {
            denial.put("type", "deny");
        }
        return Optional.of(hung(denial, (ObjectNode) root, said.dialect(), consent));
    }

    private static Said hung(ObjectNode denial, ObjectNode under, String dialect, ObjectNode consent) {
        var children = under.path("provision") instanceof ArrayNode list ? list : Corpus.JSON.createArrayNode();
        under.set("provision", children.add(denial));
        return new Said(dialect, consent.toString());
    }

    private static void neverShowsMore(Evaluator evaluator, Situation before, Situation after, int seed) {
        assertThat(new HashSet<>(evaluator.answer(before).visible()))
                .as("seed " + seed)
                .containsAll(evaluator.answer(after).visible());
    }

    private static String inactive(Said said) {
        var consent = Corpus.JSON.readTree(said.json());
        return ((ObjectNode) consent).put("status", "inactive").toString();
    }

    /** The consent with one more denial under one of its permits; null where it has none. */
    private static Said withADenial(Said said, int seed) {
        boolean r4 = said.dialect().equals("R4");
        var consent = (ObjectNode) Corpus.JSON.readTree(said.json());
        var permits = new ArrayList<ObjectNode>();
        if (r4) {
            permitsOfR4(consent.path("provision"), permits);
        } else {
            if (Understanding.hasText(consent, "decision", "permit")) {
                permits.add(consent);
            }
            permitsOfR5(consent.path("provision"), Understanding.hasText(consent, "decision", "deny"), permits);
        }
        if (permits.isEmpty()) {
            return null;
        }
        var permit = permits.get(new Random(seed).nextInt(permits.size()));
        var denial = ConsentTrees.conditions(seed, r4);
        if (r4) {
            denial.put("type", "deny");
        }
        return hung(denial, permit, said.dialect(), consent);
    }

    private static void permitsOfR4(JsonNode node, List<ObjectNode> permits) {
        if (node instanceof ObjectNode provision && Understanding.hasText(provision, "type", "permit")) {
            permits.add(provision);
        }
        (node.isObject() ? node.path("provision") : node).values().forEach(child -> permitsOfR4(child, permits));
    }

    private static void permitsOfR5(JsonNode provisions, boolean permit, List<ObjectNode> permits) {
        for (var each : Understanding.elements(provisions)) {
            if (permit && each instanceof ObjectNode provision) {
                permits.add(provision);
            }
            permitsOfR5(each.path("provision"), !permit, permits);
        }
    }

    /** One more name in one of the objects of its provisions, or at its top. */
    private static Said withSomethingUnknown(Said said, int seed) {
        var consent = (ObjectNode) Corpus.JSON.readTree(said.json());
        var places = new ArrayList<ObjectNode>();
        places.add(consent);
        ConsentTrees.collect(consent.path("provision"), places);
        places.removeIf(place -> place.has("value"));
        places.get(new Random(seed).nextInt(places.size())).put("unheardOf", "x");
        return new Said(said.dialect(), consent.toString());
    }

    private static void shuffle(JsonNode node, Random random) {
        if (node instanceof ArrayNode list) {
            var children = new ArrayList<>(list.values());
            Collections.shuffle(children, random);
            list.removeAll();
            children.forEach(list::add);
        }
        node.values().forEach(child -> shuffle(child, random));
    }
}
