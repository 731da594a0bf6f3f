package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.integrations.fhir.TestHouse.bundle;
import static org.twinkeep.integrations.fhir.TestHouse.condition;
import static org.twinkeep.integrations.fhir.TestHouse.patient;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import tools.jackson.databind.JsonNode;

class ExportTest {
    @TempDir
    Path folder;

    @TempDir
    Path otherFolder;

    private TestHouse house;

    @BeforeEach
    void open() {
        house = new TestHouse(folder);
    }

    @AfterEach
    void close() {
        house.close();
    }

    /** Every resource of a bundle under its address, as it stands there but for white space. */
    private static TreeMap<String, String> resources(byte[] bundle) throws IOException {
        var found = new TreeMap<String, String>();
        var file = Files.createTempFile("bundle", ".json");
        Files.write(file, bundle);
        new JsonRecords(new InputFile(file, bundle.length), new Heard() {
                    @Override
                    public void resource(Piece piece) {
                        var json = new String(piece.json(), StandardCharsets.UTF_8);
                        found.put(piece.fullUrl() == null ? json : piece.fullUrl(), json);
                    }

                    @Override
                    public void refused(String where, String why) {
                        throw new AssertionError(where + " " + why);
                    }

                    @Override
                    public void bundle(@org.jspecify.annotations.Nullable String kind, boolean paged) {
                        assertThat(kind).isIn("collection", "transaction");
                    }
                })
                .read(_ -> {});
        Files.delete(file);
        return found;
    }

    @ParameterizedTest
    @ValueSource(strings = {"trees.json", "synthea-part.json"})
    void what_came_in_comes_out_and_goes_in_again_tree_by_tree(String name) throws IOException {
        byte[] original;
        try (var in = ExportTest.class.getResourceAsStream(name)) {
            original = in.readAllBytes();
        }
        var report = house.imports(house.file("in.json", original));
        assertThat(report.refused()).isEmpty();
        var twin = report.twins().getFirst().twin();

        var exported = house.exported(twin).toByteArray();

        assertThat(resources(exported)).isEqualTo(resources(original));
        try (var fresh = new TestHouse(otherFolder)) {
            var again = fresh.imports(fresh.file("out.json", exported));
            assertThat(again.refused()).isEmpty();
            assertThat(resources(fresh.exported(again.twins().getFirst().twin()).toByteArray()))
                    .isEqualTo(resources(exported));
        }
        assertThat(house.imports(house.file("out.json", exported)).recorded()).isZero();
    }

    @Test
    void a_correction_goes_out_beside_what_it_corrects_with_provenance_and_erased_entries_do_not() {
        var twin = house.imports(house.file(
                        "a.json",
                        bundle(
                                "collection",
                                patient("p", "1"),
                                condition("c", "Patient/p"),
                                condition("gone", "Patient/p"))))
                .twins()
                .getFirst()
                .twin();
        var entry = house.store.twins.entryId(twin, "http://hospital.example", "Condition", "c");
        var gone = house.store.twins.entryId(twin, "http://hospital.example", "Condition", "gone");
        house.store.twins.correct(new TwinCommand.CorrectEntry(
                twin,
                Chapter.CONDITIONS,
                entry,
                new Body(
                        1,
                        "{\"statement\":1}".getBytes(StandardCharsets.UTF_8),
                        "{\"says\":\"It was hay fever\",\"reason\":\"Tested later\"}".getBytes(StandardCharsets.UTF_8)),
                TestTwins.NOON,
                TestTwins.PATIENT));
        house.store.twins.erase(new TwinCommand.EraseEntries(
                twin, Chapter.CONDITIONS, List.of(gone), TestTwins.NOON, TestTwins.PATIENT));

        var out = TestHouse.JSON.readTree(house.exported(twin).toByteArray());

        assertThat(out.toString()).doesNotContain("Cough gone");
        var byType = new TreeMap<String, JsonNode>();
        out.path("entry")
                .forEach(e -> byType.put(e.path("resource").path("resourceType").stringValue(), e));
        assertThat(byType.keySet()).containsExactly("Communication", "Condition", "Patient", "Provenance");
        var statement = byType.get("Communication").path("resource");
        assertThat(statement.path("about").path(0).path("reference").stringValue())
                .isEqualTo("Condition/c");
        assertThat(statement.path("sender").path("reference").stringValue()).isEqualTo("Patient/p");
        assertThat(statement.path("payload").path(0).path("contentString").stringValue())
                .isEqualTo("It was hay fever");
        assertThat(statement.path("reasonCode").path(0).path("text").stringValue())
                .isEqualTo("Tested later");
        var provenance = byType.get("Provenance").path("resource");
        assertThat(provenance.path("target").path(0).path("reference").stringValue())
                .isEqualTo(byType.get("Communication").path("fullUrl").stringValue());
        assertThat(provenance
                        .path("agent")
                        .path(0)
                        .path("who")
                        .path("reference")
                        .stringValue())
                .isEqualTo("Patient/p");

        try (var fresh = new TestHouse(otherFolder)) {
            var again =
                    fresh.imports(fresh.file("out.json", house.exported(twin).toByteArray()));
            assertThat(again.refused()).isEmpty();
            assertThat(again.recorded()).isEqualTo(4);
        }
    }

