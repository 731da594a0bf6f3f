package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.integrations.fhir.TestHouse.bundle;
import static org.twinkeep.integrations.fhir.TestHouse.condition;
import static org.twinkeep.integrations.fhir.TestHouse.patient;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.TwinId;

class WhoseRecordTest {
    @TempDir
    Path folder;

    private TestHouse house;

    @BeforeEach
    void open() {
        house = new TestHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private List<String> ofPatient(String system, String number) {
        return house.texts(twin(system, number));
    }

    private TwinId twin(String system, String number) {
        return house.identities.find(system, number).orElseThrow()
                        instanceof org.twinkeep.twin.Identities.Known.Living(var twin)
                ? twin
                : new TwinId(new java.util.UUID(0, 0));
    }

    @Test
    void two_patients_of_one_file_are_two_twins_and_neither_has_anything_of_the_other() {
        var report = house.imports(house.file(
                "x.json",
                bundle(
                        "collection",
                        condition("a1", "Patient/a"),
                        patient("a", "1"),
                        patient("b", "2"),
                        condition("b1", "Patient/b"),
                        condition("a2", "Patient/a"))));

        assertThat(report.refused()).isEmpty();
        assertThat(ofPatient("http://hospital.example", "1"))
                .containsExactlyInAnyOrder(
                        patient("a", "1"), condition("a1", "Patient/a"), condition("a2", "Patient/a"));
        assertThat(ofPatient("http://hospital.example", "2"))
                .containsExactlyInAnyOrder(patient("b", "2"), condition("b1", "Patient/b"));
    }

    @Test
    void a_resource_that_names_no_patient_or_one_who_is_not_there_is_listed_and_not_guessed() {
        var nobodys = "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\"}";

        var report = house.imports(house.file(
                "x.json", bundle("collection", patient("a", "1"), nobodys, condition("c", "Patient/stranger"))));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .extracting(ImportReport.Refused::why)
                .satisfiesExactly(
                        why -> assertThat(why).isEqualTo("names no patient, which a resource of its type needs"),
                        why -> assertThat(why).startsWith("names a patient who is not in the file"));
    }

    @Test
    void patient_1_of_two_hospitals_is_two_people() {
        var other = patient("p", "1").replace("hospital.example", "clinic.example");

        house.imports(house.file("a.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p"))));
        house.imports(house.file("b.json", bundle("collection", other, condition("c", "Patient/p"))));

