package org.twinkeep.consent.reference;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.decision.Decisions;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Vocabulary;
import org.twinkeep.consent.reference.ConsentTrees.Situation;
import org.twinkeep.consent.reference.ReferenceEvaluator.Said;
import tools.jackson.databind.JsonNode;

/** Whoever answers a situation: the reference, or the engine by its documented entry point. */
enum Evaluator {
    REFERENCE {
        @Override
        Answer answer(Situation situation) {
            var decisions = ReferenceEvaluator.decisions(situation.consents(), situation.request(), situation.items());
            var visible =
                    ReferenceEvaluator.visible(decisions, situation.implicit(), situation.request(), situation.items());
            return new Answer(decisions, visible);
        }

        @Override
        boolean understands(Said said) {
            return Understanding.of(said.dialect(), said.json()).notUnderstood().isEmpty();
        }
    },

    ENGINE {
        @Override
        Answer answer(Situation situation) {
            var consents = compiled(situation.consents());
            var ask = ask(situation.request());
            var implicit = Implicit.valueOf(
                    situation.implicit().toUpperCase(Locale.ROOT).replace('-', '_'));
            var decisions = new LinkedHashMap<String, String>();
            var visible = new LinkedHashSet<String>();
            for (var item : situation.items().values()) {
                var decision = Decisions.decide(consents, ask, item(item), implicit);
                var reference = item.get("reference").asString();
                decisions.put(reference, decision.answer().name());
                if (decision.visible()) {
                    visible.add(reference);
                }
            }
            return new Answer(decisions, visible);
        }

        @Override
        boolean understands(Said said) {
            return compiled(List.of(said)).notUnderstood(0).isEmpty();
        }
    };

    record Answer(Map<String, String> decisions, Set<String> visible) {}

    abstract Answer answer(Situation situation);

    abstract boolean understands(Said said);

    private static CompiledConsents compiled(List<Said> all) {
        var consents = CompiledConsents.none(new Vocabulary());
        for (var said : all) {
            consents = consents.with(
                    Dialect.valueOf(said.dialect()), said.json().getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
        }
        return consents;
    }

    private static Ask ask(JsonNode request) {
        return new Ask(
                words(request, "actors"),
                codes(request, "roles"),
                code(request.path("purpose")),
                code(request.path("action")),
                Instant.parse(request.get("at").asString()));
    }

    private static Item item(JsonNode item) {
        return new Item(
                word(item, "reference"),
                word(item, "type"),
                words(item, "profiles"),
                codes(item, "classes"),
                codes(item, "codes"),
                codes(item, "labels"),
                word(item, "start"),
                word(item, "end"),
                words(item, "authors"),
                word(item, "encounter"),
                words(item, "refersTo"),
                words(item, "referredBy"),
                Instant.EPOCH);
    }

    private static String word(JsonNode object, String name) {
        return object.has(name) ? object.get(name).asString() : null;
    }

    private static Set<String> words(JsonNode object, String name) {
        var words = new HashSet<String>();
        object.path(name).values().forEach(word -> words.add(word.asString()));
        return words;
    }

    private static Set<Code> codes(JsonNode object, String name) {
        var codes = new HashSet<Code>();
        object.path(name).values().forEach(each -> codes.add(code(each)));
        return codes;
    }

    private static Code code(JsonNode coding) {
        return coding.isMissingNode()
                ? null
                : new Code(coding.get("system").asString(), coding.get("code").asString());
    }
}
