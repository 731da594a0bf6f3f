package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path temp;

    @Test
    void a_folder_in_use_is_refused_and_says_by_whom_since_when_and_what_to_do() {
        var folder = new DataFolder(temp);
        try (var _ = FolderLock.take(folder, "twinkeep serve", NOON)) {
            assertThatThrownBy(() -> FolderLock.take(folder, "import", NOON))
                    .isInstanceOf(HouseRefused.class)
                    .hasMessageContaining("twinkeep serve")
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("2026-11-21T12:00:00Z")
                    .hasMessageContaining("Nothing was done")
                    .hasMessageContaining("--data");
            assertThat(FolderLock.holder(folder)).get().asString().contains("twinkeep serve");
        }
    }

    @Test
    void a_folder_that_was_given_back_is_free() {
        var folder = new DataFolder(temp);
        FolderLock.take(folder, "import", NOON).close();
        assertThat(FolderLock.holder(folder)).isEmpty();
        FolderLock.take(folder, "export", NOON).close();
    }

    @Test
    void asking_who_holds_a_folder_does_not_take_it_away() {
        var folder = new DataFolder(temp);
        try (var _ = FolderLock.take(folder, "import", NOON)) {
            FolderLock.holder(folder);
            assertThatThrownBy(() -> FolderLock.take(folder, "export", NOON)).isInstanceOf(HouseRefused.class);
        }
    }
}
