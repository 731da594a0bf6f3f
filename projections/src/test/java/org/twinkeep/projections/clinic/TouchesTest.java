package org.twinkeep.projections.clinic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

class TouchesTest {

    private final Map<EntryId, JsonNode> twin = new LinkedHashMap<>();

    @Test
    void a_reason_by_reference_touches_whatever_form_the_reference_has() {
        add(
                "1",
                condition("c", "706893006", "Victim of intimate partner abuse (finding)"),
                "http://hospital.example/fhir/Condition/c");
        for (var reference : new String[] {"urn:uuid:c", "Condition/c", "http://hospital.example/fhir/Condition/c"}) {
            var procedure = add("2", """
                    {"resourceType":"Procedure","id":"p","code":{"text":"X-ray"},"reasonReference":[{"reference":"%s"}]}""".formatted(reference), null);
            assertThat(touchedBy(procedure)).containsExactly(Chapter.SAFETY);
        }
    }

    @Test
    void whose_by_whom_and_at_which_visit_touches_nothing() {
        add("1", "{\"resourceType\":\"Encounter\",\"id\":\"v\",\"type\":[{\"text\":\"Prenatal visit\"}]}", null);
        add("2", "{\"resourceType\":\"Patient\",\"id\":\"a\",\"name\":[{\"family\":\"K\"}]}", null);
        var weight = add("3", """
                {"resourceType":"Observation","id":"o","category":[{"coding":[{"code":"vital-signs"}]}],"code":{"text":"Body weight"},
                 "subject":{"reference":"Patient/a"},"encounter":{"reference":"Encounter/v"}}""", null);
        assertThat(touchedBy(weight)).isEmpty();
    }

    @Test
    void a_code_in_a_bill_touches_the_chapter_of_the_entry_that_has_it() {
        add("1", condition("c", "10509002", "Acute bronchitis (disorder)"), null);
        var bill = add("2", """
                {"resourceType":"Claim","id":"b","item":[{"productOrService":{"coding":[
                 {"system":"http://snomed.info/sct","code":"10509002"}]}}]}""", null);
        assertThat(touchedBy(bill)).containsExactly(Chapter.CONDITIONS);
    }

    @Test
    void a_sensitive_code_touches_its_chapter_although_no_entry_of_the_twin_has_it() {
        var visit = add("1", """
                {"resourceType":"Encounter","id":"v","type":[{"text":"Visit"}],"reasonCode":[{"coding":[
                 {"system":"http://snomed.info/sct","code":"36923009"}]}]}""", null);
        assertThat(touchedBy(visit)).containsExactly(Chapter.MENTAL_HEALTH);
    }

    @Test
    void words_touch_in_any_case_across_lines_and_after_decoding() {
        add("1", condition("c", "10509002", "Acute bronchitis (disorder)"), null);
        var note = note("2", "She had ACUTE\n  bronchitis, and was raped.");
        assertThat(touchedBy(note)).containsExactlyInAnyOrder(Chapter.CONDITIONS, Chapter.SAFETY);
    }

    @Test
    void words_inside_other_words_do_not_touch() {
        add("1", condition("c", "1", "Ache (finding)"), null);
        assertThat(touchedBy(note("2", "Headaches; grapefruit; housings."))).isEmpty();
    }

    @Test
    void a_note_touches_every_chapter_of_its_visit_and_of_the_visit_s_reason() {
        add("1", """
                {"resourceType":"Encounter","id":"v","type":[{"text":"Visit"}],"reasonCode":[{"coding":[
                 {"system":"http://snomed.info/sct","code":"7200002"}]}]}""", null);
        add("2", """
                {"resourceType":"Immunization","id":"i","vaccineCode":{"text":"Flu"},"encounter":{"reference":"urn:uuid:v"}}""", null);
        var note = add("3", """
                {"resourceType":"DocumentReference","id":"n","context":{"encounter":[{"reference":"urn:uuid:v"}]}}""", null);
        assertThat(touchedBy(note))
                .containsExactlyInAnyOrder(Chapter.ENCOUNTERS, Chapter.IMMUNIZATIONS, Chapter.SUBSTANCE_USE);
    }

    @Test
    void an_attached_letter_that_cannot_be_read_touches_every_chapter_in_use() {
        add("1", condition("c", "706893006", "Victim of intimate partner abuse (finding)"), null);
        add("2", condition("d", "10509002", "Acute bronchitis (disorder)"), null);
        var letter = add("3", """
                {"resourceType":"DocumentReference","id":"n","content":[{"attachment":{"contentType":"application/pdf","data":"JVBERi0="}}]}""", null);
        assertThat(touchedBy(letter)).containsExactlyInAnyOrder(Chapter.SAFETY, Chapter.CONDITIONS);
    }

