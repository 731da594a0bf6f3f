package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.integrations.fhir.TestHouse.bundle;
import static org.twinkeep.integrations.fhir.TestHouse.condition;
import static org.twinkeep.integrations.fhir.TestHouse.patient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.Twins;

class BadInputTest {
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
    @CsvSource({
        "'Dear doctor, ...', 'is neither JSON nor XML'",
        "'[1,2]', 'is neither JSON nor XML'",
        "'', 'is empty'",
        "'PK\u0003\u0004', 'is an archive (zip): unpack it first'",
    })
    void a_file_that_is_not_json_is_refused_in_words(String content, String why) {
        var report = house.imports(house.file("x.json", content));

        assertThat(report.refused()).singleElement().satisfies(r -> {
            assertThat(r.file()).endsWith("x.json");
            assertThat(r.why()).isEqualTo(why);
        });
    }

    @Test
    void a_file_that_is_not_there_is_refused_and_the_others_are_read() {
        var report = house.imports(
                house.folder.resolve("nothing.json"), house.file("b.json", bundle("collection", patient("p", "1"))));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).isEqualTo("is not there"));
    }

    @Test
    void text_of_two_bytes_a_character_is_refused_in_words() {
        var wide = bundle("collection", patient("p", "1")).getBytes(StandardCharsets.UTF_16LE);

        assertThat(house.imports(house.file("x.json", wide)).refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("UTF-8"));
    }

    @Test
    void bytes_that_are_no_utf8_refuse_their_resource_only() {
        var bytes = bundle("collection", patient("p", "1"), condition("c", "Patient/p"))
                .getBytes(StandardCharsets.ISO_8859_1);
        var broken = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("Cough", "\u00c9")
                .getBytes(StandardCharsets.ISO_8859_1);

        var report = house.imports(house.file("x.json", broken));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).startsWith("is not UTF-8"));
    }

    @Test
    void of_a_file_cut_off_in_the_middle_the_part_before_is_imported_and_the_place_is_told() {
        var whole = bundle("collection", patient("p", "1"), condition("c", "Patient/p"), condition("d", "Patient/p"));

        var report = house.imports(house.file("x.json", whole.substring(0, whole.length() - 30)));

        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.refused()).singleElement().satisfies(r -> {
            assertThat(r.where()).startsWith("entry 3, line 1, column");
            assertThat(r.why()).startsWith("is cut off");
        });
    }

    @Test
    void a_gzip_file_cut_off_in_the_middle_is_read_as_far_as_it_goes() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            var many = new String[2000];
            Arrays.setAll(many, i -> i == 0 ? patient("p", "1") : condition("c" + i * 7919, "Patient/p"));
            gzip.write(bundle("collection", many).getBytes(StandardCharsets.UTF_8));
        }

        var report = house.imports(house.file("x.json.gz", Arrays.copyOf(packed.toByteArray(), packed.size() * 3 / 4)));

        assertThat(report.recorded()).isBetween(500, 1999);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("is cut off"));
    }

    @Test
    void of_a_file_broken_in_the_middle_the_sound_part_before_is_imported() {
        var broken = bundle("collection", patient("p", "1"), condition("c", "Patient/p"), condition("d", "Patient/p"))
                .replace("\"Cough d\"", "Cough d");

        var report = house.imports(house.file("x.json", broken));

        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.refused()).singleElement().satisfies(r -> {
            assertThat(r.where()).startsWith("entry 3");
            assertThat(r.why()).startsWith("is not valid JSON");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"MedicationRequest\",\"id\":\"m\",\"subject\":{\"reference\":\"Patient/p\"},\"medication\":{\"concept\":{}}}",
                "{\"resourceType\":\"Encounter\",\"id\":\"m\",\"subject\":{\"reference\":\"Patient/p\"},\"class\":[{}]}",
                "{\"resourceType\":\"GenomicStudy\",\"id\":\"g\",\"subject\":{\"reference\":\"Patient/p\"}}",
                "{\"resourceType\":\"CapabilityStatement\",\"id\":\"c\",\"fhirVersion\":\"5.0.0\"}",
                "{\"resourceType\":\"Condition\",\"id\":\"c\",\"meta\":{\"profile\":"
                        + "[\"http://hl7.org/fhir/StructureDefinition/Condition|5.0.0\"]},\"subject\":{\"reference\":\"Patient/p\"}}"
            })
    void r5_is_refused_in_words(String resource) {
        var report = house.imports(house.file("x.json", bundle("collection", patient("p", "1"), resource)));

        assertThat(report.recorded()).isZero();
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).startsWith("is FHIR R5").contains("Twinkeep reads R4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"MedicationOrder\",\"id\":\"m\",\"patient\":{\"reference\":\"Patient/p\"}}",
                "{\"resourceType\":\"Condition\",\"id\":\"m\",\"patient\":{\"reference\":\"Patient/p\"},\"clinicalStatus\":\"active\"}",
                "{\"resourceType\":\"Patient\",\"id\":\"q\",\"name\":[{\"family\":[\"X\"]}]}",
                "{\"resourceType\":\"Conformance\",\"id\":\"c\",\"fhirVersion\":\"1.0.2\"}"
            })
    void dstu2_is_refused_in_words(String resource) {
        var report = house.imports(house.file("x.json", bundle("collection", resource)));

        assertThat(report.recorded()).isZero();
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).startsWith("is FHIR DSTU2 or STU3"));
    }

    @Test
    void one_odd_shape_among_sound_ones_refuses_itself_only() {
        var old =
                "{\"resourceType\":\"Condition\",\"id\":\"old\",\"subject\":{\"reference\":\"Patient/p\"},\"clinicalStatus\":\"active\"}";

        var report = house.imports(
                house.file("x.json", bundle("collection", patient("p", "1"), condition("c", "Patient/p"), old)));

        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.where()).isEqualTo("entry 3 (Condition)"));
    }

    @Test
    void no_resource_type_and_an_unknown_one_are_refused_without_quoting() {
        var report = house.imports(house.file(
                "x.json",
                bundle(
                        "collection",
                        patient("p", "1"),
                        "{\"id\":\"x\"}",
                        "{\"resourceType\":\"Kowalska\",\"id\":\"x\"}")));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .extracting(ImportReport.Refused::why)
                .containsExactly("has no resourceType: it is no FHIR resource", "is of no type that FHIR R4 has");
        assertThat(report.refused().toString()).doesNotContain("Kowalska");
    }

    @Test
    void two_resources_of_one_id_are_taken_once_when_equal_and_not_at_all_when_not() {
        var report = house.imports(house.file(
                "x.json",
                bundle(
                        "collection",
                        patient("p", "1"),
                        condition("same", "Patient/p"),
                        condition("same", "Patient/p"),
                        condition("two", "Patient/p"),
                        condition("two", "Patient/p").replace("Cough", "Fever"))));

        assertThat(report.recorded()).isEqualTo(2);
        assertThat(report.unchanged()).isEqualTo(1);
        assertThat(report.refused())
                .extracting(ImportReport.Refused::where)
                .containsExactly("entry 4 (Condition)", "entry 5 (Condition)");
    }

    @Test
    void references_to_nothing_are_kept_and_counted_in_one_line() {
        var lonely = condition("c", "Patient/p")
                .replace(
                        "\"code\"",
                        "\"encounter\":{\"reference\":\"Encounter/none\"},\"asserter\":{\"reference\":"
                                + "\"Practitioner?identifier=http://npi|7\"},\"code\"");

        var report = house.imports(house.file("x.json", bundle("collection", patient("p", "1"), lonely)));

        assertThat(report.refused()).isEmpty();
        assertThat(report.remarks()).containsEntry(Remark.TO_NOTHING.words(), 2);
        assertThat(house.texts(report.twins().getFirst().twin())).contains(lonely);
    }

    @ParameterizedTest
    @CsvSource({
        "onsetDateTime, '20245-01-01', Condition.onsetDateTime",
        "onsetDateTime, '2024-13-01', Condition.onsetDateTime",
        "onsetDateTime, '2023-02-30', Condition.onsetDateTime",
        "onsetDateTime, '2024-01-01T10:00:00', Condition.onsetDateTime",
        "recordedDate, '01.02.2024', Condition.recordedDate",
        "recordedDate, '0000', Condition.recordedDate"
    })
    void a_date_that_is_none_refuses_its_resource_and_names_the_element_but_not_the_value(
            String element, String value, String path) {
        var bad = condition("c", "Patient/p").replace("\"code\"", "\"" + element + "\":\"" + value + "\",\"code\"");

        var report = house.imports(house.file("x.json", bundle("collection", patient("p", "1"), bad)));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused()).singleElement().satisfies(r -> {
            assertThat(r.why()).startsWith(path + " is not a date");
            assertThat(r.toString()).doesNotContain(value);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024", "2024-02", "2024-02-29", "2024-02-29T23:59:60Z", "1900-01-01T00:00:00.000-11:30"})
    void dates_as_fhir_writes_them_pass(String value) {
        var good = condition("c", "Patient/p").replace("\"code\"", "\"onsetDateTime\":\"" + value + "\",\"code\"");

        assertThat(house.imports(house.file("x.json", bundle("collection", patient("p", "1"), good)))
                        .recorded())
                .isEqualTo(2);
    }

    @Test
    void bad_dates_are_found_in_extensions_and_contained_resources_too() {
        var hidden = condition("c", "Patient/p")
                .replace(
                        "\"code\"",
                        "\"contained\":[{\"resourceType\":\"Patient\",\"id\":\"x\",\"birthDate\":\"20245-01-01\"}],\"code\"");

        assertThat(house.imports(house.file("x.json", bundle("collection", patient("p", "1"), hidden)))
                        .refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).startsWith("Condition.contained.birthDate"));
    }

    @Test
    void what_asks_to_delete_or_holds_nothing_is_refused() {
        var bundle = "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                + "{\"request\":{\"method\":\"DELETE\",\"url\":\"Condition/1\"}},{\"fullUrl\":\"urn:uuid:1\"},"
                + "{\"resource\":" + patient("p", "1") + ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}}]}";

        var report = house.imports(house.file("x.json", bundle));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .extracting(ImportReport.Refused::why)
                .satisfiesExactly(
                        why -> assertThat(why).startsWith("asks to delete"),
                        why -> assertThat(why).isEqualTo("has no resource"));
    }

    @Test
    void an_entry_of_twenty_megabytes_is_kept_whole() {
        var large =
                "{\"resourceType\":\"DocumentReference\",\"id\":\"d\",\"status\":\"current\",\"subject\":{\"reference\":\"Patient/p\"},"
                        + "\"content\":[{\"attachment\":{\"contentType\":\"application/pdf\",\"data\":\""
                        + "QUJD".repeat(5 * 1024 * 1024)
                        + "\"}}]}";

        var report = house.imports(house.file("x.json", bundle("collection", patient("p", "1"), large)));

        assertThat(report.refused()).isEmpty();
        assertThat(report.recorded()).isEqualTo(2);
        assertThat(house.texts(report.twins().getFirst().twin())).contains(large);
    }

    @Test
    void an_entry_beyond_the_limit_is_refused_and_the_next_one_is_read() {
        var huge = "{\"resourceType\":\"Binary\",\"id\":\"b\",\"data\":\"" + "QUJD".repeat(13 * 1024 * 1024) + "\"}";

        var report = house.imports(house.file("x.json", bundle("collection", huge, patient("p", "1"))));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("48 MB"));
    }

    @Test
    void what_is_nested_beyond_reason_is_refused_and_the_next_one_is_read() {
        var deep = "{\"resourceType\":\"Basic\",\"id\":\"b\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}";

        var report = house.imports(house.file("x.json", bundle("collection", deep, patient("p", "1"))));

        assertThat(report.recorded()).isEqualTo(1);
        assertThat(report.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.why()).contains("nested"));
    }

    @Test
    void when_the_disk_is_full_it_says_so_and_what_was_acknowledged_stays() {
        var many = new String[2001];
        Arrays.setAll(many, i -> i == 0 ? patient("p", "1") : condition("c" + i, "Patient/p"));
        var file = house.file("x.json", bundle("collection", many));
        var commands = new AtomicInteger();
        Twins filling = (Twins) java.lang.reflect.Proxy.newProxyInstance(
                Twins.class.getClassLoader(), new Class<?>[] {Twins.class}, (_, method, arguments) -> {
                    if (method.getName().equals("record") && commands.incrementAndGet() == 4) {
                        throw new StoreUnavailable("no room", new IOException("ENOSPC"));
                    }
                    try {
                        return method.invoke(house.store.twins, arguments);
                    } catch (java.lang.reflect.InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        var failing = new RecordsImport(
                filling,
                house.store.history,
                house.identities,
                house.directory,
                () -> TestTwins.NOON,
                UUID::randomUUID);
        var acknowledged = new AtomicInteger();

        assertThatThrownBy(() -> failing.run(
                        List.of(file),
                        new FhirImport.Options(null, null, TestHouse.OPERATOR),
                        (_, _, count) -> acknowledged.set(count)))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining(acknowledged.get() + " entries");
        var twin = house.store.history.twins().iterator().next();
        assertThat(house.trees(twin)).hasSize(acknowledged.get()).hasSizeGreaterThan(1000);

        var again = house.imports(file);
        assertThat(again.unchanged()).isEqualTo(acknowledged.get());
        assertThat(again.recorded() + again.unchanged()).isEqualTo(2001);
    }
}
