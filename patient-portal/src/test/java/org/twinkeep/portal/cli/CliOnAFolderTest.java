package org.twinkeep.portal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CliOnAFolderTest {
    private static final String RECORD = """
            {"resourceType":"Bundle","type":"collection","entry":[
             {"resource":{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:test:mrn","value":"4711"}],
              "name":[{"family":"Quill","given":["Petra"]}],"gender":"female","birthDate":"1980-02-03"}},
             {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},
              "code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003","display":"Hypertension"}]}}}]}""";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    @Test
    void an_import_answers_in_the_promised_form() throws IOException {
        assertThat(run("import", record().toString())).isEqualTo(Exit.DONE);
        var answer = json();
        assertThat(answer.propertyNames())
                .containsExactly("twins", "read", "recorded", "unchanged", "leftOut", "refused", "seconds");
        assertThat(answer.path("twins").path(0).propertyNames()).containsExactlyInAnyOrder("twin", "entries");
        assertThat(answer.path("recorded").asInt()).isEqualTo(2);
        assertThat(err()).contains("A new key for this house");
    }

    @Test
    void importing_again_changes_nothing() throws IOException {
        run("import", record().toString());
        assertThat(run("import", record().toString())).isEqualTo(Exit.DONE);
        assertThat(json().path("recorded").asInt()).isZero();
        assertThat(json().path("unchanged").asInt()).isEqualTo(2);
    }

    @Test
    void a_bad_file_beside_a_sound_one_is_partly_done() throws IOException {
        var bad = Files.writeString(temp.resolve("bad.json"), "no json, but Petra Quill");
        assertThat(run("import", record().toString(), bad.toString())).isEqualTo(Exit.PARTLY);
        assertThat(json().path("recorded").asInt()).isEqualTo(2);
        assertThat(json().path("refused").path(0).propertyNames()).containsExactlyInAnyOrder("file", "where", "why");
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("Quill");
    }

    @Test
    void an_export_is_the_bundle_and_the_patient_sees_who_asked_and_why() throws IOException {
        var twin = imported();
        assertThat(run("export", twin, "--reason", "moving house")).isEqualTo(Exit.DONE);
        assertThat(json().path("resourceType").asString()).isEqualTo("Bundle");
        assertThat(json().toString()).contains("Hypertension");
    }

    @Test
    void an_exported_file_is_for_its_owner_only() throws IOException {
        var file = temp.resolve("out.json");
        assertThat(run("export", imported(), "--reason", "moving house", "-o", file.toString()))
                .isEqualTo(Exit.DONE);
        assertThat(json().path("file").asString()).isEqualTo(file.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).contains("Hypertension");
    }

    @Test
    void a_twin_that_is_not_there_fails_in_words() throws IOException {
        imported();
        assertThat(run("export", "00000000-0000-0000-0000-000000000001", "--reason", "asked"))
                .isEqualTo(Exit.FAILED);
        assertThat(json().path("error").asString()).contains("no such twin");
    }

    @Test
    void an_account_is_added_by_a_link_and_reset_by_another() throws IOException {
        assertThat(run("account", "add", "--role", "patient", "--name", "Petra Quill", "--twin", imported()))
                .isEqualTo(Exit.DONE);
        var first = json();
        assertThat(first.path("link").asString()).startsWith("/set-up/");
        assertThat(run("account", "reset", first.path("account").asString())).isEqualTo(Exit.DONE);
        assertThat(json().path("link").asString())
                .startsWith("/set-up/")
                .isNotEqualTo(first.path("link").asString());
    }

    @Test
    void verifying_finds_nothing_in_a_sound_folder() throws IOException {
        imported();
        assertThat(run("verify")).isEqualTo(Exit.DONE);
        assertThat(json().propertyNames()).containsExactly("ok", "checked", "problems");
        assertThat(json().path("ok").asBoolean()).isTrue();
    }

    @Test
    void verifying_a_damaged_folder_finds_bad_and_names_the_file() throws IOException {
        imported();
        var bytes = Files.readAllBytes(temp.resolve("data/house.json"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(temp.resolve("data/house.json"), bytes);
        assertThat(run("verify")).isEqualTo(Exit.BAD);
        assertThat(json().path("problems").path(0).path("file").asString()).isEqualTo("house.json");
    }

    @Test
    void a_rebuild_says_what_it_built() throws IOException {
        imported();
        assertThat(run("rebuild")).isEqualTo(Exit.DONE);
        assertThat(json().path("twins").asInt()).isEqualTo(1);
    }

    @Test
    void a_new_key_opens_the_house_and_the_old_one_does_not() throws IOException {
        var twin = imported();
        var old = Files.readString(temp.resolve("key"));
        assertThat(run("kek", "rotate")).isEqualTo(Exit.DONE);
        assertThat(json().propertyNames()).containsExactly("from", "to", "file");
        assertThat(json().path("to").asString()).isEqualTo("file");
        assertThat(run("export", twin, "--reason", "moving house")).isEqualTo(Exit.DONE);
        assertThat(json().toString()).contains("Hypertension");
        Files.writeString(temp.resolve("key"), old);
        assertThat(run("export", twin, "--reason", "moving house")).isEqualTo(Exit.FAILED);
        assertThat(json().path("error").asString()).contains("belongs to another vault");
    }

    private String imported() throws IOException {
        run("import", record().toString());
        return json().path("twins").path(0).path("twin").asString();
    }

    private Path record() throws IOException {
        return Files.writeString(temp.resolve("record.json"), RECORD);
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--json",
                "--data",
                temp.resolve("data").toString(),
                "--kek-file",
                temp.resolve("key").toString()));
        return Cli.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                all.toArray(String[]::new));
    }

    /** Exactly one document, and nothing else. */
    private JsonNode json() {
        return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