    @Test
    void provenance_touches_all_that_it_vouches_for() {
        add("1", condition("c", "706893006", "Victim of intimate partner abuse (finding)"), null);
        add("2", condition("d", "10509002", "Acute bronchitis (disorder)"), null);
        var provenance = add("3", """
                {"resourceType":"Provenance","id":"p","target":[{"reference":"urn:uuid:c"},{"reference":"Condition/d"}]}""", null);
        assertThat(touchedBy(provenance)).containsExactlyInAnyOrder(Chapter.SAFETY, Chapter.CONDITIONS);
    }

    @Test
    void the_safety_questions_inside_prapare_touch_safety() {
        var answers = add("1", """
                {"resourceType":"Observation","id":"o","code":{"coding":[{"system":"http://loinc.org","code":"93025-5"}]},
                 "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"76501-6"}]}}]}""", null);
        assertThat(touchedBy(answers)).containsExactly(Chapter.SAFETY);
    }

    @Test
    void who_pays_and_where_one_lives_are_found_in_a_note() {
        add(
                "1",
                "{\"resourceType\":\"Claim\",\"id\":\"b\",\"insurance\":[{\"coverage\":{\"display\":\"Sunflower Mutual\"}}]}",
                null);
        add("2", "{\"resourceType\":\"Patient\",\"id\":\"a\",\"address\":[{\"line\":[\"7 Linden Row\"]}]}", null);
        assertThat(touchedBy(note("3", "Insured by Sunflower Mutual. Lives at 7 Linden Row.")))
                .containsExactlyInAnyOrder(Chapter.COVERAGE, Chapter.PROFILE);
    }

    @Test
    void the_same_reference_of_two_hospitals_means_two_entries() {
        var violence = add("1", condition("1", "706893006", "Victim of intimate partner abuse (finding)"), null);
        var cough = add("2", condition("1", "10509002", "Acute bronchitis (disorder)"), null);
        sources.put(violence, "north");
        sources.put(cough, "south");
        var procedure = add("3", """
                {"resourceType":"Procedure","id":"p","code":{"text":"X-ray"},"reasonReference":[{"reference":"Condition/1/_history/2"}]}""", null);
        sources.put(procedure, "south");
        assertThat(touchedBy(procedure)).containsExactly(Chapter.CONDITIONS);
    }

    @Test
    void narrative_is_never_shown_and_its_words_count_all_the_same() {
        var weight = add("1", """
                {"resourceType":"Observation","id":"o","category":[{"coding":[{"code":"vital-signs"}]}],"code":{"text":"Body weight"},
                 "text":{"status":"generated","div":"<div>Taken after <b>domestic violence</b></div>"}}""", null);
        assertThat(touchedBy(weight)).containsExactly(Chapter.SAFETY);
    }

    @Test
    void an_entry_does_not_touch_its_own_chapter() {
        add("1", condition("c", "10509002", "Acute bronchitis (disorder)"), null);
        var second = add("2", condition("d", "10509002", "Acute bronchitis (disorder)"), null);
        assertThat(touchedBy(second)).isEmpty();
    }

    private Set<Chapter> touchedBy(EntryId entry) {
        var gathering = new Touches.Gathering();
        twin.forEach((id, tree) -> gathering.add(
                id, ChapterTable.chapterOf(tree), sources.getOrDefault(id, "hospital"), fullUrls.get(id), tree));
        var tree = twin.get(entry);
        return gathering
                .done()
                .of(entry, ChapterTable.chapterOf(tree), sources.getOrDefault(entry, "hospital"), tree)
                .chapters();
    }

    private final Map<EntryId, String> fullUrls = new LinkedHashMap<>();
    private final Map<EntryId, String> sources = new LinkedHashMap<>();

    private EntryId add(String number, String json, String fullUrl) {
        var id = new EntryId("%32s".formatted(number).replace(' ', '0'));
        twin.put(id, Tree.of(json.getBytes(StandardCharsets.UTF_8)));
        fullUrls.put(id, fullUrl);
        return id;
    }

    private EntryId note(String number, String text) {
        var data = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return add(number, """
                {"resourceType":"DocumentReference","id":"n","content":[{"attachment":{"contentType":"text/plain","data":"%s"}}]}""".formatted(data), null);
    }

    private static String condition(String id, String code, String display) {
        return """
                {"resourceType":"Condition","id":"%s","code":{"coding":[{"system":"http://snomed.info/sct","code":"%s","display":"%s"}]}}""".formatted(id, code, display);
    }
}
