package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

class FileVaultTest extends VaultContract {

    private static final Passphrases.Cost CHEAP = new Passphrases.Cost(64, 1, 1);

    @TempDir
    private Path home;

    private int houses;

    @Override
    protected Vault create() {
        houses++;
        return FileVault.create(slots(), keyFile());
    }

    @Override
    protected Vault reopen(Vault vault) {
        vault.close();
        return FileVault.open(slots(), keyFile());
    }

    @Test
    void neither_the_slots_nor_the_key_stand_in_the_file() throws IOException {
        var before = Files.size(newHouse());
        try (var vault = FileVault.open(slots(), keyFile())) {
            vault.replace(slot(1), secret(77));
            var house = vault.houseKey("accounts");
            assertThat(Files.size(slots())).isGreaterThan(before);
            var bytes = HexFormat.of().formatHex(Files.readAllBytes(slots()));
            assertThat(bytes).doesNotContain(hex(secret(77)), hex(house));
            var key = Files.readString(kek()).trim().split(" ")[1];
            assertThat(bytes).doesNotContain(key);
        }
    }

    @Test
    void the_wrapped_bytes_of_a_replaced_or_erased_slot_are_overwritten_in_the_file() throws IOException {
        newHouse();
        try (var vault = FileVault.open(slots(), keyFile())) {
            vault.replace(slot(1), secret(1));
            var first = cellsOf(slot(1));
            assertThat(first).hasSize(1);
            vault.replace(slot(1), secret(2));
            var second = cellsOf(slot(1));
            assertThat(second).hasSize(1).doesNotContainAnyElementsOf(first);
            assertThat(image()).doesNotContain(first.getFirst());
            vault.erase(slot(1));
            assertThat(cellsOf(slot(1))).isEmpty();
            assertThat(image()).doesNotContain(second.getFirst());
        }
    }

    @Test
    void a_copy_holds_the_chosen_slots_as_they_are_and_nothing_of_the_others() throws IOException {
        newHouse();
        var copy = slots().resolveSibling("copy");
        try (var vault = FileVault.open(slots(), keyFile());
                var out = Files.newOutputStream(copy)) {
            vault.replace(slot(1), secret(1));
            vault.replace(slot(2), secret(2), 40);
            vault.copyTo(out, slot(2)::equals);
        }
        try (var vault = FileVault.open(copy, keyFile());
                var original = FileVault.open(slots(), keyFile())) {
            assertThat(vault.read(slot(1))).isEmpty();
            assertThat(vault.read(slot(2))).contains(secret(2));
            assertThat(vault.version(slot(2))).isEqualTo(40);
            assertThat(vault.houseKey("accounts")).isEqualTo(original.houseKey("accounts"));
        }
    }

    @Test
    void a_slot_that_is_replaced_for_ever_takes_no_more_room() throws IOException {
        newHouse();
        try (var vault = FileVault.open(slots(), keyFile())) {
            vault.replace(slot(1), secret(1));
            vault.replace(slot(1), secret(2));
            var size = Files.size(slots());
            for (int i = 0; i < 20; i++) {
                vault.replace(slot(1), secret(i));
            }
            assertThat(Files.size(slots())).isEqualTo(size);
        }
    }

