package org.twinkeep.consent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.purposes.PurposeCatalogue;

class PurposeCatalogueTest {
    private final PurposeCatalogue catalogue = PurposeCatalogue.current();

    @Test
    void it_has_every_code_that_decisions_know_under_the_same_code_and_no_other() {
        assertThat(catalogue.entries()).hasSize(Purposes.TREE.size() - 1); // without PurposeOfUse itself
        for (var entry : catalogue.entries()) {
            var above = entry.under() == null ? "PurposeOfUse" : entry.under();
            int number = Purposes.TREE.number(entry.code()).orElseThrow();
            assertThat(Purposes.TREE.parent(number))
                    .as(entry.code())
                    .isEqualTo(Purposes.TREE.number(above).orElseThrow());
        }
    }

    @Test
    void every_purpose_that_a_consent_may_have_is_explained_at_length() {
        for (var purpose : Purpose.values()) {
            assertThat(catalogue.of(purpose.code()).orElseThrow().isExplained())
                    .as(purpose.code())
                    .isTrue();
        }
    }

    @Test
    void nobody_asks_for_breaking_the_glass_or_for_the_patient_s_own_request_and_an_insurer_for_payment_alone() {
        for (var role : new String[] {"clinician", "insurer", "researcher", "auditor", "operator", "patient"}) {
            assertThat(catalogue.askedBy(role)).doesNotContain(Purpose.BREAK_THE_GLASS, Purpose.PATIENT_REQUEST);
        }
        assertThat(catalogue.askedBy("insurer")).containsExactly(Purpose.PAYMENT);
        assertThat(catalogue.askedBy("researcher")).containsExactly(Purpose.RESEARCH);
        assertThat(catalogue.askedBy("clinician")).contains(Purpose.TREATMENT).doesNotContain(Purpose.RESEARCH);
        assertThat(catalogue.askedBy("auditor")).isEmpty();
    }

    @Test
    void its_hash_is_of_its_text() {
        assertThat(catalogue.hash()).matches("[0-9a-f]{64}");
    }
}