        assertThat(house.store.history.twins()).hasSize(2);
        assertThat(twin("http://hospital.example", "1")).isNotEqualTo(twin("http://clinic.example", "1"));
    }

    @Test
    void the_same_number_of_the_same_hospital_is_the_same_person_whatever_the_file() {
        house.imports(house.file("a.json", bundle("collection", patient("p", "1"))));
        house.imports(house.file("b.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p"))));

        assertThat(house.store.history.twins()).hasSize(1);
    }

    @Test
    void a_number_of_state_is_not_what_a_twin_is_known_by_where_there_is_better() {
        var ssn =
                "{\"type\":{\"coding\":[{\"code\":\"SS\"}]},\"system\":\"http://hl7.org/fhir/sid/us-ssn\",\"value\":\"999\"},";
        var first = patient("p", "1").replace("\"identifier\":[", "\"identifier\":[" + ssn);
        var second = patient("p", "2").replace("\"identifier\":[", "\"identifier\":[" + ssn);

        var one = house.imports(house.file("a.json", bundle("collection", first)));
        var two = house.imports(house.file("b.json", bundle("collection", second)));

        assertThat(one.twins().getFirst().twin())
                .isNotEqualTo(two.twins().getFirst().twin());
        assertThat(twin("http://hospital.example", "1"))
                .isEqualTo(one.twins().getFirst().twin());
    }

    @Test
    void a_number_of_state_makes_nobody_one_with_another_where_there_is_any_other_number() {
        var ssn = "{\"system\":\"http://hl7.org/fhir/sid/us-ssn\",\"value\":\"999\"},";
        var plain = "\"type\":{\"coding\":[{\"code\":\"MR\"}]},";
        var first = patient("p", "1").replace("[{" + plain, "[" + ssn + "{");
        var second = patient("p", "2").replace("[{" + plain, "[" + ssn + "{");

        house.imports(house.file("a.json", bundle("collection", first)));
        house.imports(house.file("b.json", bundle("collection", second)));

        assertThat(house.store.history.twins()).hasSize(2);
    }

    @Test
    void a_named_twin_takes_the_files_one_patient_but_not_two_and_not_somebody_elses() {
        var mine = house.imports(house.file("a.json", bundle("collection", patient("p", "1"))))
                .twins()
                .getFirst()
                .twin();
        house.imports(house.file("b.json", bundle("collection", patient("q", "2"))));
        var to = new FhirImport.Options(null, mine, TestHouse.OPERATOR);
        var new1 = patient("x", "77").replace("hospital.example", "clinic.example");

        var joined = house.imports(to, house.file("c.json", bundle("collection", new1)));
        var others = house.imports(to, house.file("b.json", bundle("collection", patient("q", "2"))));
        var several =
                house.imports(to, house.file("d.json", bundle("collection", patient("y", "8"), patient("z", "9"))));

        assertThat(joined.twins())
                .singleElement()
                .satisfies(t -> assertThat(t.twin()).isEqualTo(mine));
        assertThat(others.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("another twin"));
        assertThat(others.recorded() + several.recorded()).isZero();
        assertThat(several.refused()).hasSize(2);
        assertThat(twin("http://clinic.example", "77")).isEqualTo(mine);
    }

    @Test
    void an_erased_person_is_left_out_and_it_is_said_what_to_do() {
        var file = house.file("a.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p")));
        house.identities.erased(house.imports(file).twins().getFirst().twin());

        var again = house.imports(file);

        assertThat(again.leftOut()).isEqualTo(2);
        assertThat(again.recorded()).isZero();
        assertThat(again.twins()).isEmpty();
        assertThat(again.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("was erased", "--twin"));
    }

    @Test
    void a_patient_without_identifier_needs_a_named_source() {
        var file = house.file("a.json", bundle("collection", "{\"resourceType\":\"Patient\",\"id\":\"p\"}"));
        var named = new FhirImport.Options("my surgery", null, TestHouse.OPERATOR);

        assertThat(house.imports(file).refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("--source"));
        assertThat(house.imports(named, file).recorded()).isEqualTo(1);
        assertThat(house.imports(named, file).unchanged()).isEqualTo(1);
    }

    @Test
    void records_without_their_patient_go_to_the_named_twin_when_all_name_one() {
        var twin = house.imports(house.file("a.json", bundle("collection", patient("p", "1"))))
                .twins()
                .getFirst()
                .twin();
        var to = new FhirImport.Options("http://hospital.example", twin, TestHouse.OPERATOR);

        var one = house.imports(
                to, house.file("b.ndjson", condition("c", "Patient/p") + "\n" + condition("d", "Patient/p")));
        var two = house.imports(
                to, house.file("c.ndjson", condition("e", "Patient/p") + "\n" + condition("f", "Patient/q")));

        assertThat(one.recorded()).isEqualTo(2);
        assertThat(two.recorded()).isZero();
        assertThat(two.refused()).hasSize(2);
    }

    @Test
    void a_patient_named_by_identifier_is_found_in_the_file_and_in_the_house() {
        var byNumber = condition("c", "x")
                .replace(
                        "{\"reference\":\"x\"}",
                        "{\"identifier\":{\"system\":\"http://hospital.example\",\"value\":\"1\"}}");
        var conditional = condition("d", "Patient?identifier=http://hospital.example|1");

        var together = house.imports(house.file("a.json", bundle("collection", patient("p", "1"), byNumber)));
        var later = house.imports(house.file("b.json", bundle("collection", conditional)));

        assertThat(together.recorded()).isEqualTo(2);
        assertThat(later.recorded()).isEqualTo(1);
        assertThat(ofPatient("http://hospital.example", "1")).contains(byNumber, conditional);
    }

    @Test
    void a_medication_goes_to_those_whose_entries_refer_to_it_and_to_nobody_else() {
        var medication =
                "{\"resourceType\":\"Medication\",\"id\":\"m\",\"ingredient\":[{\"itemReference\":{\"reference\":\"Substance/s\"}}]}";
        var substance = "{\"resourceType\":\"Substance\",\"id\":\"s\"}";
        var unused = "{\"resourceType\":\"Medication\",\"id\":\"unused\"}";
        var request = "{\"resourceType\":\"MedicationRequest\",\"id\":\"r\",\"subject\":{\"reference\":\"Patient/a\"},"
                + "\"medicationReference\":{\"reference\":\"Medication/m\"}}";

        var report = house.imports(house.file(
                "x.json",
                bundle("collection", medication, substance, unused, patient("a", "1"), patient("b", "2"), request)));

        assertThat(ofPatient("http://hospital.example", "1"))
                .containsExactlyInAnyOrder(patient("a", "1"), request, medication, substance);
        assertThat(ofPatient("http://hospital.example", "2")).containsExactly(patient("b", "2"));
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.where()).isEqualTo("entry 3 (Medication)"));
    }

    @Test
    void provenance_belongs_to_the_patient_of_its_targets_and_to_nobody_when_there_are_two() {
        var mine =
                "{\"resourceType\":\"Provenance\",\"id\":\"1\",\"target\":[{\"reference\":\"Condition/a1\"},{\"reference\":\"Patient/a\"}]}";
        var both =
                "{\"resourceType\":\"Provenance\",\"id\":\"2\",\"target\":[{\"reference\":\"Condition/a1\"},{\"reference\":\"Condition/b1\"}]}";

        var report = house.imports(house.file(
                "x.json",
                bundle(
                        "collection",
                        mine,
                        both,
                        patient("a", "1"),
                        patient("b", "2"),
                        condition("a1", "Patient/a"),
                        condition("b1", "Patient/b"))));

        assertThat(ofPatient("http://hospital.example", "1")).contains(mine).doesNotContain(both);
        assertThat(ofPatient("http://hospital.example", "2")).hasSize(2);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).startsWith("speaks of more than one patient"));
    }

    @Test
    void two_servers_of_one_file_keep_their_patients_apart() {
        var a = "{\"fullUrl\":\"http://a.example/fhir/Patient/1\",\"resource\":" + patient("1", "1") + "}";
        var b = "{\"fullUrl\":\"http://b.example/fhir/Patient/1\",\"resource\":"
                + patient("1", "1").replace("hospital", "clinic") + "}";
        var ofA =
                "{\"fullUrl\":\"http://a.example/fhir/Condition/c\",\"resource\":" + condition("c", "Patient/1") + "}";
        var ofB = "{\"fullUrl\":\"http://b.example/fhir/Condition/c\",\"resource\":"
                + condition("c", "Patient/1").replace("Cough", "Fever") + "}";

        var report = house.imports(house.file(
                "x.json",
                "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" + String.join(",", a, b, ofA, ofB)
                        + "]}"));

        assertThat(report.refused()).isEmpty();
        assertThat(ofPatient("http://hospital.example", "1").toString())
                .contains("Cough")
                .doesNotContain("Fever");
        assertThat(ofPatient("http://clinic.example", "1").toString())
                .contains("Fever")
                .doesNotContain("Cough");
    }

    @Test
    void what_belongs_to_no_patient_goes_to_the_shared_directory_and_gives_names() {
        var organisation = "{\"resourceType\":\"Organization\",\"id\":\"o\",\"name\":\"Good Hospital\",\"identifier\":"
                + "[{\"system\":\"http://org\",\"value\":\"7\"}]}";
        var doctor =
                "{\"resourceType\":\"Practitioner\",\"id\":\"d\",\"name\":[{\"family\":\"Bosco\",\"given\":[\"Alva\"],"
                        + "\"prefix\":[\"Dr.\"]}],\"identifier\":[{\"system\":\"http://npi\",\"value\":\"1\"}]}";
        var seen = condition("c", "Patient/p")
                .replace("\"code\"", "\"asserter\":{\"reference\":\"Practitioner?identifier=http://npi|1\"},\"code\"");

        var person = house.file("a.json", bundle("transaction", patient("p", "1"), seen));
        var directory = house.file("z.json", bundle("batch", organisation, doctor));
        var report = house.imports(person, directory);

        assertThat(report.remarks())
                .containsEntry(Remark.DIRECTORY.words(), 2)
                .doesNotContainKey(Remark.TO_NOTHING.words());
        assertThat(house.directory.nameOf("", "Practitioner?identifier=http://npi|1"))
                .contains("Dr. Alva Bosco");
        assertThat(house.directory.all("Organization")).hasSize(1);
        assertThat(house.store.history.twins()).hasSize(1);
    }

    @Test
    void every_type_in_the_table_is_one_of_r4() {
        var model = new FhirModel();

        assertThat(Whose.table().types()).allMatch(model::knows);
    }

    @Test
    void what_cannot_name_a_patient_stays_with_the_one_patient_of_its_file() {
        var polymer = "{\"resourceType\":\"SubstancePolymer\",\"id\":\"s\"}";
        var binary = "{\"resourceType\":\"Binary\",\"id\":\"b\",\"contentType\":\"text/plain\",\"data\":\"QUJD\"}";

        var report = house.imports(house.file("x.json", bundle("collection", polymer, patient("a", "1"), binary)));

        assertThat(report.refused()).isEmpty();
        assertThat(house.says(report.twins().getFirst().twin()).get(org.twinkeep.crypto.Chapter.DOCUMENTS))
                .containsExactlyInAnyOrder(polymer, binary);
    }
}
