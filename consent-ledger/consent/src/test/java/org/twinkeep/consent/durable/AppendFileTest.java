package org.twinkeep.consent.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AppendFileTest {

    @TempDir
    Path folder;

    @Test
    void what_does_not_count_is_cut_off_before_the_next_append() throws IOException {
        var path = folder.resolve("file");
        Files.write(path, new byte[] {1, 2, 3, 9, 9});
        try (var file = new AppendFile(path, 3)) {
            file.append(new byte[] {4});
        }
        assertThat(Files.readAllBytes(path)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void what_does_not_count_is_cut_off_when_nothing_follows() throws IOException {
        var path = folder.resolve("file");
        Files.write(path, new byte[] {1, 2, 9});
        new AppendFile(path, 2).close();
        assertThat(Files.readAllBytes(path)).containsExactly(1, 2);
    }

    @Test
    void a_new_file_is_there_before_anything_is_written() throws IOException {
        new AppendFile(folder.resolve("new"), 0).close();
        assertThat(folder.resolve("new")).isEmptyFile();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_full_disk_is_a_failure_and_not_an_acknowledgement() throws IOException {
        var path = Files.createSymbolicLink(folder.resolve("full"), Path.of("/dev/full"));
        var file = new AppendFile(path, 0);
        assertThatThrownBy(() -> file.append(new byte[8192])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> file.append(new byte[8192])).isInstanceOf(IOException.class);
    }

    @Test
    void an_interrupted_thread_does_not_close_the_file_for_others() throws IOException {
        try (var file = new AppendFile(folder.resolve("file"), 0)) {
            Thread.currentThread().interrupt();
            file.append(new byte[] {1});
            assertThat(Thread.interrupted()).isTrue();
            file.append(new byte[] {2});
        }
        assertThat(folder.resolve("file")).hasBinaryContent(new byte[] {1, 2});
    }
}