    @Test
    void organisations_that_came_with_a_patient_go_out_with_the_patient() throws IOException {
        var visit = "{\"resourceType\":\"Encounter\",\"id\":\"e\",\"subject\":{\"reference\":\"Patient/p\"},"
                + "\"serviceProvider\":{\"reference\":\"Organization/o\"}}";
        var organisation =
                "{\"resourceType\":\"Organization\",\"id\":\"o\",\"partOf\":{\"reference\":\"Organization/above\"}}";
        var above = "{\"resourceType\":\"Organization\",\"id\":\"above\"}";
        var unrelated = "{\"resourceType\":\"Organization\",\"id\":\"unrelated\"}";
        var report = house.imports(
                house.file("a.json", bundle("collection", patient("p", "1"), visit, organisation, above, unrelated)));

        var out = resources(house.exported(report.twins().getFirst().twin()).toByteArray());

        assertThat(out.values()).containsExactlyInAnyOrder(patient("p", "1"), visit, organisation, above);
    }

    @Test
    void the_leaf_is_written_before_anything_is_opened_and_says_who_and_why() {
        var twin = house.imports(house.file("a.json", bundle("collection", patient("p", "1"))))
                .twins()
                .getFirst()
                .twin();
        var trail = new OpenTrail(house.store.keys);
        var seen = new ArrayList<String>();
        var out = new OutputStream() {
            @Override
            public void write(int b) {
                seen.addAll(trail.leaves);
            }
        };

        new WholeTwinExport(
                        house.store.history,
                        trail.trail(),
                        house.directory,
                        () -> OpenTrail.NOWHERE,
                        () -> TestTwins.NOON)
                .write(twin, OpenTrail.OPERATOR, "moving house", out);

        assertThat(seen).isNotEmpty().allMatch("permitted operator:tests HOPERAT: moving house"::equals);
        assertThat(trail.leaves).containsExactly("permitted operator:tests HOPERAT: moving house", "disclosed 1");
    }

    @Test
    void the_bundle_is_marked_with_the_highest_label_of_all_that_leaves_in_it_and_carries_the_notice_it_owes() {
        var common = condition("c", "Patient/p");
        var alcoholism = condition("a", "Patient/p")
                .replace(
                        "\"resourceType\":\"Condition\"",
                        "\"resourceType\":\"Condition\",\"category\":[{\"coding\":[{\"system\":\"http://snomed.info/sct\","
                                + "\"code\":\"7200002\"}]}]");
        var plain = house.imports(house.file("a.json", bundle("collection", patient("p", "1"), common)));
        assertThat(meta(plain))
                .isEqualTo("{\"security\":[{\"system\":"
                        + "\"http://terminology.hl7.org/CodeSystem/v3-Confidentiality\",\"code\":\"N\"}]}");

        var more = house.imports(house.file("b.json", bundle("collection", patient("p", "1"), common, alcoholism)));

        assertThat(meta(more)).contains("\"code\":\"R\"", "\"code\":\"ETH\"", "\"code\":\"NORDSCLCD\"", Marking.NOTICE);
        var twin = more.twins().getFirst().twin();
        house.store.twins.correct(new TwinCommand.CorrectEntry(
                twin,
                Chapter.CONDITIONS,
                house.store.twins.entryId(twin, "http://hospital.example", "Condition", "c"),
                new Body(
                        1,
                        "{\"statement\":1}".getBytes(StandardCharsets.UTF_8),
                        "{\"says\":\"\",\"closer\":true}".getBytes(StandardCharsets.UTF_8)),
                TestTwins.NOON,
                TestTwins.PATIENT));
        assertThat(meta(more)).contains("\"code\":\"V\"", "\"code\":\"PRS\"");
    }

