package org.twinkeep.projections.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.decision.Code;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.Labels.Basis;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

class LabelRulesTest {

    private static final String ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm";

    @Test
    void a_code_has_the_labels_of_all_above_it_with_and_without_its_dot() {
        for (var code : List.of("F10.20", "F1020", "F10")) {
            assertThat(labelsOf(ICD_10, code).sensitivity().keySet()).as(code).containsExactly("ETH", "ETHUD", "SUD");
        }
    }

    @Test
    void a_code_of_a_system_that_is_not_known_tells_nothing() {
        assertThat(labelsOf("http://elsewhere.example/codes", "F10.20")).isEqualTo(Labels.NONE);
    }

    @Test
    void whatever_the_chapter_tables_call_sensitive_is_labelled_so() {
        for (var row : Csv.table(LabelRules.class, "chapters-by-code.csv")) {
            var chapter = Chapter.ofCode(row.getOrDefault("chapter", "")).orElseThrow();
            var system = row.getOrDefault("system", "");
            var uri = Csv.table(LabelRules.class, "code-systems.csv").stream()
                    .filter(s -> system.equals(s.get("system")))
                    .findFirst()
                    .orElseThrow()
                    .getOrDefault("uri", "");
            var labels = labelsOf(uri, row.getOrDefault("code", "").replace("*", ""));
            if (ChapterTable.isSensitive(chapter) && chapter != Chapter.SOCIAL) {
                assertThat(labels.chapters()).as(row.toString()).contains(chapter);
                assertThat(labels.level()).as(row.toString()).isGreaterThanOrEqualTo(Confidentiality.R);
            }
        }
    }

    @Test
    void labels_of_the_source_are_kept_and_only_raised() {
        var depression = """
                {"resourceType":"Condition","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"%s"}%s]},
                 "code":{"coding":[{"system":"http://snomed.info/sct","code":"%s"}]}}""";
        var lowered = LabelRules.of(Chapter.MENTAL_HEALTH, tree(depression.formatted("L", "", "36923009")));
        assertThat(lowered.level()).isEqualTo(Confidentiality.R);
        assertThat(lowered.sensitivity().keySet()).containsExactly("MH", "PSY");
        var raised = LabelRules.of(
                Chapter.CONDITIONS,
                tree(depression.formatted(
                        "V",
                        ",{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"HIV\"}",
                        "10509002")));
        assertThat(raised.level()).isEqualTo(Confidentiality.V);
        assertThat(raised.sensitivity()).containsEntry("HIV", Set.of(Basis.SOURCE));
        assertThat(raised.chapters()).containsExactly(Chapter.SEXUAL_HEALTH);
    }

    @Test
    void what_is_restricted_for_a_reason_not_said_may_be_restricted_for_any() {
        var unsaid = """
                {"resourceType":"Observation","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/%s","code":"%s"}]}}""";
        assertThat(LabelRules.of(Chapter.LABS, tree(unsaid.formatted("v3-Confidentiality", "R")))
                        .chapters())
                .containsExactly(Chapter.MENTAL_HEALTH, Chapter.SEXUAL_HEALTH, Chapter.SUBSTANCE_USE);
        assertThat(LabelRules.of(Chapter.LABS, tree(unsaid.formatted("v3-Confidentiality", "new")))
                        .chapters())
                .contains(Chapter.SAFETY);
        assertThat(LabelRules.of(Chapter.LABS, tree(unsaid.formatted("v3-ActCode", "new")))
                        .level())
                .isEqualTo(Confidentiality.R);
        assertThat(LabelRules.of(Chapter.LABS, tree(unsaid.formatted("v3-Confidentiality", "N"))))
                .isEqualTo(Labels.NONE);
    }

    @Test
    void the_class_of_a_visit_is_no_label() {
        var visit = """
                {"resourceType":"Encounter","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}}""";
        assertThat(LabelRules.of(Chapter.ENCOUNTERS, tree(visit))).isEqualTo(Labels.NONE);
    }

    @Test
    void an_attached_note_is_read_before_it_is_labelled() {
        var note = """
                {"resourceType":"DocumentReference","content":[{"attachment":{"contentType":"text/plain","data":"%s"}}]}""".formatted(
                        Base64.getEncoder().encodeToString("Stable on methadone.".getBytes(StandardCharsets.UTF_8)));
        assertThat(LabelRules.of(Chapter.DOCUMENTS, tree(note)).sensitivity())
                .containsEntry("OPIOIDUD", Set.of(Basis.WORDS));
    }

