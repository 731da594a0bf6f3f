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
import tools.jackson.databind.json.JsonMapper;

class CliTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path temp;

    @Test
    void nothing_asked_is_wrong_use_and_shows_the_commands() {
        assertThat(run()).isEqualTo(Exit.WRONG_USE);
        assertThat(err()).contains("import", "export", "serve", "demo", "account", "verify", "rebuild", "doctor");
        assertThat(out()).isEmpty();
    }

    @Test
    void an_unknown_command_is_wrong_use() {
        assertThat(run("imprt")).isEqualTo(Exit.WRONG_USE);
        assertThat(err()).contains("import");
    }

    @Test
    void wrong_use_is_one_json_document_when_asked() {
        assertThat(run("import", "--json")).isEqualTo(Exit.WRONG_USE);
        assertThat(JsonMapper.shared().readTree(out()).path("error").asString()).contains("FILE|FOLDER");
    }

    @Test
    void a_file_that_is_not_there_is_wrong_use_before_anything_is_made() {
        var data = temp.resolve("data");
        assertThat(run("import", temp.resolve("none.json").toString(), "--data", data.toString()))
                .isEqualTo(Exit.WRONG_USE);
        assertThat(err()).contains("Nothing was imported");
        assertThat(data).doesNotExist();
    }

    @Test
    void a_command_that_reads_makes_no_folder() {
        var data = temp.resolve("data");
        for (var command : new String[][] {
            {"export", "00000000-0000-0000-0000-000000000001", "--reason", "asked"}, {"rebuild"}, {"verify"}
        }) {
            var arguments = new ArrayList<>(List.of(command));
            arguments.addAll(List.of("--json", "--data", data.toString()));
            out.reset();
            assertThat(run(arguments.toArray(String[]::new))).as(command[0]).isEqualTo(Exit.FAILED);
            assertThat(JsonMapper.shared().readTree(out()).path("error").asString())
                    .contains("no Twinkeep data folder");
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void a_twin_is_named_by_its_id() {
        assertThat(run("export", "Jane", "--reason", "asked")).isEqualTo(Exit.WRONG_USE);
        assertThat(err()).contains("a twin's id looks like").doesNotContain("Exception");
    }

    @Test
    void an_export_needs_a_reason() {
        assertThat(run("export", "00000000-0000-0000-0000-000000000001")).isEqualTo(Exit.WRONG_USE);
        assertThat(err()).contains("--reason");
    }

    @Test
    void the_doctor_sees_a_folder_that_others_may_open() throws IOException {
        assertThat(run("doctor", "--json", "--data", temp.resolve("data").toString()))
                .isEqualTo(Exit.DONE);
        assertThat(JsonMapper.shared().readTree(out()).path("ok").asBoolean()).isTrue();
        Files.writeString(Files.createDirectory(temp.resolve("open")).resolve("house.json"), "{}");
        Files.setPosixFilePermissions(temp.resolve("open"), PosixFilePermissions.fromString("rwxr-xr-x"));
        out.reset();
        assertThat(run("doctor", "--data", temp.resolve("open").toString())).isEqualTo(Exit.BAD);
        assertThat(out()).contains("chmod 700");
    }

    private int run(String... arguments) {
        return Cli.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
