package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.crypto.sign.VerifyingKey;

class HouseFileTest {
    @TempDir
    Path temp;

    private DataFolder folder;
    private HouseFile written;

    @BeforeEach
    void aHouse() throws IOException {
        folder = new DataFolder(temp.resolve("data"));
        folder.prepare();
        written = HouseFile.fresh(
                        KekSource.Kind.FILE,
                        true,
                        EventStore.EMBEDDED,
                        ViewStore.EMBEDDED,
                        LedgerStore.EMBEDDED,
                        new TreeMap<>(Map.of("Oversight", "http://127.0.0.1:7301")))
                .with(new VerifyingKey(new byte[32]));
        written.write(folder);
    }

    @Test
    void what_was_written_is_read() {
        assertThat(HouseFile.read(folder)).isEqualTo(written);
        assertThat(written.demo()).isTrue();
        assertThat(written.key()).isEqualTo(KekSource.Kind.FILE);
    }

    @Test
    void it_says_which_ledger_the_consents_are_on() throws IOException {
        var onFabric = written.with(LedgerStore.FABRIC);
        onFabric.write(folder);
        assertThat(HouseFile.read(folder)).isEqualTo(onFabric);
        assertThat(Files.readString(folder.houseFile())).contains("\"ledger\" : \"fabric\"");
        assertThatThrownBy(() -> LedgerStore.of("paper"))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("twinkeep.ledger");
    }

    @Test
    void a_folder_of_a_newer_format_is_refused_with_words() throws IOException {
        replace("\"format\" : 1", "\"format\" : 2");
        assertThatThrownBy(() -> HouseFile.read(folder))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("newer Twinkeep")
                .hasMessageContaining("Update Twinkeep");
    }

    @Test
    void each_flipped_byte_is_noticed() throws IOException {
        var whole = Files.readAllBytes(folder.houseFile());
        for (int i = 0; i < whole.length; i++) {
            if (!Character.isWhitespace(whole[i])) {
                var flipped = whole.clone();
                flipped[i] ^= 1;
                Files.write(folder.houseFile(), flipped);
                assertThatThrownBy(() -> HouseFile.read(folder))
                        .as("byte %d", i)
                        .isInstanceOf(HouseRefused.class);
            }
        }
    }

    @Test
    void it_is_for_its_owner_only() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.houseFile())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
                .isEqualTo("rwx------");
    }

    @Test
    void a_folder_with_other_things_in_it_is_not_taken_over() throws IOException {
        Files.delete(folder.houseFile());
        Files.writeString(folder.path().resolve("letters.txt"), "mine");
        assertThatThrownBy(folder::prepare).isInstanceOf(HouseRefused.class).hasMessageContaining("no house.json");
    }

    private void replace(String old, String fresh) throws IOException {
        Files.writeString(
                folder.houseFile(), Files.readString(folder.houseFile()).replace(old, fresh));
    }
}
