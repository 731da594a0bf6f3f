package org.twinkeep.projections.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twinkeep.crypto.Chapter;
import tools.jackson.databind.JsonNode;

class ChapterTableTest {

    private static final List<String> WHAT_SYNTHEA_EMITS = List.of(
            "Patient",
            "Encounter",
            "Condition",
            "AllergyIntolerance",
            "Observation",
            "DiagnosticReport",
            "DocumentReference",
            "Procedure",
            "Immunization",
            "MedicationRequest",
            "Medication",
            "MedicationAdministration",
            "CarePlan",
            "CareTeam",
            "Device",
            "SupplyDelivery",
            "ImagingStudy",
            "Claim",
            "ExplanationOfBenefit",
            "Provenance",
            "Coverage",
            "Media",
            "ServiceRequest");

    @Test
    void every_type_that_synthea_emits_has_a_line() {
        assertThat(WHAT_SYNTHEA_EMITS).allMatch(ChapterTable::knows);
    }

    @Test
    void what_has_no_line_is_a_document_and_known_not_to_have_one() {
        assertThat(ChapterTable.knows("SubstancePolymer")).isFalse();
        assertThat(chapter("{\"resourceType\":\"SubstancePolymer\"}")).isEqualTo(Chapter.DOCUMENTS);
        assertThat(chapter("{}")).isEqualTo(Chapter.DOCUMENTS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Condition|http://snomed.info/sct|706893006|Victim of intimate partner abuse (finding)|safety",
                "Condition|http://snomed.info/sct|424393004|Reports of violence in the environment (finding)|safety",
                "DiagnosticReport|http://loinc.org|76499-3|HARK|safety",
                "Observation|http://loinc.org|76504-0|Total score [HARK]|safety",
                "Procedure|http://snomed.info/sct|866148006|Screening for domestic abuse (procedure)|safety",
                "Observation|http://loinc.org|44261-6|PHQ-9|mental-health",
                "Observation|http://loinc.org|70274-6|GAD-7|mental-health",
                "Condition|http://snomed.info/sct|73595000|Stress (finding)|mental-health",
                "Condition|http://snomed.info/sct|370143000|Major depression disorder|mental-health",
                "MedicationRequest|http://www.nlm.nih.gov/research/umls/rxnorm|312938|Sertraline 100 MG Oral Tablet|mental-health",
                "Observation|http://loinc.org|75626-2|AUDIT-C|substance-use",
                "Observation|http://loinc.org|82667-7|DAST-10|substance-use",
                "Condition|http://snomed.info/sct|7200002|Alcoholism|substance-use",
                "MedicationRequest|http://www.nlm.nih.gov/research/umls/rxnorm|351266|buprenorphine / naloxone|substance-use",
                "Condition|http://snomed.info/sct|72892002|Normal pregnancy|sexual-health",
                "Procedure|http://snomed.info/sct|22523008|Vasectomy|sexual-health",
                "Procedure|http://snomed.info/sct|310861008|Chlamydia antigen test|sexual-health",
                "MedicationRequest|http://www.nlm.nih.gov/research/umls/rxnorm|757594|Jolivette 28 Day Pack|sexual-health",
                "MedicationRequest|http://www.nlm.nih.gov/research/umls/rxnorm|1433873|dolutegravir 50 MG Oral Tablet|sexual-health",
                "Observation|http://loinc.org|76690-7|Sexual orientation|sexual-health",
                "Condition|http://snomed.info/sct|160903007|Full-time employment (finding)|social",
                "Condition|http://snomed.info/sct|422650009|Social isolation (finding)|social",
                "Condition|http://snomed.info/sct|266948004|Has a criminal record (finding)|social",
                "Observation|http://loinc.org|93025-5|PRAPARE|social",
                "Observation|http://loinc.org|72166-2|Tobacco smoking status|lifestyle",
                "Condition|http://snomed.info/sct|44054006|Diabetes mellitus type 2 (disorder)|conditions",
                "Condition|http://hl7.org/fhir/sid/icd-10-cm|F32.1|Something|mental-health",
                "Condition|http://hl7.org/fhir/sid/icd-10|F11.2|Something|substance-use",
                "Condition|http://hl7.org/fhir/sid/icd-10-cm|T74.11XA|Something|safety",
                "Condition|http://hl7.org/fhir/sid/icd-10-cm|E11.9|Something|conditions",
                "MedicationRequest|http://www.whocc.no/atc|N06AB06|Something|mental-health"
            })
    void a_code_alone_tells_its_chapter(String type, String system, String code, String display, String expected) {
        var resource =
                "{\"resourceType\":\"%s\",\"%s\":{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\",\"display\":\"%s\"}]}}"
                        .formatted(
                                type,
                                type.startsWith("Med") ? "medicationCodeableConcept" : "code",
                                system,
                                code,
                                display);
        assertThat(chapter(resource).code()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Suspected domestic violence|safety",
                "Substance abuse counselling|substance-use",
                "Major depressive episode|mental-health",
                "Ectopic pregnancy follow-up|sexual-health",
                "Lives in temporary housing|social",
                "ST depression on exercise|conditions",
                "Burn by isopropyl alcohol|conditions",
                "Sexual assault|safety"
            })
    void an_unknown_code_is_told_by_its_words(String display, String expected) {
        var resource =
                "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"system\":\"urn:oid:1.2\",\"code\":\"7\",\"display\":\"%s\"}]}}"
                        .formatted(display);
        assertThat(chapter(resource).code()).isEqualTo(expected);
    }

