package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.integrations.fhir.TestHouse.bundle;
import static org.twinkeep.integrations.fhir.TestHouse.condition;
import static org.twinkeep.integrations.fhir.TestHouse.patient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;

class ImportTest {
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

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "batch", "collection", "searchset", "document"})
    void bundles_that_hold_records_are_read(String kind) {
        var report = house.imports(house.file("b.json", bundle(kind, patient("p", "1"), condition("c", "Patient/p"))));

        assertThat(report.refused()).isEmpty();
        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.twins())
                .singleElement()
                .satisfies(t -> assertThat(t.entries()).isEqualTo(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "message", "transaction-response", "batch-response", "whatever"})
    void other_bundles_are_refused_with_words(String kind) {
        var report = house.imports(house.file("b.json", bundle(kind, patient("p", "1"))));

        assertThat(report.recorded()).isZero();
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).startsWith("is a"));
    }

    @Test
    void importing_again_changes_nothing() {
        var file = house.file("b.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p")));
        house.imports(file);

        var again = house.imports(file);

        assertThat(again.recorded()).isZero();
        assertThat(again.unchanged()).isEqualTo(2);
        assertThat(house.store.history.twins()).hasSize(1);
    }

    @Test
    void a_new_content_of_the_same_source_and_id_is_a_new_version() {
        house.imports(house.file("b.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p"))));
        var changed = condition("c", "Patient/p").replace("Cough", "Bad cough");

        var report = house.imports(house.file("b2.json", bundle("collection", patient("p", "1"), changed)));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.unchanged()).isEqualTo(1);
        assertThat(house.texts(report.twins().getFirst().twin())).contains(changed);
    }

    @Test
    void a_resource_is_kept_byte_for_byte_but_for_white_space_between_tokens() {
        var odd =
                "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"no-such-status\",\"subject\":{\"reference\":\"Patient/p\"},"
                        + "\"valueQuantity\":{\"value\":6.10,\"unit\":\"mmol\\/l\"},\"valueString\":\"6.10\",\"madeUp\":{\"z\":1,\"a\":[3,1,2]},"
                        + "\"_status\":{\"extension\":[{\"url\":\"http://x.example\",\"valueDecimal\":1.00}]},"
                        + "\"contained\":[{\"resourceType\":\"Device\",\"id\":\"lonely\"}]}";

        var report = house.imports(
                house.file("b.json", bundle("collection", patient("p", "1"), odd.replace(",\"", " ,\n  \""))));

        assertThat(house.texts(report.twins().getFirst().twin())).contains(odd);
        assertThat(report.refused()).isEmpty();
        assertThat(report.remarks())
                .containsEntry(Remark.UNKNOWN_ELEMENT.words(), 1)
                .containsEntry(Remark.SECOND_CHOICE.words(), 1)
                .containsEntry(Remark.INVALID_VALUE.words(), 1);
    }

    @Test
    void newline_delimited_resources_of_a_folder_belong_together() {
        house.file("bulk/Patient.ndjson", patient("p", "1") + "\n" + patient("q", "2") + "\n");
        house.file("bulk/Condition.ndjson", condition("c", "Patient/p") + "\n\n" + condition("d", "Patient/q"));

        var report = house.imports(house.folder.resolve("in"));

        assertThat(report.refused()).isEmpty();
        assertThat(report.twins())
                .hasSize(2)
                .allSatisfy(t -> assertThat(t.entries()).isEqualTo(2));
    }

    @Test
    void a_broken_line_does_not_stop_the_lines_after_it() {
        var lines = patient("p", "1") + "\n{\"resourceType\":\"Condition\",\n" + condition("c", "Patient/p") + "\n";

        var report = house.imports(house.file("lines.ndjson", lines));

        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.where()).startsWith("line 2"));
    }

    @Test
    void single_resources_of_a_folder_belong_together_and_other_files_are_counted() {
        house.file("p.json", patient("p", "1"));
        house.file("c.json", condition("c", "Patient/p"));
        house.file("readme.txt", "Hello");

        var report = house.imports(house.folder.resolve("in"));

        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.remarks()).containsEntry(Remark.NO_FHIR.words(), 1);
    }

    @Test
    void gzip_is_known_by_its_bytes_and_not_by_its_name() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bundle("collection", patient("p", "1")).getBytes(StandardCharsets.UTF_8));
        }

        assertThat(house.imports(house.file("a.json", packed.toByteArray())).recorded())
                .isEqualTo(1);
        assertThat(house.imports(house.file("b.json.gz", bundle("collection", patient("q", "2"))))
                        .recorded())
                .isEqualTo(1);
    }

    @Test
    void a_bundle_whose_type_stands_last_is_read_all_the_same() {
        var late = "{\"entry\":[{\"resource\":" + patient("p", "1")
                + ",\"fullUrl\":\"urn:uuid:1\"}],\"type\":\"collection\"," + "\"resourceType\":\"Bundle\"}";

        assertThat(house.imports(house.file("b.json", late)).recorded()).isEqualTo(1);
    }

    @Test
    void progress_tells_what_is_durable() {
        var file = house.file("b.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p")));

        house.imports(file);

        assertThat(house.acknowledged).isSorted().endsWith(2);
    }

    @Test
    void what_the_patient_erased_stays_erased() {
        var file = house.file("b.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p")));
        var twin = house.imports(file).twins().getFirst().twin();
        var entry = house.store.twins.entryId(twin, "http://hospital.example", "Condition", "c");
        house.store.twins.erase(new TwinCommand.EraseEntries(
                twin, Chapter.CONDITIONS, List.of(entry), TestTwins.NOON, TestTwins.PATIENT));

        var again = house.imports(file);

        assertThat(again.leftOut()).isEqualTo(1);
        assertThat(again.recorded()).isZero();
    }

    @Test
    void an_entry_stays_in_the_chapter_that_it_was_first_recorded_in() {
        var first = condition("c", "Patient/p");
        var twin = house.imports(house.file("b.json", bundle("collection", patient("p", "1"), first)))
                .twins()
                .getFirst()
                .twin();
        var alcohol = first.replace(
                "\"code\":{\"text\":\"Cough c\"}",
                "\"code\":{\"coding\":[{\"system\":\"http://snomed.info/sct\",\"code\":\"7200002\",\"display\":\"Alcoholism (disorder)\"}]}");

        house.imports(house.file("b2.json", bundle("collection", patient("p", "1"), alcohol)));

        assertThat(house.store.history.chapters(twin)).containsExactlyInAnyOrder(Chapter.PROFILE, Chapter.CONDITIONS);
        assertThat(house.says(twin).get(Chapter.CONDITIONS)).containsExactly(alcohol);
    }

    @Test
    void a_resource_without_id_is_known_again_by_its_content() {
        var nameless =
                "{\"resourceType\":\"Condition\",\"subject\":{\"reference\":\"Patient/p\"},\"code\":{\"text\":\"Cough\"}}";
        var file = house.file("b.json", bundle("collection", patient("p", "1"), nameless));
        house.imports(file);

        assertThat(house.imports(file).unchanged()).isEqualTo(2);
    }

    @Test
    void a_page_of_several_is_taken_and_said() {
        var page =
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[{\"relation\":\"next\",\"url\":\"http://x\"}],"
                        + "\"entry\":[{\"resource\":" + patient("p", "1") + ",\"search\":{\"mode\":\"match\"}},"
                        + "{\"resource\":{\"resourceType\":\"OperationOutcome\",\"issue\":[]},\"search\":{\"mode\":\"outcome\"}}]}";

        var report = house.imports(house.file("b.json", page));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.remarks()).containsKeys(Remark.PAGED.words(), Remark.SERVER_ANSWERS.words());
    }

    @Test
    void about_says_source_type_id_address_and_form() {
        var file = house.file(
                "b.json",
                "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{\"fullUrl\":\"urn:uuid:7\",\"resource\":"
                        + patient("p", "1") + "}]}");

        var twin = house.imports(file).twins().getFirst().twin();

        assertThat(house.about(twin, Chapter.PROFILE, 0))
                .isEqualTo(
                        "{\"source\":\"http://hospital.example\",\"type\":\"Patient\",\"id\":\"p\",\"fullUrl\":\"urn:uuid:7\","
                                + "\"format\":\"json\"}");
    }

    @Test
    void two_imports_of_one_file_at_once_make_one_twin_and_double_nothing() throws Exception {
        var many = new String[1500];
        Arrays.setAll(many, i -> i == 0 ? patient("p", "1") : condition("c" + i, "Patient/p"));
        var file = house.file("b.json", bundle("collection", many));
        var options = new FhirImport.Options(null, null, TestHouse.OPERATOR);

        try (var both = Executors.newFixedThreadPool(2)) {
            Callable<ImportReport> one = () -> house.records.run(List.of(file), options, (_, _, _) -> {});
            var runs = both.invokeAll(Collections.nCopies(2, one));
            int recorded = 0;
            for (var run : runs) {
                recorded += run.get().recorded();
                assertThat(run.get().refused()).isEmpty();
            }
            assertThat(recorded).isEqualTo(1500);
        }
        assertThat(house.store.history.twins()).hasSize(1);
        assertThat(house.trees(house.store.history.twins().iterator().next())).hasSize(1500);
    }
}
