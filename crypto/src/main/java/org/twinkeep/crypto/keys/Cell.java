package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/** One of the 256-byte cells of a vault's file. Each carries a sum, so that a torn or damaged one is told from a free one. */
sealed interface Cell {

    int BYTES = 256;
    int SUMMED_BYTES = BYTES - 32;
    int SLOT_BYTES = 32;

    /** Overwritten with random bytes. */
    record Free() implements Cell {}

    /** A slot, wrapped. */
    @SuppressWarnings("ArrayRecordComponent")
    record Live(SlotId slot, long version, byte[] box) implements Cell {}

    /** Neither: torn in the middle of a write, or damaged. */
    record Broken() implements Cell {}

    static byte[] free(UUID vault, int number, SecureRandom random) {
        return summed(vault, number, new ByteWriter().u8(0).toBytes(), random);
    }

    static byte[] live(UUID vault, int number, Live live, SecureRandom random) {
        var cell = new ByteWriter()
                .u8(1)
                .uuid(live.slot.value())
                .u64(live.version)
                .raw(live.box)
                .toBytes();
        return summed(vault, number, cell, random);
    }

    static Cell read(UUID vault, int number, byte[] bytes) {
        var summed = Arrays.copyOf(bytes, SUMMED_BYTES);
        if (!Arrays.equals(sum(vault, number, summed), Arrays.copyOfRange(bytes, SUMMED_BYTES, BYTES))) {
            return new Broken();
        }
        var reader = new ByteReader(summed, "A cell cannot be read.");
        return switch (reader.u8()) {
            case 0 -> new Free();
            case 1 -> new Live(new SlotId(reader.uuid()), reader.u64(), reader.raw(Box.OVERHEAD + SLOT_BYTES));
            default -> new Broken();
        };
    }

    private static byte[] summed(UUID vault, int number, byte[] start, SecureRandom random) {
        var summed = new byte[SUMMED_BYTES];
        random.nextBytes(summed);
        System.arraycopy(start, 0, summed, 0, start.length);
        return new ByteWriter().raw(summed).raw(sum(vault, number, summed)).toBytes();
    }

    /** Binds the cell to its vault and place: a cell copied elsewhere is broken there. */
    private static byte[] sum(UUID vault, int number, byte[] summed) {
        return KeyStates.sha256(new ByteWriter()
                .framed("twinkeep.vault.cell.v1")
                .uuid(vault)
                .u32(number)
                .raw(summed)
                .toBytes());
    }
}
