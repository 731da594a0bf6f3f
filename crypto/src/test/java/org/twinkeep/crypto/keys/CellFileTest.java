package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteWriter;

/** A crash between or within any two writes leaves the old or the new slot, and every other slot as it was. */
class CellFileTest {

    private static final SlotId ONE = new SlotId(new UUID(1, 1));
    private static final SlotId TWO = new SlotId(new UUID(1, 2));
    private static final SlotId NEW = new SlotId(new UUID(1, 3));

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void a_file_with_slots_and_free_cells() throws IOException {
        path = folder.resolve("slots");
        var random = TestKeys.seeded(5);
        var header = VaultHeader.make(
                KekSource.Kind.FILE,
                Passphrases.Cost.STANDARD,
                new byte[16],
                new UUID(9, 9),
                new byte[0],
                Secret.random(random));
        NewFile.write(path, CellFile.fresh(header, live(ONE, 1), random));
    }

    @Test
    void growing_survives_a_crash_at_any_byte() throws IOException {
        Files.copy(path, folder.resolve("small"));
        change(file -> file.replace(live(TWO, 1)));
        assertThat(Files.size(path)).isGreaterThan(Files.size(folder.resolve("small")) + Cell.BYTES);
        Files.copy(folder.resolve("small"), path, StandardCopyOption.REPLACE_EXISTING);
        survives(file -> file.replace(live(TWO, 1)), TWO, 0, 1);
    }

