package org.twinkeep.consent.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.reference.ConsentTrees.Situation;
import org.twinkeep.consent.reference.Corpus.Case;
import org.twinkeep.consent.reference.Evaluator.Answer;
import org.twinkeep.consent.reference.ReferenceEvaluator.Said;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The engine against two opinions that were written without it: the corpus, and the reference on random trees. */
class EngineAgreesWithReferenceTest {

    private static final int SEEDS = Integer.getInteger("consent.seeds", 3_000);
    private static final int FROM = Integer.getInteger("consent.from", 0);
    private static final int SHOWN = 20;

    @Test
    void the_engine_answers_every_case_of_the_corpus() {
        var wrong = new ArrayList<String>();
        for (var each : Corpus.cases()) {
            var answer = Evaluator.ENGINE.answer(situation(each));
            if (!answer.equals(new Answer(each.decisions(), each.visible()))) {
                wrong.add(
                        each + "\n   expected " + each.decisions() + " " + each.visible() + "\n   was      " + answer);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void they_agree_on_random_trees_of_both_dialects() {
        var wrong = new ArrayList<String>();
        for (int seed = FROM; seed < FROM + SEEDS && wrong.size() < SHOWN; seed++) {
            var situation = ConsentTrees.of(seed);
            var expected = Evaluator.REFERENCE.answer(situation);
            var answer = Evaluator.ENGINE.answer(situation);
            if (!answer.equals(expected)) {
                wrong.add("seed " + seed + "\n   reference " + expected + "\n   engine    " + answer);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void they_understand_the_same_consents() {
        var wrong = new ArrayList<String>();
        for (int seed = FROM; seed < FROM + SEEDS && wrong.size() < SHOWN; seed++) {
            for (var said : ConsentTrees.of(seed).consents()) {
                if (Evaluator.ENGINE.understands(said) != Evaluator.REFERENCE.understands(said)) {
                    wrong.add("seed " + seed + " " + said);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** A random tree that never permits, or of which nothing is understood, would show nothing. */
    @Test
    void the_random_trees_are_of_every_kind() {
        var outcomes = new TreeMap<String, Integer>();
        int understood = 0;
        int all = 0;
        for (int seed = 0; seed < 1_000; seed++) {
            var situation = ConsentTrees.of(seed);
            Evaluator.REFERENCE.answer(situation).decisions().values().forEach(d -> outcomes.merge(d, 1, Integer::sum));
            for (var said : situation.consents()) {
                all++;
                understood += Evaluator.REFERENCE.understands(said) ? 1 : 0;
            }
        }
        assertThat(outcomes.get("PERMIT")).isGreaterThan(600);
        assertThat(outcomes.get("DENY")).isGreaterThan(600);
        assertThat(outcomes.get("NO_CONSENT")).isGreaterThan(300);
        assertThat(understood).isGreaterThan(all * 6 / 10).isLessThan(all);
    }

    static Situation situation(Case each) {
        return new Situation(each.consents(), each.implicit(), (ObjectNode) each.request(), (ArrayNode) each.data());
    }

    @Test
    void a_text_that_no_parser_should_take_is_denied_by_both() {
        var permit = "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"coding\":[{\"system\":\""
                + Words.SCOPE + "\",\"code\":\"patient-privacy\"}]},\"provision\":{\"type\":\"permit\"}}";
        var texts = new ArrayList<>(List.of(
                "",
                "null",
                "[]",
                "\"Consent\"",
                permit + " x",
                permit + permit,
                permit.replace("{\"type\"", "{\"type\":\"deny\",\"type\""),
                permit.replace("\"status\"", "\"status\":\"active\",\"status\""),
                permit.substring(0, permit.length() - 1),
                permit.replace('"', '\''),
                permit.replace("\"permit\"", "\"permit\","),
                permit.replace("{\"resourceType\"", "{/* */\"resourceType\""),
                permit.replace("}}", "},\"id\":NaN}")));
        texts.add(permit.replace("}}", "},\"text\":{\"div\":\"" + "x".repeat(1 << 20) + "\"}}"));
        texts.add(permit.replace("}}", "},\"contained\":" + "[".repeat(210) + "1" + "]".repeat(210) + "}"));
        texts.add(permit.replace(
                "\"permit\"",
                "\"permit\",\"provision\":[" + repeated("{\"type\":\"deny\",\"id\":\"d\"}", 10_000) + "]"));
        for (var text : texts) {
            var situation = new Situation(
                    List.of(new Said("R4", text)),
                    "all-normal",
                    (ObjectNode) Corpus.cases().getFirst().request(),
                    anItem());
            for (var evaluator : Evaluator.values()) {
                assertThat(evaluator.answer(situation).visible())
                        .as(evaluator + " " + text.substring(0, Math.min(200, text.length())))
                        .isEmpty();
                assertThat(evaluator.understands(situation.consents().getFirst()))
                        .as(evaluator.name())
                        .isFalse();
            }
        }
        var understood = Map.of(
                "as it is", permit,
                "1 MiB", padded(permit, 1 << 20),
                "10,000 provisions",
                        permit.replace(
                                "\"permit\"",
                                "\"permit\",\"provision\":["
                                        + repeated("{\"type\":\"deny\",\"period\":{\"end\":\"2000\"}}", 9_999) + "]"));
        understood.forEach((name, text) -> {
            var seen = new EnumMap<Evaluator, Answer>(Evaluator.class);
            for (var evaluator : Evaluator.values()) {
                seen.put(
                        evaluator,
                        evaluator.answer(new Situation(
                                List.of(new Said("R4", text)),
                                "deny",
                                (ObjectNode) Corpus.cases().getFirst().request(),
                                anItem())));
                assertThat(seen.get(evaluator).visible())
                        .as(evaluator + ", " + name)
                        .containsExactly("Observation/1");
            }
        });
    }

    private static ArrayNode anItem() {
        return Corpus.JSON
                .createArrayNode()
                .add(Corpus.JSON
                        .createObjectNode()
                        .put("reference", "Observation/1")
                        .put("type", "Observation"));
    }

    private static String repeated(String text, int times) {
        return String.join(",", Collections.nCopies(times, text));
    }

    private static String padded(String text, int bytes) {
        return " ".repeat(bytes - text.length()) + text;
    }
}