    @Test
    void a_note_has_the_labels_of_its_visit_and_its_bill_has_not() {
        var visit = tree("{\"resourceType\":\"Encounter\",\"id\":\"v\",\"type\":[{\"text\":\"Visit\"}]}");
        var test = tree("""
                {"resourceType":"Observation","id":"o","encounter":{"reference":"Encounter/v"},
                 "code":{"coding":[{"system":"http://loinc.org","code":"7917-8"}]}}""");
        var note = tree("""
                {"resourceType":"DocumentReference","id":"n","context":{"encounter":[{"reference":"Encounter/v"}]}}""");
        var weight = tree("""
                {"resourceType":"Observation","id":"w","encounter":{"reference":"Encounter/v"},"code":{"text":"Body weight"}}""");
        var gathering = new Touches.Gathering();
        gathering.add(entry(1), Chapter.ENCOUNTERS, "hospital", null, visit);
        gathering.add(entry(2), Chapter.SEXUAL_HEALTH, "hospital", null, test);
        gathering.add(entry(3), Chapter.DOCUMENTS, "hospital", null, note);
        gathering.add(entry(4), Chapter.VITALS, "hospital", null, weight);
        var touches = gathering.done();
        assertThat(touches.of(entry(3), Chapter.DOCUMENTS, "hospital", note)
                        .labels()
                        .sensitivity()
                        .get("HIV"))
                .containsExactly(Basis.VISIT);
        assertThat(touches.of(entry(4), Chapter.VITALS, "hospital", weight).labels())
                .isEqualTo(Labels.NONE);
    }

    @Test
    void what_a_label_says_of_a_condition_closes_its_chapter_and_moves_nothing() {
        var assault = tree("""
                {"resourceType":"Condition","id":"c","code":{"coding":[{"system":"%s","code":"X99.1XXA"}]}}""".formatted(ICD_10));
        assertThat(ChapterTable.chapterOf(assault)).isEqualTo(Chapter.CONDITIONS);
        var gathering = new Touches.Gathering();
        gathering.add(entry(1), Chapter.CONDITIONS, "hospital", null, assault);
        var restated = gathering.done().of(entry(1), Chapter.CONDITIONS, "hospital", assault);
        assertThat(restated.chapters()).containsExactly(Chapter.SAFETY);
        assertThat(restated.labels().level()).isEqualTo(Confidentiality.V);
    }

    @Test
    void a_bill_that_points_to_something_sensitive_is_labelled_like_it() {
        var abuse = tree("""
                {"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://snomed.info/sct","code":"706893006"}]}}""");
        var bill = tree("""
                {"resourceType":"Claim","id":"b","diagnosis":[{"diagnosisReference":{"reference":"Condition/c"}}]}""");
        var gathering = new Touches.Gathering();
        gathering.add(entry(1), Chapter.SAFETY, "hospital", null, abuse);
        gathering.add(entry(2), Chapter.COVERAGE, "hospital", null, bill);
        assertThat(gathering
                        .done()
                        .of(entry(2), Chapter.COVERAGE, "hospital", bill)
                        .labels()
                        .sensitivity())
                .containsEntry("SDV", Set.of(Basis.RESTATED));
    }

    @Test
    void the_high_water_mark_is_the_highest_of_each_in_any_order_and_a_patient_only_raises() {
        var all = List.of(
                Labels.NONE,
                LabelRules.ofWords("hiv"),
                LabelRules.ofWords("alcohol"),
                LabelRules.ofWords("victim"),
                Labels.NONE.keptCloser());
        for (var one : all) {
            assertThat(one.and(one)).isEqualTo(one);
            assertThat(one.and(Labels.NONE)).isEqualTo(one);
            for (var other : all) {
                var both = one.and(other);
                assertThat(both).isEqualTo(other.and(one)).isEqualTo(Labels.over(List.of(other, one, other)));
                assertThat(both.level()).isGreaterThanOrEqualTo(one.level());
                assertThat(both.chapters()).containsAll(one.chapters());
            }
            assertThat(one.keptCloser().chapters()).containsAll(one.chapters()).contains(Chapter.SAFETY);
            assertThat(one.keptCloser().sensitivity()).containsEntry("PRS", Set.of(Basis.PATIENT));
        }
    }

    @Test
    void labels_are_handed_to_decisions_as_codes_of_hl7() {
        assertThat(LabelRules.ofWords("heroin").codes())
                .contains(
                        new Code("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R"),
                        new Code("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPIOIDUD"));
    }

    @Test
    void the_rules_are_named_by_a_hash_that_tells_when_they_changed() {
        assertThat(LabelRules.canonical()).startsWith("twinkeep labels 1\nsensitivity-labels.csv\n");
        assertThat(LabelRules.sha256())
                .as("the rules changed, and so did their hash: docs/formats/labels.md names it")
                .isEqualTo("9d59beab7ca4f36cd9b5c005f5228ea033132639ec9afbb1dd79be1e478ee402");
    }

    private static Labels labelsOf(String system, String code) {
        return LabelRules.ofCode(new Codings.Coding(system, code, ""));
    }

    private static EntryId entry(int number) {
        return new EntryId("%032d".formatted(number));
    }

    private static JsonNode tree(String json) {
        return Tree.of(json.getBytes(StandardCharsets.UTF_8));
    }
}
