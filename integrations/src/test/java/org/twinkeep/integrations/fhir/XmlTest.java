package org.twinkeep.integrations.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlTest {
    private static final String NAMESPACE = " xmlns=\"http://hl7.org/fhir\"";

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

    /** The JSON of each resource, or why there is none. */
    private List<String> converted(String xml) {
        var found = new ArrayList<String>();
        var file = new InputFile(house.file("x.xml", xml), 0);
        try {
            new XmlRecords(file, new FhirModel(), new Heard() {
                        @Override
                        public void resource(Piece piece) {
                            found.add(new String(piece.json(), java.nio.charset.StandardCharsets.UTF_8));
                        }

                        @Override
                        public void refused(String where, String why) {
                            found.add(where + ": " + why);
                        }

                        @Override
                        public void bundle(@Nullable String kind, boolean paged) {}
                    })
                    .read(_ -> {});
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found;
    }

    private void becomes(String xml, String json) {
        assertThat(converted(xml)).containsExactly(json);
    }

    @Test
    void decimals_stay_as_written_and_repeating_elements_are_lists_even_when_there_is_one() {
        becomes(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Observation" + NAMESPACE + ">\n <id value=\"o\"/>"
                        + "<status value=\"final\"/><category><text value=\"x\"/></category><valueQuantity><value value=\"6.10\"/>"
                        + "<unit value=\"g/l\"/></valueQuantity></Observation>",
                "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"category\":[{\"text\":\"x\"}],"
                        + "\"valueQuantity\":{\"value\":6.10,\"unit\":\"g/l\"}}");
    }

    @Test
    void ids_and_extensions_of_primitives_stand_beside_them_also_in_lists() {
        becomes(
                "<Patient" + NAMESPACE + "><name id=\"n\"><given value=\"A\"/><given id=\"g2\" value=\"B\">"
                        + "<extension url=\"http://x\"><valueBoolean value=\"true\"/></extension></given><given value=\"C\"/></name>"
                        + "<birthDate><extension url=\"http://absent\"><valueCode value=\"unknown\"/></extension></birthDate></Patient>",
                "{\"resourceType\":\"Patient\",\"name\":[{\"id\":\"n\",\"given\":[\"A\",\"B\",\"C\"],\"_given\":[null,{\"id\":\"g2\","
                        + "\"extension\":[{\"url\":\"http://x\",\"valueBoolean\":true}]},null]}],"
                        + "\"_birthDate\":{\"extension\":[{\"url\":\"http://absent\",\"valueCode\":\"unknown\"}]}}");
    }

    @Test
    void contained_resources_and_the_narrative_are_kept() {
        becomes(
                "<Condition" + NAMESPACE
                        + "><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">"
                        + "<p class=\"a\">5 &lt; 6 &amp; <b>7</b></p><br/></div></text><contained><Practitioner><id value=\"d\"/>"
                        + "</Practitioner></contained><contained><Organization><id value=\"e\"/></Organization></contained>"
                        + "<subject><reference value=\"Patient/p\"/></subject></Condition>",
                "{\"resourceType\":\"Condition\",\"text\":{\"status\":\"generated\",\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">"
                        + "<p class=\\\"a\\\">5 &lt; 6 &amp; <b>7</b></p><br/></div>\"},\"contained\":[{\"resourceType\":\"Practitioner\","
                        + "\"id\":\"d\"},{\"resourceType\":\"Organization\",\"id\":\"e\"}],\"subject\":{\"reference\":\"Patient/p\"}}");
    }

    @Test
    void an_element_that_r4_does_not_know_is_kept_by_its_look() {
        becomes(
                "<Patient" + NAMESPACE
                        + "><mood value=\"good\"/><pet><kind value=\"cat\"/></pet><toy value=\"a\"/><toy value=\"b\"/>"
                        + "</Patient>",
                "{\"resourceType\":\"Patient\",\"mood\":\"good\",\"pet\":{\"kind\":\"cat\"},\"toy\":[\"a\",\"b\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "'<Patient xmlns=\"http://hl7.org/fhir\"><active value=\"yes\"/></Patient>', 'Patient.active is neither true nor false'",
        "'<Observation xmlns=\"http://hl7.org/fhir\"><valueInteger value=\"+7\"/></Observation>', 'Observation.valueInteger is not a number'",
        "'<Patient xmlns=\"http://hl7.org/fhir\"><gender value=\"male\"/><gender value=\"female\"/></Patient>', 'Patient.gender occurs twice'",
        "'<Patient xmlns=\"http://hl7.org/fhir\" secret=\"Kowalska\"/>', 'Patient has an attribute that FHIR does not have'",
        "'<Patient xmlns=\"http://hl7.org/fhir\">Kowalska</Patient>', 'Patient holds text where FHIR has none'",
        "'<Patient xmlns=\"http://hl7.org/fhir\"><x:Kowalska xmlns:x=\"urn:x\"/></Patient>', 'is not in the namespace of FHIR'",
        "'<Kowalska xmlns=\"http://hl7.org/fhir\"/>', 'is of no type that FHIR R4 has'",
    })
    void what_has_no_faithful_json_is_refused_without_quoting(String xml, String why) {
        assertThat(converted(xml))
                .singleElement()
                .satisfies(
                        said -> assertThat(said).contains("without loss", why).doesNotContain("Kowalska"));
    }

    @Test
    void a_document_type_is_refused_and_nothing_outside_is_read() {
        var secret = house.file("secret.txt", "do not read");
        var xml = "<!DOCTYPE Patient [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><Patient" + NAMESPACE
                + "><name><text value=\"&x;\"/></name></Patient>";

        assertThat(converted(xml))
                .singleElement()
                .satisfies(said -> assertThat(said).contains("DOCTYPE").doesNotContain("do not read"));
    }

    @Test
    void a_bundle_cut_off_is_read_as_far_as_it_goes() {
        var xml = "<Bundle" + NAMESPACE
                + "><type value=\"collection\"/><entry><fullUrl value=\"urn:uuid:1\"/><resource><Patient>"
                + "<id value=\"p\"/></Patient></resource></entry><entry><resource><Condition><id value=\"c\"/>";

        assertThat(converted(xml))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("{\"resourceType\":\"Patient\",\"id\":\"p\"}"),
                        second ->
                                assertThat(second).startsWith("line 1, column").contains("cut off"));
    }

    @Test
    void a_bundle_in_xml_is_imported_like_the_same_in_json() {
        var xml = "<Bundle" + NAMESPACE
                + "><type value=\"transaction\"/><entry><fullUrl value=\"urn:uuid:1\"/><resource><Patient>"
                + "<id value=\"p\"/><identifier><system value=\"http://hospital.example\"/><value value=\"1\"/></identifier></Patient>"
                + "</resource><request><method value=\"POST\"/><url value=\"Patient\"/></request></entry><entry><resource><Condition>"
                + "<id value=\"c\"/><subject><reference value=\"urn:uuid:1\"/></subject></Condition></resource></entry>"
                + "<entry><request><method value=\"DELETE\"/><url value=\"Patient/1\"/></request></entry></Bundle>";
        var json =
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":\"urn:uuid:1\",\"resource\":"
                        + "{\"resourceType\":\"Patient\",\"id\":\"p\",\"identifier\":[{\"system\":\"http://hospital.example\",\"value\":\"1\"}]}},"
                        + "{\"resource\":{\"resourceType\":\"Condition\",\"id\":\"c\",\"subject\":{\"reference\":\"urn:uuid:1\"}}}]}";

        var first = house.imports(house.file("x.xml", xml));
        var second = house.imports(house.file("x.json", json));

        assertThat(first.recorded()).isEqualTo(2);
        assertThat(first.refused())
                .singleElement()
                .satisfies(r -> assertThat(r.where()).isEqualTo("entry 3"));
        assertThat(second.unchanged()).isEqualTo(2);
    }

    @Test
    void a_large_attachment_passes() {
        var data = "QUJD".repeat(1024 * 1024);

        becomes(
                "<Binary" + NAMESPACE + "><contentType value=\"text/plain\"/><data value=\"" + data + "\"/></Binary>",
                "{\"resourceType\":\"Binary\",\"contentType\":\"text/plain\",\"data\":\"" + data + "\"}");
    }
}
