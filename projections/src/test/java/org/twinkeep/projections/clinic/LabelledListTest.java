package org.twinkeep.projections.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The rules against lists that were labelled by hand, from the definitions of HL7 v3-ActCode and clinical knowledge, before
 * there were rules. Every miss and every false alarm is printed; more than stated here fails.
 */
class LabelledListTest {

    static final Map<String, String> SYSTEMS = Map.of(
            "ICD-10", "http://hl7.org/fhir/sid/icd-10-cm",
            "SNOMED CT", "http://snomed.info/sct",
            "LOINC", "http://loinc.org",
            "RxNorm", "http://www.nlm.nih.gov/research/umls/rxnorm",
            "CVX", "http://hl7.org/fhir/sid/cvx",
            "ATC", "http://www.whocc.no/atc",
            "CPT", "http://www.ama-assn.org/go/cpt",
            "HCPCS", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets");

    @Test
    void codes_are_labelled_as_by_hand() {
        var score = new Score();
        for (var row : Csv.table(getClass(), "labelled-codes.csv")) {
            var coding = new Codings.Coding(SYSTEMS.get(row.get("system")), row.get("code"), "");
            score.count(
                    row,
                    row.get("system") + ' ' + row.get("code") + ' ' + row.get("meaning"),
                    LabelRules.ofCode(coding));
        }
        score.print("codes");
        assertThat(score.things).isGreaterThanOrEqualTo(200);
        assertThat(score.misses).isEmpty();
        assertThat(score.falseAlarms).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void words_of_notes_tell_what_a_hand_labelled() {
        var score = new Score();
        for (var row : Csv.table(getClass(), "labelled-notes.csv")) {
            score.count(row, row.get("note"), LabelRules.ofWords(row.get("note")));
        }
        score.print("notes");
        assertThat(score.things).isGreaterThanOrEqualTo(50);
        assertThat(score.misses).hasSizeLessThanOrEqualTo(5);
        assertThat(score.falseAlarms).hasSizeLessThanOrEqualTo(7);
    }

    private static final class Score {
        private int things;
        private int sensitive;
        private int unseen;
        private int normal;
        private int alarmed;
        private final List<String> misses = new ArrayList<>();
        private final List<String> falseAlarms = new ArrayList<>();

        void count(Map<String, String> row, String what, Labels found) {
            var expected =
                    new TreeSet<>(Arrays.asList(row.getOrDefault("labels", "").split(" ")));
            expected.remove("none");
            var given = found.sensitivity().keySet();
            things++;
            if (expected.isEmpty()) {
                normal++;
                alarmed += given.isEmpty() ? 0 : 1;
            } else {
                sensitive++;
                unseen += given.isEmpty() ? 1 : 0;
            }
            note(misses, minus(expected, given), what);
            note(falseAlarms, minus(given, expected), what);
            if (given.equals(expected)) {
                assertThat(found.level().name()).as(what).isEqualTo(row.get("confidentiality"));
            }
        }

        private static void note(List<String> list, Set<String> labels, String what) {
            if (!labels.isEmpty()) {
                list.add(String.join(" ", labels) + ": " + what);
            }
        }

        private static Set<String> minus(Set<String> these, Set<String> those) {
            var left = new TreeSet<>(these);
            left.removeAll(those);
            return left;
        }

        void print(String kind) {
            System.out.printf(
                    "labels %s=%d sensitive=%d with_a_label_missing=%d unlabelled=%d normal=%d alarmed=%d with_a_label_too_many=%d%n",
                    kind, things, sensitive, misses.size(), unseen, normal, alarmed, falseAlarms.size());
            misses.forEach(miss -> System.out.println("  missed " + miss));
            falseAlarms.forEach(alarm -> System.out.println("  false alarm " + alarm));
        }
    }
}
