package org.twinkeep.projections.timeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.twinkeep.projections.clinic.Tree;

class DosageTest {

    @Test
    void a_number_of_times_in_a_period_reads_as_people_say_it() {
        assertThat(timed("\"frequency\":1,\"period\":1.0,\"periodUnit\":\"d\"")).isEqualTo("once a day");
        assertThat(timed("\"frequency\":2,\"period\":1,\"periodUnit\":\"d\"")).isEqualTo("twice a day");
        assertThat(timed("\"frequency\":1,\"period\":4.0,\"periodUnit\":\"h\"")).isEqualTo("once every 4 hours");
        assertThat(timed("\"frequency\":3,\"period\":2,\"periodUnit\":\"wk\"")).isEqualTo("3 times in 2 weeks");
    }

    @Test
    void a_least_and_a_most_are_both_said() {
        assertThat(timed("\"frequency\":1,\"period\":4,\"periodMax\":6,\"periodUnit\":\"h\""))
                .isEqualTo("once every 4 to 6 hours");
        assertThat(timed("\"frequency\":1,\"frequencyMax\":2,\"period\":1,\"periodUnit\":\"d\""))
                .isEqualTo("1 to 2 times a day");
    }

    @Test
    void a_dose_without_a_unit_is_called_a_dose_and_keeps_its_digits() {
        assertThat(words("{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1.0}}]}"))
                .isEqualTo("dose 1.0");
        assertThat(words("{\"doseAndRate\":[{\"doseQuantity\":{\"value\":2.5,\"unit\":\"mL\"}}]}"))
                .isEqualTo("2.5 mL");
    }

    @Test
    void what_it_does_not_put_into_words_is_said_to_be_there() {
        assertThat(words("{\"doseAndRate\":[{\"doseQuantity\":{\"value\":1,\"unit\":\"tablet\"}}],"
                        + "\"maxDosePerPeriod\":{\"numerator\":{\"value\":4}}}"))
                .isEqualTo("1 tablet, more in the source");
        assertThat(timed("\"frequency\":1,\"period\":1,\"periodUnit\":\"d\",\"when\":[\"HS\"]"))
                .isEqualTo("once a day, more in the source");
    }

    @Test
    void as_needed_says_what_for() {
        assertThat(words("{\"asNeededBoolean\":true}")).isEqualTo("as needed");
        assertThat(words("{\"asNeededCodeableConcept\":{\"text\":\"pain\"}}")).isEqualTo("as needed: Pain");
    }

    @Test
    void the_sources_own_sentence_comes_first() {
        assertThat(words("{\"text\":\"One at night\",\"asNeededBoolean\":true}"))
                .isEqualTo("One at night");
    }

    private static String timed(String repeat) {
        return words("{\"timing\":{\"repeat\":{" + repeat + "}}}");
    }

    private static String words(String dosage) {
        return Dosage.of(Tree.of(("{\"dosageInstruction\":[" + dosage + "]}").getBytes(UTF_8)))
                .orElseThrow();
    }
}