    @Test
    void a_full_disk_refuses_a_new_slot_and_everything_else_goes_on() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        try (var cells = CellFile.open(new FullDisk(path.toFile()), TestKeys.seeded(7))) {
            int kept = 0;
            while (true) {
                var slot = new SlotId(new UUID(2, kept));
                try {
                    cells.replace(live(slot, 1));
                    kept++;
                } catch (CellFile.NoRoom e) {
                    break;
                }
            }
            assertThat(kept).isPositive();
            cells.erase(new SlotId(new UUID(2, 0)));
            cells.replace(live(TWO, 2));
            cells.erase(ONE);
            cells.replace(live(NEW, 1));
        }
        assertThat(CellFile.problems(path)).isEmpty();
        assertThat(versions()).isEqualTo(Map.of(TWO, 2L, NEW, 1L));
    }

    @Test
    void replacing_survives_a_crash_at_any_byte() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        survives(file -> file.replace(live(TWO, 2)), TWO, 1, 2);
    }

    @Test
    void replacing_into_a_free_cell_survives_a_crash_at_any_byte() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        change(file -> file.replace(live(TWO, 2)));
        survives(file -> file.replace(live(TWO, 3)), TWO, 2, 3);
    }

    /** The new cell and the intent share a sync: of each any part may be on the disk. */
    @Test
    void replacing_survives_a_crash_that_tears_two_writes() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        for (var tear : Tear.values()) {
            for (int cell = 0; cell <= Cell.BYTES; cell += 32) {
                for (int intent = 0; intent <= Cell.BYTES; intent += 32) {
                    replaceTorn(cell, intent, tear);
                    assertThat(versions()).containsAllEntriesOf(Map.of(ONE, 1L)).containsKey(TWO);
                    assertThat(CellFile.problems(path)).isEmpty();
                }
            }
        }
    }

    @Test
    void opening_after_a_crash_survives_another_one() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        for (int intent = 0; intent <= Cell.BYTES; intent += 64) {
            for (int cell : new int[] {Cell.BYTES / 2, Cell.BYTES}) {
                replaceTorn(cell, intent, Tear.BEGINNING);
                var crashed = Files.readAllBytes(path);
                for (int write = 0; write < 5; write++) {
                    for (int bytes = 0; bytes <= Cell.BYTES; bytes += 32) {
                        Files.write(path, crashed);
                        var file = new TornFile(path.toFile(), write, bytes, Tear.BEGINNING);
                        file.armed = true;
                        try {
                            CellFile.open(file, TestKeys.seeded(7)).close();
                        } catch (IOException crash) {
                            assertThat(crash).hasMessage("crash");
                        }
                        assertThat(versions()).containsEntry(ONE, 1L).containsKey(TWO);
                        assertThat(CellFile.problems(path)).isEmpty();
                    }
                }
            }
        }
    }

    private void replaceTorn(int cell, int intent, Tear tear) throws IOException {
        var file = new TornFile(path.toFile(), 1, intent, tear);
        file.bytesBefore = cell;
        try (var cells = CellFile.open(file, TestKeys.seeded(7))) {
            long version = Objects.requireNonNull(cells.place(TWO)).version();
            file.armed = true;
            assertThatThrownBy(() -> cells.replace(live(TWO, version + 1))).hasMessage("crash");
        }
    }

    /** The cell that went is live again, with another slot, and so many slots are there as were announced. */
    @Test
    void damage_beside_an_interrupted_first_write_is_not_taken_for_a_torn_write() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        change(file -> file.replace(live(TWO, 2)));
        int cell = cellOf(TWO);
        var file = new TornFile(path.toFile(), 1, 0, Tear.BEGINNING);
        try (var cells = CellFile.open(file, TestKeys.seeded(7))) {
            file.armed = true;
            assertThatThrownBy(() -> cells.replace(live(NEW, 1))).hasMessage("crash");
        }
        var bytes = Files.readAllBytes(path);
        bytes[VaultHeader.BYTES + Intent.BYTES + cell * Cell.BYTES + 40] ^= 1;
        Files.write(path, bytes);
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("damaged");
    }

    @Test
    void a_slot_that_is_missing_without_a_broken_cell_is_damage() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        change(file -> file.replace(live(NEW, 1)));
        var bytes = Files.readAllBytes(path);
        int cell = cellOf(TWO);
        var free = Cell.free(new UUID(9, 9), cell, TestKeys.seeded(3));
        System.arraycopy(free, 0, bytes, VaultHeader.BYTES + Intent.BYTES + cell * Cell.BYTES, Cell.BYTES);
        Files.write(path, bytes);
        assertThat(CellFile.problems(path)).containsExactly("It holds 2 of 3 slots.");
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("2 of 3");
    }

    @Test
    void on_a_full_disk_every_slot_can_be_replaced_and_only_a_new_one_is_refused() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        try (var cells = CellFile.open(new FullDisk(path.toFile()), TestKeys.seeded(7))) {
            assertThatThrownBy(() -> {
                        for (int i = 0; ; i++) {
                            cells.replace(live(new SlotId(new UUID(2, i)), 1));
                        }
                    })
                    .isInstanceOf(CellFile.NoRoom.class);
            cells.replace(live(TWO, 2));
            cells.replace(live(ONE, 2));
        }
        assertThat(versions()).isEqualTo(Map.of(ONE, 2L, TWO, 2L));
    }

    @Test
    void a_file_of_an_older_twinkeep_opens_as_it_was_and_goes_on_with_two_intents() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        var sound = Files.readAllBytes(path);
        var vault = new UUID(9, 9);
        int cells = (sound.length - VaultHeader.BYTES - Intent.BYTES) / Cell.BYTES;
        int open = cellOf(TWO) + 1;
        for (var only : List.of(new int[] {Intent.NONE, Intent.NONE}, new int[] {cellOf(TWO), open})) {
            var bytes = sound.clone();
            var summed = Arrays.copyOf(
                    new ByteWriter().u32(only[0]).u32(only[1]).u32(cells).toBytes(), Cell.SUMMED_BYTES);
            var sum = KeyStates.sha256(new ByteWriter()
                    .framed("twinkeep.vault.intent.v1")
                    .uuid(vault)
                    .raw(summed)
                    .toBytes());
            System.arraycopy(
                    new ByteWriter().raw(summed).raw(sum).toBytes(), 0, bytes, VaultHeader.BYTES, Intent.BYTES);
            Files.write(path, bytes);
            assertThat(CellFile.problems(path)).isEmpty();
            bytes[VaultHeader.BYTES + Intent.BYTES + open * Cell.BYTES + 3] ^= 1;
            Files.write(path, bytes);
            boolean named = only[1] == open;
            assertThat(CellFile.problems(path))
                    .containsExactly("Cell " + open + (named ? " was being written." : " is damaged."));
            bytes[VaultHeader.BYTES + Intent.BYTES + open * Cell.BYTES + 3] ^= 1;
            Files.write(path, bytes);
            replaceTorn(Cell.BYTES / 2, Cell.BYTES / 2, Tear.BEGINNING);
            assertThat(versions()).isEqualTo(Map.of(ONE, 1L, TWO, 1L));
            assertThat(CellFile.problems(path)).isEmpty();
        }
    }

    @Test
    void a_first_write_survives_a_crash_at_any_byte() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        survives(file -> file.replace(live(NEW, 1)), NEW, 0, 1);
    }

    @Test
    void erasing_survives_a_crash_at_any_byte() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        survives(file -> file.erase(TWO), TWO, 1, 0);
    }

    @Test
    void a_vault_cut_by_a_cell_is_refused() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        change(file -> file.replace(live(TWO, 2)));
        var bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length - Cell.BYTES));
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("cut off");
    }

    @Test
    void damage_to_the_cell_written_last_is_not_taken_for_a_torn_write() throws IOException {
        for (int version = 1; version <= 2; version++) {
            var written = live(TWO, version);
            change(file -> file.replace(written));
            var sound = Files.readAllBytes(path);
            try (var file = open()) {
                int cell = file.place(TWO).cell();
                sound[VaultHeader.BYTES + Intent.BYTES + cell * Cell.BYTES + 40] ^= 1;
            }
            Files.copy(path, folder.resolve("sound" + version));
            Files.write(path, sound);
            assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("damaged");
            Files.copy(folder.resolve("sound" + version), path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void an_older_cell_put_back_before_or_behind_the_newer_one_is_overwritten_on_opening() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        for (int older = 1; older <= 2; older++) {
            var version = older;
            var before = Files.readAllBytes(path);
            int cell = VaultHeader.BYTES + Intent.BYTES + cellOf(TWO) * Cell.BYTES;
            change(file -> file.replace(live(TWO, version + 1)));
            var bytes = Files.readAllBytes(path);
            System.arraycopy(before, cell, bytes, cell, Cell.BYTES);
            Files.write(path, bytes);
            open().close();
            assertThat(versions()).containsEntry(TWO, version + 1L);
            var mended = Files.readAllBytes(path);
            assertThat(Arrays.copyOfRange(mended, cell, cell + Cell.BYTES))
                    .isNotEqualTo(Arrays.copyOfRange(before, cell, cell + Cell.BYTES));
        }
    }

    @Test
    void a_torn_write_is_told_in_other_words_than_damage() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        int written = cellOf(TWO) + 1;
        var file = new TornFile(path.toFile(), 0, Cell.BYTES / 2, Tear.BEGINNING);
        try (var cells = CellFile.open(file, TestKeys.seeded(7))) {
            file.armed = true;
            assertThatThrownBy(() -> cells.replace(live(TWO, 2))).hasMessage("crash");
        }
        assertThat(CellFile.problems(path)).containsExactly("Cell " + written + " was being written.");
        var bytes = Files.readAllBytes(path);
        bytes[VaultHeader.BYTES + Intent.BYTES + 9] ^= 1;
        Files.write(path, bytes);
        assertThat(CellFile.problems(path)).contains("Cell 0 is damaged.");
    }

    /** Its sum is no secret: whoever writes into the folder can make one up. */
    @Test
    void an_intent_that_names_a_cell_which_is_not_there_explains_nothing() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        var sound = Files.readAllBytes(path);
        int cells = (sound.length - VaultHeader.BYTES - Intent.BYTES) / Cell.BYTES;
        var vault = VaultHeader.decode(Arrays.copyOf(sound, VaultHeader.BYTES)).vault();
        for (var madeUp : List.of(
                new Intent(8, cells, 1, cells, 3, 0),
                new Intent(9, 0, cells, cells, 3, 0),
                new Intent(-1, 0, 1, cells, 3, 0))) {
            var bytes = sound.clone();
            int at = VaultHeader.BYTES + (int) (madeUp.order() & 1) * Intent.BYTES / 2;
            System.arraycopy(madeUp.encode(vault), 0, bytes, at, Intent.BYTES / 2);
            Files.write(path, bytes);
            assertThat(CellFile.problems(path)).containsExactly("A write was interrupted before it began.");
            assertThat(versions()).isEqualTo(Map.of(ONE, 1L, TWO, 1L));
        }
    }

    @Test
    void an_erased_cell_is_random_to_its_last_byte() throws IOException {
        change(file -> file.replace(live(TWO, 1)));
        int cell = VaultHeader.BYTES + Intent.BYTES + cellOf(TWO) * Cell.BYTES;
        change(file -> file.erase(TWO));
        var free = Arrays.copyOfRange(Files.readAllBytes(path), cell, cell + Cell.SUMMED_BYTES);
        assertThat(Arrays.copyOfRange(free, 1, 65)).isNotEqualTo(new byte[64]);
        assertThat(Arrays.copyOfRange(free, Cell.SUMMED_BYTES - 64, Cell.SUMMED_BYTES))
                .isNotEqualTo(new byte[64]);
    }

    @Test
    void a_file_that_is_closed_or_refused_is_held_no_longer() throws IOException {
        var file = new RandomAccessFile(path.toFile(), "rw");
        CellFile.open(file, TestKeys.seeded(7)).close();
        assertThat(file.getFD().valid()).isFalse();
        Files.write(path, new byte[VaultHeader.BYTES]);
        var damaged = new RandomAccessFile(path.toFile(), "rw");
        assertThatThrownBy(() -> CellFile.open(damaged, TestKeys.seeded(7))).isInstanceOf(VaultUnavailable.class);
        assertThat(damaged.getFD().valid()).isFalse();
    }

    private int cellOf(SlotId slot) throws IOException {
        try (var file = open()) {
            return file.place(slot).cell();
        }
    }

    private void survives(Step step, SlotId slot, long before, long after) throws IOException {
        var start = Files.readAllBytes(path);
        var outcomes = new HashMap<Long, Integer>();
        for (int write = 0; write < 4; write++) {
            for (var tear : Tear.values()) {
                for (int bytes = 0; bytes <= Cell.BYTES; bytes += 16) {
                    Files.write(path, start);
                    var file = new TornFile(path.toFile(), write, bytes, tear);
                    try (var cells = CellFile.open(file, TestKeys.seeded(7))) {
                        file.armed = true;
                        step.on(cells);
                    } catch (IOException crash) {
                        assertThat(crash).hasMessage("crash");
                    }
                    var found = versions();
                    outcomes.merge(found.getOrDefault(slot, 0L), 1, Integer::sum);
                    assertThat(found).containsEntry(ONE, 1L);
                    if (slot.equals(NEW)) {
                        assertThat(found).containsEntry(TWO, 1L);
                    }
                    // Once mended, it is sound, and the step can be taken again.
                    assertThat(CellFile.problems(path)).isEmpty();
                    change(step);
                    assertThat(versions().getOrDefault(slot, 0L)).isEqualTo(after);
                }
            }
        }
        assertThat(outcomes).containsOnlyKeys(before, after);
    }

    private Map<SlotId, Long> versions() throws IOException {
        var versions = new HashMap<SlotId, Long>();
        try (var file = open()) {
            for (var slot : List.of(ONE, TWO, NEW)) {
                var place = file.place(slot);
                if (place != null) {
                    assertThat(file.read(place)).isInstanceOf(Cell.Live.class);
                    versions.put(slot, place.version());
                }
            }
        }
        return versions;
    }

    private void change(Step step) throws IOException {
        try (var file = open()) {
            step.on(file);
        }
    }

    private CellFile open() throws IOException {
        return CellFile.open(path, TestKeys.seeded(8));
    }

    private static Cell.Live live(SlotId slot, long version) {
        return new Cell.Live(slot, version, new byte[Box.OVERHEAD + Cell.SLOT_BYTES]);
    }

    private interface Step {
        void on(CellFile file) throws IOException;
    }

    /** Which part of a torn write reaches the disk. */
    private enum Tear {
        BEGINNING,
        END
    }

    /** A file that loses power in the middle of a write. */
    private static final class TornFile extends RandomAccessFile {
        private final int tornWrite;
        private final int bytes;
        private final Tear tear;
        private int bytesBefore = Cell.BYTES;
        private byte[] old = new byte[0];
        private long oldAt;
        private boolean armed;
        private boolean crashed;
        private int writes;

        TornFile(File file, int tornWrite, int bytes, Tear tear) throws IOException {
            super(file, "rw");
            this.tornWrite = tornWrite;
            this.bytes = bytes;
            this.tear = tear;
        }

        @Override
        public void write(byte[] all) throws IOException {
            if (!armed || writes++ != tornWrite) {
                keepOld(all.length);
                super.write(all);
                return;
            }
            crashed = true;
            long at = getFilePointer();
            int lost = old.length - bytesBefore * old.length / Cell.BYTES;
            seek(tear == Tear.BEGINNING ? oldAt + old.length - lost : oldAt);
            super.write(old, tear == Tear.BEGINNING ? old.length - lost : 0, lost);
            seek(at);
            int kept = bytes * all.length / Cell.BYTES;
            if (tear == Tear.BEGINNING) {
                super.write(all, 0, kept);
            } else {
                seek(getFilePointer() + all.length - kept);
                super.write(all, all.length - kept, kept);
            }
            throw new IOException("crash");
        }

        private void keepOld(int length) throws IOException {
            oldAt = getFilePointer();
            old = new byte[(int) Math.min(length, Math.max(0, length() - oldAt))];
            readFully(old);
            seek(oldAt);
        }

        @Override
        public void setLength(long length) throws IOException {
            if (crashed) {
                throw new IOException("crash");
            }
            super.setLength(length);
        }
    }

    /** A file that cannot become longer. */
    private static final class FullDisk extends RandomAccessFile {
        FullDisk(File file) throws IOException {
            super(file, "rw");
        }

        @Override
        public void write(byte[] all) throws IOException {
            int room = (int) Math.min(all.length, length() - getFilePointer() + 100);
            super.write(all, 0, room);
            if (room < all.length) {
                throw new IOException("No space left on device");
            }
        }
    }
}
