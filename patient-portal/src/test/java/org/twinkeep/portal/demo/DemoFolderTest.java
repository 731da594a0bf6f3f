package org.twinkeep.portal.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.Kek;

class DemoFolderTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path temp;

    private DataFolder folder;
    private Kek kek;

    @BeforeEach
    void aPlace() {
        folder = new DataFolder(temp.resolve("data"));
        kek = new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
    }

    @Test
    void a_house_that_no_demo_made_is_neither_shown_as_one_nor_deleted() {
        House.open(folder, kek, "test", CLOCK).close();
        for (boolean fresh : new boolean[] {false, true}) {
            assertThatThrownBy(() -> Demo.open(folder, kek, fresh, CLOCK, _ -> {}))
                    .isInstanceOf(HouseRefused.class)
                    .hasMessageContaining("not a demo's folder");
        }
        House.open(folder, kek, "test", CLOCK).close();
    }

    @Test
    void a_demo_in_use_is_not_deleted() {
        try (var _ = House.openDemo(folder, kek, CLOCK)) {
            assertThatThrownBy(() -> DemoFolder.clear(folder, temp.resolve("key")))
                    .isInstanceOf(HouseRefused.class)
                    .hasMessageContaining("in use");
        }
        assertThat(folder.isHouse()).isTrue();
    }

    @Test
    void clearing_a_demo_leaves_neither_folder_nor_key() {
        House.openDemo(folder, kek, CLOCK).close();
        DemoFolder.clear(folder, temp.resolve("key"));
        assertThat(folder.path()).doesNotExist();
        assertThat(temp.resolve("key")).doesNotExist();
    }
}
