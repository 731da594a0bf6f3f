package org.twinkeep.integrations.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Secret;
import org.twinkeep.integrations.directory.SharedDirectory.Listed;
import org.twinkeep.integrations.directory.SharedDirectory.Outcome;

class SharedDirectoryTest {
    @TempDir
    Path folder;

    private SharedDirectory open() {
        return SharedDirectory.open(folder.resolve("directory.db"), Secret.copyOf(new byte[32]));
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
}