    @Test
    void a_missing_vault_is_never_made_anew_and_an_existing_one_never_overwritten() throws IOException {
        newHouse();
        assertThatThrownBy(() -> FileVault.create(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("already");
        Files.delete(slots());
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("missing");
        assertThat(slots()).doesNotExist();
    }

    @Test
    void a_lost_key_file_is_told_and_not_made_anew() throws IOException {
        newHouse();
        Files.delete(kek());
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("Bring it back");
        assertThat(kek()).doesNotExist();
    }

    @Test
    void another_houses_key_opens_nothing() throws IOException {
        newHouse();
        var mine = slots();
        newHouse();
        assertThatThrownBy(() -> FileVault.open(mine, keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("another vault");
    }

    @Test
    void a_key_file_is_its_owners_alone() throws IOException {
        newHouse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kek())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kek().getParent())))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(slots())))
                .isEqualTo("rw-------");
        for (var open : new String[] {"rw-r-----", "rw----r--", "rw--w----"}) {
            Files.setPosixFilePermissions(kek(), PosixFilePermissions.fromString(open));
            assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                    .isInstanceOf(VaultUnavailable.class)
                    .hasMessageContaining("chmod 600");
        }
    }

    @Test
    void a_key_file_in_the_data_folder_is_refused_also_behind_a_link() throws IOException {
        houses++;
        var data = slots().getParent().getParent();
        var inside = KekSource.keyFile(data.resolve("keys/kek"), data);
        assertThatThrownBy(() -> FileVault.create(slots(), inside))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("data folder");
        assertThat(data.resolve("keys/kek")).doesNotExist();
        var link = Files.createSymbolicLink(home.resolve("elsewhere"), Files.createDirectories(data));
        var behind = KekSource.keyFile(link.resolve("kek"), data);
        assertThatThrownBy(() -> FileVault.create(slots(), behind)).isInstanceOf(VaultUnavailable.class);
        assertThat(slots()).doesNotExist();
    }

    @Test
    void a_key_file_that_holds_something_else_is_refused() throws IOException {
        newHouse();
        Files.writeString(kek(), "twinkeep-kek-1 " + "0".repeat(63), StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("holds no key");
        Files.write(kek(), new byte[] {-1, -2, -3});
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile())).isInstanceOf(VaultUnavailable.class);
    }

    @Test
    void a_key_made_before_a_crash_serves_the_vault_that_is_made_after_it() throws IOException {
        newHouse();
        var key = Files.readString(kek());
        Files.delete(slots());
        FileVault.create(slots(), keyFile()).close();
        assertThat(Files.readString(kek())).isEqualTo(key);
    }

    @Test
    void a_passphrase_opens_what_it_made_and_is_wiped_after_use() {
        houses++;
        var typed = "correct horse battery staple".toCharArray();
        try (var vault = FileVault.create(slots(), asking("correct horse battery staple"))) {
            vault.replace(slot(1), secret(1));
        }
        try (var vault = FileVault.open(slots(), KekSource.passphrase(() -> typed))) {
            assertThat(vault.read(slot(1))).contains(secret(1));
        }
        assertThat(typed).containsOnly('\0');
        assertThatThrownBy(() -> FileVault.open(slots(), asking("correct horse battery stable")))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("not the one")
                .message()
                .doesNotContain("horse");
        assertThatThrownBy(() -> FileVault.open(slots(), asking(""))).isInstanceOf(VaultUnavailable.class);
    }

    @Test
    void a_key_file_does_not_stand_in_for_a_passphrase_nor_the_other_way_round() throws IOException {
        newHouse();
        assertThatThrownBy(() -> FileVault.open(slots(), asking("anything")))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("key file");
        houses++;
        FileVault.create(slots(), asking("anything")).close();
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("passphrase");
    }

    @Test
    void a_new_key_opens_every_slot_and_the_old_one_nothing() throws IOException {
        var house = newHouseWithSlots();
        var oldKey = Files.readString(kek());
        var oldBoxes = cellsOf(slot(1));
        FileVault.rotate(slots(), keyFile(), keyFile());
        assertThat(Files.readString(kek())).isNotEqualTo(oldKey);
        assertThat(image()).doesNotContain(oldBoxes.getFirst());
        assertSlots(keyFile(), house);
        assertNothingBeside();
        Files.writeString(kek(), oldKey);
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("another vault");
    }

    @Test
    void a_crash_anywhere_in_a_change_of_keys_leaves_a_vault_that_opens() throws IOException {
        for (var crash : FileVault.Step.values()) {
            var house = newHouseWithSlots();
            var oldKey = Files.readString(kek());
            var source = keyFile();
            assertThatThrownBy(() -> FileVault.rotate(slots(), source, source, step -> {
                        if (step == crash) {
                            throw new IllegalStateException();
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class);
            assertSlots(keyFile(), house);
            assertThat(Files.readString(kek()).equals(oldKey)).isEqualTo(crash == FileVault.Step.KEY_MADE);
            assertNothingBeside();
        }
    }

    @Test
    void a_crash_while_the_file_is_replaced_loses_neither_and_wipes_the_old_one() throws IOException {
        var house = newHouseWithSlots();
        var old = slots().resolveSibling("slots.old");
        Files.createLink(old, slots());
        assertSlots(keyFile(), house);
        assertNothingBeside();
        var wiped = slots().resolveSibling("kept");
        Files.copy(slots(), old);
        Files.createLink(wiped, old);
        assertSlots(keyFile(), house);
        assertNothingBeside();
        assertThat(Files.size(wiped)).isEqualTo(Files.size(slots()));
        assertThat(Files.readString(wiped, StandardCharsets.ISO_8859_1)).doesNotContain("TWKVAULT");
    }

    @Test
    void a_crash_while_the_key_file_is_replaced_loses_neither_and_wipes_the_old_one() throws IOException {
        var house = newHouseWithSlots();
        var source = keyFile();
        assertThatThrownBy(() -> FileVault.rotate(slots(), source, source, step -> {
                    if (step == FileVault.Step.VAULT_REWRITTEN) {
                        throw new IllegalStateException();
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
        var old = kek().resolveSibling(kek().getFileName() + ".old");
        Files.createLink(old, kek());
        assertSlots(keyFile(), house);
        assertNothingBeside();
        var key = Files.readString(kek());
        var wiped = home.resolve("kept");
        Files.writeString(old, key);
        Files.createLink(wiped, old);
        assertSlots(keyFile(), house);
        assertNothingBeside();
        assertThat(Files.readString(wiped, StandardCharsets.ISO_8859_1))
                .hasSameSizeAs(key)
                .doesNotContain("twinkeep");
    }

    @Test
    void a_key_file_that_was_moved_into_the_data_folder_opens_nothing() throws IOException {
        newHouse();
        var inside = Files.copy(kek(), slots().resolveSibling("kek"));
        var data = home.resolve("house" + houses);
        assertThatThrownBy(() -> FileVault.open(slots(), KekSource.keyFile(inside, data)))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("data folder");
    }

    @Test
    void a_vault_without_the_slot_of_the_house_is_refused() throws IOException {
        newHouse();
        try (var cells = CellFile.open(slots(), TestKeys.seeded(1))) {
            cells.erase(FileVault.HOUSE);
        }
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("lost the slot of the house");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_vault_that_was_closed_or_refused_is_held_open_no_longer() throws IOException {
        newHouse();
        assertThatThrownBy(() -> FileVault.open(slots(), asking("anything"))).isInstanceOf(VaultUnavailable.class);
        try (var handles = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (var handle : handles) {
                if (Files.isSymbolicLink(handle)) {
                    assertThat(Files.readSymbolicLink(handle)).isNotEqualTo(slots().toRealPath());
                }
            }
        }
    }

    @Test
    void two_houses_of_one_passphrase_stretch_it_with_salts_of_their_own() throws IOException {
        var salts = new HashSet<String>();
        for (int i = 0; i < 2; i++) {
            houses++;
            FileVault.create(slots(), asking("the same for both")).close();
            var header = VaultHeader.decode(Arrays.copyOf(Files.readAllBytes(slots()), VaultHeader.BYTES));
            salts.add(HexFormat.of().formatHex(header.salt()));
        }
        assertThat(salts).hasSize(2);
    }

    @Test
    void a_vault_moves_from_a_key_file_to_a_passphrase_and_back() throws IOException {
        var house = newHouseWithSlots();
        FileVault.rotate(slots(), keyFile(), asking("a first passphrase"));
        assertThat(FileVault.kindOf(slots())).isEqualTo(KekSource.Kind.PASSPHRASE);
        assertSlots(asking("a first passphrase"), house);
        FileVault.rotate(slots(), asking("a first passphrase"), asking("another passphrase"));
        assertSlots(asking("another passphrase"), house);
        assertThatThrownBy(() -> FileVault.open(slots(), asking("a first passphrase")))
                .isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> FileVault.rotate(slots(), asking("another passphrase"), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("already");
        Files.delete(kek());
        FileVault.rotate(slots(), asking("another passphrase"), keyFile());
        assertThat(FileVault.kindOf(slots())).isEqualTo(KekSource.Kind.FILE);
        assertSlots(keyFile(), house);
    }

    @Test
    void the_wrong_key_changes_nothing() throws IOException {
        var house = newHouseWithSlots();
        var before = Files.readAllBytes(slots());
        assertThatThrownBy(() -> FileVault.rotate(slots(), asking("anything"), keyFile()))
                .isInstanceOf(VaultUnavailable.class);
        assertThat(Files.readAllBytes(slots())).isEqualTo(before);
        assertSlots(keyFile(), house);
    }

    private Secret newHouseWithSlots() throws IOException {
        newHouse();
        try (var vault = FileVault.open(slots(), keyFile())) {
            for (int i = 1; i < 40; i++) {
                vault.replace(slot(i), secret(i), i);
            }
            vault.erase(slot(39));
            return vault.houseKey("accounts");
        }
    }

    private void assertSlots(KekSource kek, Secret house) {
        assertThat(FileVault.problems(slots())).isEmpty();
        try (var vault = FileVault.open(slots(), kek)) {
            for (int i = 1; i < 39; i++) {
                assertThat(vault.read(slot(i))).contains(secret(i));
                assertThat(vault.version(slot(i))).isEqualTo(i);
            }
            assertThat(vault.read(slot(39))).isEmpty();
            assertThat(vault.houseKey("accounts")).isEqualTo(house);
        }
    }

    private void assertNothingBeside() {
        assertThat(slots().getParent()).isDirectoryNotContaining("glob:**slots.*");
        assertThat(kek().getParent()).isDirectoryNotContaining("glob:**.{next,old,new}");
    }

    @Test
    void a_sound_vault_has_no_problems_and_a_flipped_byte_anywhere_is_one() throws IOException {
        newHouse();
        try (var vault = FileVault.open(slots(), keyFile())) {
            vault.replace(slot(1), secret(1));
            vault.replace(slot(1), secret(2));
            vault.replace(slot(2), secret(3));
            vault.erase(slot(2));
        }
        assertThat(FileVault.problems(slots())).isEmpty();
        var sound = Files.readAllBytes(slots());
        for (int at = 0; at < sound.length; at++) {
            var flipped = sound.clone();
            flipped[at] ^= 4;
            Files.write(slots(), flipped);
            assertThat(FileVault.problems(slots())).as("byte %d", at).isNotEmpty();
        }
        for (int cut : new int[] {0, 511, 512, 767, 768, sound.length - 256, sound.length - 1}) {
            Files.write(slots(), Arrays.copyOf(sound, cut));
            assertThat(FileVault.problems(slots())).as("cut at %d", cut).isNotEmpty();
        }
        Files.delete(slots());
        assertThat(FileVault.problems(slots())).isNotEmpty();
    }

    @Test
    void a_damaged_slot_is_never_taken_for_an_erased_one() throws IOException {
        newHouse();
        try (var vault = FileVault.open(slots(), keyFile())) {
            vault.replace(slot(1), secret(1));
            vault.replace(slot(2), secret(2));
        }
        var bytes = Files.readAllBytes(slots());
        bytes[bytes.length - 300] ^= 1;
        Files.write(slots(), bytes);
        assertThatThrownBy(() -> FileVault.open(slots(), keyFile()))
                .isInstanceOf(VaultUnavailable.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void the_slot_of_the_house_is_out_of_reach_and_a_closed_vault_serves_nothing() {
        var vault = create();
        var house = new SlotId(new UUID(0, 0));
        assertThatThrownBy(() -> vault.read(house)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault.erase(house)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> vault.replace(house, secret(1))).isInstanceOf(IllegalArgumentException.class);
        vault.close();
        vault.close();
        assertThatThrownBy(() -> vault.read(slot(1))).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> vault.replace(slot(1), secret(1))).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> vault.houseKey("accounts")).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> vault.version(slot(1))).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> vault.erase(slot(1))).isInstanceOf(VaultUnavailable.class);
        var file = (FileVault) vault;
        assertThatThrownBy(file::slots).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> file.copyTo(OutputStream.nullOutputStream(), _ -> true))
                .isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(vault::check).isInstanceOf(VaultUnavailable.class);
    }

    @Test
    void it_lists_the_slots_that_are_written_and_never_the_houses_own() {
        try (var vault = (FileVault) create()) {
            assertThat(vault.slots()).isEmpty();
            vault.replace(slot(1), secret(1));
            vault.replace(slot(2), secret(2));
            vault.erase(slot(1));
            assertThat(vault.slots()).containsExactly(slot(2));
        }
    }

    @Test
    void a_vault_that_cannot_be_read_has_a_problem_and_a_missing_one_another() {
        assertThat(FileVault.problems(home.resolve("nowhere"))).containsExactly("It is missing.");
        assertThat(FileVault.problems(home)).containsExactly("It cannot be read.");
    }

    private Path newHouse() {
        create().close();
        return slots();
    }

    private Path slots() {
        return home.resolve("house" + houses).resolve("keys").resolve("slots");
    }

    private Path kek() {
        return home.resolve("config").resolve("house" + houses + ".kek");
    }

    private KekSource keyFile() {
        return KekSource.keyFile(kek(), home.resolve("house" + houses));
    }

    private static KekSource asking(String passphrase) {
        return KekSource.passphrase(passphrase::toCharArray, CHEAP);
    }

    private String image() throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(slots()));
    }

    /** The boxes of live cells of this slot, in hexadecimal. */
    private ArrayList<String> cellsOf(SlotId id) throws IOException {
        var bytes = Files.readAllBytes(slots());
        var cells = new ArrayList<String>();
        var header = VaultHeader.decode(Arrays.copyOf(bytes, 512));
        for (int at = 768; at < bytes.length; at += 256) {
            var cell = Cell.read(header.vault(), (at - 768) / 256, Arrays.copyOfRange(bytes, at, at + 256));
            if (cell instanceof Cell.Live live && live.slot().equals(id)) {
                cells.add(HexFormat.of().formatHex(live.box()));
            }
        }
        return cells;
    }

    private static String hex(Secret secret) {
        return secret.reveal(KeyAccess.TO_DERIVE, HexFormat.of()::formatHex);
    }
}
