package org.twinkeep.integrations.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Secret;
import org.twinkeep.integrations.directory.SharedDirectory.Checked;
import org.twinkeep.integrations.directory.SharedDirectory.Listed;
import org.twinkeep.integrations.directory.SharedDirectory.Outcome;

class SharedDirectoryTest {
    @TempDir
    Path folder;

    private SharedDirectory open() {
        return SharedDirectory.open(file(), Secret.copyOf(new byte[32]));
    }

    private static Listed listed(String source, String type, String id, String more) {
        var json = "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"," + more + "}";
        return new Listed(
                source, type, id, "http://x.example/" + type + "/" + id, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Listed bosco(String source, String id) {
        return listed(
                source,
                "Practitioner",
                id,
                "\"identifier\":[{\"system\":\"http://npi\",\"value\":\"1\"}],\"name\":[{\"family\":\"Bosco\",\"given\":[\"Alva\"]}]");
    }

    @Test
    void what_was_kept_is_there_after_a_restart_as_received() {
        try (var directory = open()) {
            assertThat(directory.keep(List.of(bosco("a", "1")))).isEqualTo(new Outcome(1, 0));
            assertThat(directory.keep(List.of(bosco("a", "1")))).isEqualTo(new Outcome(0, 1));
        }
        try (var directory = open()) {
            assertThat(directory
                            .byIdentifier("Practitioner", "http://npi", "1")
                            .orElseThrow()
                            .resource())
                    .isEqualTo(bosco("a", "1").resource());
            assertThat(directory.byReference("a", "Practitioner/1")).isPresent();
            assertThat(directory.byReference("a", "http://x.example/Practitioner/1"))
                    .isPresent();
            assertThat(directory.nameOf("a", "Practitioner?identifier=http://npi|1"))
                    .contains("Alva Bosco");
            assertThat(directory.all("Practitioner")).hasSize(1);
        }
    }

    @Test
    void ids_belong_to_their_source() {
        try (var directory = open()) {
            directory.keep(List.of(bosco("a", "1")));

            assertThat(directory.byReference("b", "Practitioner/1")).isEmpty();
        }
    }

    @Test
    void an_identifier_of_two_is_nobodys() {
        try (var directory = open()) {
            directory.keep(List.of(bosco("a", "1"), bosco("b", "2")));

            assertThat(directory.byIdentifier("Practitioner", "http://npi", "1"))
                    .isEmpty();
        }
    }

    @Test
    void a_newer_content_replaces_the_older_and_its_names() {
        try (var directory = open()) {
            directory.keep(List.of(bosco("a", "1")));
            directory.keep(List.of(listed("a", "Practitioner", "1", "\"name\":[{\"text\":\"Alva B.\"}]")));

            assertThat(directory.byIdentifier("Practitioner", "http://npi", "1"))
                    .isEmpty();
            assertThat(directory.nameOf("a", "Practitioner/1")).contains("Alva B.");
        }
    }

    @Test
    void no_name_stands_in_the_files() throws IOException {
        try (var directory = open()) {
            directory.keep(List.of(bosco("http://source.example", "1")));
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain("Bosco", "Practitioner", "npi", "source.example");
                }
            }
        }
    }

    @Test
    void a_sound_directory_is_sound_and_says_how_much_it_holds() {
        keepTwo();
        assertThat(checked()).isEqualTo(new Checked(2, List.of()));
    }

    @Test
    void whatever_is_not_as_it_was_written_is_told() throws SQLException, IOException {
        for (var damage : List.of(
                "UPDATE listed SET sealed = zeroblob(length(sealed)) WHERE handle = (SELECT max(handle) FROM listed)",
                "UPDATE listed SET kind = zeroblob(32) WHERE handle = (SELECT max(handle) FROM listed)",
                "UPDATE listed SET handle = zeroblob(32) WHERE handle = (SELECT max(handle) FROM listed)",
                "UPDATE names SET name = zeroblob(32) WHERE name = (SELECT max(name) FROM names)",
                "DELETE FROM names WHERE name = (SELECT max(name) FROM names)",
                "DELETE FROM listed WHERE handle = (SELECT max(handle) FROM listed)",
                "INSERT INTO names (name, handle) VALUES (zeroblob(32), zeroblob(32))")) {
            Files.deleteIfExists(file());
            keepTwo();
            change(damage);
            assertThat(checked().problems()).as(damage).isNotEmpty();
        }
    }

    @Test
    void a_flipped_bit_in_the_text_that_made_a_table_is_told_where_it_still_reads_as_one() throws IOException {
        keepTwo();
        var text = Files.readString(file(), StandardCharsets.ISO_8859_1);
        Files.writeString(file(), text.replace("kind BLOB", "kind BLOR"), StandardCharsets.ISO_8859_1);
        assertThat(checked().problems()).containsExactly("a table is not as it was made");
    }

    @Test
    void what_was_replaced_lies_nowhere_in_the_file() throws SQLException, IOException {
        keepMany("long ".repeat(100));
        var older = ends();
        keepMany("short");
        var file = Files.readString(file(), StandardCharsets.ISO_8859_1);
        assertThat(older).hasSize(40).noneMatch(file::contains);
        assertThat(ends()).allMatch(file::contains);
    }

    private void keepMany(String words) {
        try (var directory = open()) {
            for (int i = 0; i < 40; i++) {
                directory.keep(List.of(listed("a", "Practitioner", "" + i, "\"text\":\"" + words + "\"")));
            }
        }
    }

    /** The last bytes of each sealed row. */
    private List<String> ends() throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = database.createStatement();
                var row = statement.executeQuery("SELECT sealed FROM listed")) {
            var ends = new ArrayList<String>();
            while (row.next()) {
                var sealed = row.getBytes(1);
                ends.add(new String(sealed, sealed.length - 32, 32, StandardCharsets.ISO_8859_1));
            }
            return ends;
        }
    }

    private void keepTwo() {
        try (var directory = open()) {
            directory.keep(List.of(bosco("a", "1"), listed("a", "OrganizationAffiliation", "2", "\"active\":true")));
        }
    }

    private Checked checked() {
        try (var directory = open()) {
            return directory.check();
        }
    }

    private void change(String sql) throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = database.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private Path file() {
        return folder.resolve("directory.db");
    }
}