    @Test
    void an_opioid_for_pain_is_a_medication_although_its_name_speaks_of_abuse() {
        assertThat(chapter("""
                {"resourceType":"MedicationRequest","medicationCodeableConcept":{"coding":[{
                 "system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1860154",
                 "display":"Abuse-Deterrent 12 HR Oxycodone Hydrochloride 15 MG Extended Release Oral Tablet"}]}}""")).isEqualTo(Chapter.MEDICATIONS);
    }

    @Test
    void of_two_codes_the_more_protective_speaks() {
        assertThat(chapter("""
                {"resourceType":"Condition","code":{"coding":[
                 {"system":"http://snomed.info/sct","code":"7200002"},{"system":"http://snomed.info/sct","code":"706893006"}]}}""")).isEqualTo(Chapter.SAFETY);
    }

    @Test
    void a_note_is_a_document_wherever_it_stands() {
        assertThat(chapter("{\"resourceType\":\"DocumentReference\",\"type\":{\"text\":\"Psychiatric note\"}}"))
                .isEqualTo(Chapter.DOCUMENTS);
        assertThat(chapter("""
                {"resourceType":"DiagnosticReport","code":{"coding":[{"system":"http://loinc.org","code":"34117-2"}]}}""")).isEqualTo(Chapter.DOCUMENTS);
        assertThat(chapter("""
                {"resourceType":"DiagnosticReport","category":[{"coding":[{"code":"LAB"}]}],"presentedForm":[{"data":"eA=="}],
                 "code":{"coding":[{"system":"http://loinc.org","code":"44249-1"}]}}""")).isEqualTo(Chapter.DOCUMENTS);
    }

    @Test
    void the_category_decides_where_no_code_does() {
        for (var expected : List.of(
                "vital-signs=vitals",
                "laboratory=labs",
                "imaging=imaging",
                "social-history=social",
                "survey=lifestyle")) {
            var parts = expected.split("=");
            assertThat(chapter("{\"resourceType\":\"Observation\",\"category\":[{\"coding\":[{\"code\":\"%s\"}]}]}"
                                    .formatted(parts[0]))
                            .code())
                    .isEqualTo(parts[1]);
        }
    }

    @Test
    void every_line_of_the_tables_names_its_source_and_no_code_stands_twice() {
        var codes = new HashSet<String>();
        for (var row : Csv.table(ChapterTable.class, "chapters-by-code.csv")) {
            assertThat(row.get("source")).isNotBlank();
            assertThat(row.get("meaning")).isNotBlank();
            assertThat(codes.add(row.get("system") + row.get("code")))
                    .as(row.get("code"))
                    .isTrue();
        }
        assertThat(codes).hasSizeGreaterThan(400);
    }

    private static Chapter chapter(String json) {
        return ChapterTable.chapterOf(tree(json));
    }

    private static JsonNode tree(String json) {
        return Tree.of(json.getBytes(StandardCharsets.UTF_8));
    }
}
