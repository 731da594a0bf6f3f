package org.twinkeep.consent.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.reference.ConsentTrees.Situation;
import org.twinkeep.consent.reference.ReferenceEvaluator.Said;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * All trees of a root, two rules under it and one under the first of these, in both dialects, each beside no other consent, an
 * opt-in and a grant: together these three tell the five outcomes of a consent apart.
 */
@Tag("slow")
class EverySmallTreeTest {

    private static final int SHOWN = 10;

    /** What a rule may state: nothing, or what this request or this item meets or does not. */
    private static final List<String> CONDITIONS = List.of(
            "\"id\":\"r\"",
            "\"action\":[{\"coding\":[{\"system\":\"" + Words.ACTION + "\",\"code\":\"access\"}]}]",
            "\"action\":[{\"coding\":[{\"system\":\"" + Words.ACTION + "\",\"code\":\"use\"}]}]",
            "\"code\":[{\"coding\":[{\"system\":\"urn:x\",\"code\":\"this\"}]}]",
            "\"code\":[{\"coding\":[{\"system\":\"urn:x\",\"code\":\"other\"}]}]");

    private static final String R4 =
            "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"coding\":[{\"system\":\"" + Words.SCOPE
                    + "\",\"code\":\"patient-privacy\"}]}";
    private static final String R5 =
            "{\"resourceType\":\"Consent\",\"status\":\"active\",\"category\":[{\"coding\":[{\"system\":\""
                    + Words.SCOPE + "\",\"code\":\"patient-privacy\"}]}]";

    private static final List<List<Said>> COMPANY = List.of(
            List.of(),
            List.of(new Said("R5", R5 + ",\"decision\":\"permit\"}")),
            List.of(new Said("R4", R4 + ",\"provision\":{\"type\":\"permit\"}}")));

    private final ObjectNode request =
            (ObjectNode) Corpus.JSON.readTree("{\"actors\":[],\"purpose\":{\"system\":\"" + Words.REASON
                    + "\",\"code\":\"TREAT\"},\"action\":{\"system\":\"" + Words.ACTION
                    + "\",\"code\":\"access\"},\"at\":\"2026-11-21T09:00:00Z\"}");
    private final ArrayNode items = (ArrayNode)
            Corpus.JSON.readTree(
                    "[{\"reference\":\"Observation/1\",\"type\":\"Observation\",\"codes\":[{\"system\":\"urn:x\",\"code\":\"this\"}]}]");
    private final List<String> wrong = new ArrayList<>();
    private int trees;

    @Test
    void they_agree_on_every_small_tree_of_r4() {
        for (var rule : List.of("", policyRule("OPTIN"), policyRule("OPTOUT"))) {
            for (var type : List.of("", type("permit"), type("deny"))) {
                for (var condition : CONDITIONS) {
                    for (var children : pairs(List.of(type("permit"), type("deny")))) {
                        agreeOn(new Said("R4", R4 + rule + ",\"provision\":{" + type + condition + children + "}}"));
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(trees).isEqualTo(3 * 3 * 5 * (1 + 110 + 110 * 10));
    }

    @Test
    void they_agree_on_every_small_tree_of_r5() {
        for (var base : List.of("permit", "deny")) {
            for (var condition : CONDITIONS) {
                for (var children : pairs(List.of(""))) {
                    agreeOn(new Said(
                            "R5",
                            R5 + ",\"decision\":\"" + base + "\",\"provision\":[{" + condition + children + "}]}"));
                    agreeOn(new Said("R5", R5 + ",\"decision\":\"" + base + "\"" + children + "}"));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private void agreeOn(Said tree) {
        trees++;
        for (var company : COMPANY) {
            var consents = new ArrayList<>(company);
            consents.add(tree);
            var situation = new Situation(consents, "deny", request, items);
            var expected = Evaluator.REFERENCE.answer(situation);
            var answer = Evaluator.ENGINE.answer(situation);
            if (!answer.equals(expected) && wrong.size() < SHOWN) {
                wrong.add(tree + " beside " + company + ": reference " + expected + ", engine " + answer);
            }
        }
    }

    /** No rule, one that has one or none of its own, or that and another. */
    private static List<String> pairs(List<String> types) {
        var single = rules(types, List.of(""));
        var nested = new ArrayList<String>();
        nested.add("");
        single.forEach(rule -> nested.add(",\"provision\":[" + rule + "]"));
        var all = new ArrayList<String>();
        all.add("");
        for (var first : rules(types, nested)) {
            all.add(",\"provision\":[" + first + "]");
            single.forEach(second -> all.add(",\"provision\":[" + first + "," + second + "]"));
        }
        return all;
    }

    private static List<String> rules(List<String> types, List<String> children) {
        var all = new ArrayList<String>();
        for (var type : types) {
            for (var condition : CONDITIONS) {
                children.forEach(child -> all.add("{" + type + condition + child + "}"));
            }
        }
        return all;
    }

    private static String type(String type) {
        return "\"type\":\"" + type + "\",";
    }

    private static String policyRule(String code) {
        return ",\"policyRule\":{\"coding\":[{\"system\":\"" + Words.ACT_CODE + "\",\"code\":\"" + code + "\"}]}";
    }
}
