package org.twinkeep.projections.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.consent.decision.CompiledConsents;
import org.twinkeep.consent.decision.Decision;
import org.twinkeep.consent.decision.Decisions;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Vocabulary;
import org.twinkeep.projections.clinic.Labels.Basis;

/** What the rules label is what a consent that speaks of labels opens and closes. */
class DecidedByLabelsTest {

    private static final Instant AT = Instant.parse("2026-11-21T09:00:00Z");

    private static final Ask DOCTOR = new Ask(
            Set.of("Practitioner/a"),
            Set.of(),
            new Code("http://terminology.hl7.org/CodeSystem/v3-ActReason", "TREAT"),
            Ask.ACCESS,
            AT);

    @Test
    void every_label_of_the_table_is_one_that_a_consent_can_deny() {
        for (var row : Csv.table(LabelRules.class, "sensitivity-labels.csv")) {
            var label = row.getOrDefault("label", "");
            if (!label.isEmpty()) {
                var consents = allBut(label);
                assertThat(consents.notUnderstood(0)).as(label).isEmpty();
                assertThat(answer(consents, LabelRules.labels(Set.of(label), Basis.CODE)))
                        .as(label)
                        .isEqualTo(Decision.Answer.DENY);
                assertThat(answer(consents, Labels.NONE)).as(label).isEqualTo(Decision.Answer.PERMIT);
            }
        }
    }

    /** The six that IHE PCF 1.1 asks of every system, in its advanced option. */
    @Test
    void a_denied_label_closes_what_a_hand_labelled_so() {
        for (var denied : List.of("ETH", "ETHUD", "OPIOIDUD", "PSY", "SDV", "HIV")) {
            var consents = allBut(denied);
            for (var row : Csv.table(getClass(), "labelled-codes.csv")) {
                var coding = new Codings.Coding(
                        LabelledListTest.SYSTEMS.getOrDefault(row.getOrDefault("system", ""), ""),
                        row.getOrDefault("code", ""),
                        "");
                if (List.of(row.getOrDefault("labels", "").split(" ")).contains(denied)) {
                    assertThat(answer(consents, LabelRules.ofCode(coding)))
                            .as("%s, %s", denied, row.get("meaning"))
                            .isEqualTo(Decision.Answer.DENY);
                }
            }
        }
    }

    private static Decision.Answer answer(CompiledConsents consents, Labels labels) {
        var item = new Item(
                "Condition/c",
                "Condition",
                Set.of(),
                Set.of(),
                Set.of(),
                labels.codes(),
                "2020-01-01",
                null,
                Set.of(),
                null,
                Set.of(),
                Set.of(),
                null);
        return Decisions.decide(consents, DOCTOR, item, Implicit.DENY).answer();
    }

    private static CompiledConsents allBut(String label) {
        var consent = """
                {"resourceType":"Consent","status":"active",
                 "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                 "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
                 "patient":{"reference":"Patient/p"},"dateTime":"2019-12-01","policy":[{"uri":"https://example.org/policy"}],
                 "policyRule":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"OPTIN"}]},
                 "provision":{"provision":[{"type":"deny","securityLabel":[
                  {"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"%s"}]}]}}""".formatted(label);
        return CompiledConsents.none(new Vocabulary()).with(Dialect.R4, consent.getBytes(StandardCharsets.UTF_8), AT);
    }
}
