package org.twinkeep.consent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class DecisionCorpusTest {

    @TestFactory
    Stream<DynamicTest> every_case_of_the_corpus_is_decided_as_written() {
        return Cases.all().map(each -> DynamicTest.dynamicTest(each.title(), () -> decide(each)));
    }

    @Test
    void the_corpus_is_there() {
        assertThat(Cases.all().count()).isGreaterThan(800);
    }

    private static void decide(Cases each) {
        var decisions = new LinkedHashMap<String, String>();
        var visible = new LinkedHashSet<String>();
        for (var item : each.items()) {
            var decision = Decisions.decide(each.consents(), each.ask(), item, each.implicit());
            decisions.put(item.reference(), decision.answer().name());
            if (decision.visible()) {
                visible.add(item.reference());
            }
        }
        assertThat(decisions).isEqualTo(each.decisions());
        assertThat(visible).isEqualTo(each.visible());
    }
}