    private String meta(ImportReport report) {
        var out = house.exported(report.twins().getFirst().twin()).toByteArray();
        return TestHouse.JSON.readTree(out).path("meta").toString();
    }

    @Test
    void the_export_is_json_whatever_the_names_hold() {
        var odd = patient("p", "1").replace("\"id\":\"p\"", "\"id\":\"p\",\"name\":[{\"text\":\"\\\"\\u0007 é\"}]");
        var twin = house.imports(house.file("a.json", bundle("collection", odd)))
                .twins()
                .getFirst()
                .twin();

        var out = new ByteArrayInputStream(house.exported(twin).toByteArray());

        assertThat(StreamSupport.stream(
                        TestHouse.JSON.readTree(out).path("entry").spliterator(), false))
                .hasSize(1);
    }

    @Test
    void what_two_hospitals_call_by_the_same_ids_stays_apart_on_the_way_out_and_in() {
        var twin = house.imports(
                        house.file("a.json", bundle("collection", patient("1", "1"), condition("c", "Patient/1"))))
                .twins()
                .getFirst()
                .twin();
        var clinics = patient("1", "9").replace("hospital.example", "clinic.example");
        var fever = condition("c", "Patient/1").replace("Cough", "Fever");
        house.imports(
                new FhirImport.Options(null, twin, TestHouse.OPERATOR),
                house.file("b.json", bundle("collection", clinics, fever)));

        var exported = house.exported(twin).toByteArray();

        assertThat(house.texts(twin)).hasSize(4);
        assertThat(house.imports(house.file("out.json", exported)).unchanged()).isEqualTo(4);
        try (var fresh = new TestHouse(otherFolder)) {
            var report = fresh.imports(fresh.file("out.json", exported));
            assertThat(report.refused()).isEmpty();
            assertThat(report.twins()).hasSize(2);
            assertThat(report.twins().stream().map(t -> List.copyOf(fresh.texts(t.twin()))))
                    .anySatisfy(texts -> assertThat(texts).containsExactlyInAnyOrder(clinics, fever));
        }
    }

    @Test
    void the_patients_own_entry_goes_out_with_provenance() {
        var twin = house.imports(house.file("a.json", bundle("collection", patient("p", "1"))))
                .twins()
                .getFirst()
                .twin();
        var own = condition("mine", "Patient/p");
        house.store.twins.record(new TwinCommand.RecordEntries(
                twin,
                Chapter.CONDITIONS,
                List.of(new TwinCommand.Incoming(
                        house.store.twins.entryId(twin, "patient", "Condition", "mine"),
                        new Body(
                                1,
                                "{\"source\":\"patient\",\"type\":\"Condition\",\"id\":\"mine\",\"format\":\"json\"}"
                                        .getBytes(StandardCharsets.UTF_8),
                                own.getBytes(StandardCharsets.UTF_8)))),
                TestTwins.NOON,
                TestTwins.PATIENT));

        var out = TestHouse.JSON.readTree(house.exported(twin).toByteArray());

        assertThat(out.path("entry")).hasSize(3);
        var provenance = out.path("entry").path(2).path("resource");
        assertThat(provenance.path("target").path(0).path("reference").stringValue())
                .isEqualTo("Condition/mine");
        assertThat(provenance
                        .path("agent")
                        .path(0)
                        .path("who")
                        .path("reference")
                        .stringValue())
                .isEqualTo("Patient/p");
    }
}
