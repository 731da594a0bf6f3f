package org.twinkeep.crypto.keys;

import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * What the vault is about to write, durable before it does: only the cells named here can have been torn by a crash. Any
 * other broken cell is damage, and damage is never taken for an erasure.
 *
 * @param written cell that receives a slot, or {@link #NONE}
 * @param erased cell that is overwritten, or {@link #NONE}
 * @param cells how many cells the file has
 */
record Intent(int written, int erased, int cells) {

    static final int NONE = Integer.MAX_VALUE;
    static final int BYTES = Cell.BYTES;

    private static final int SUMMED_BYTES = BYTES - 32;

    static Intent nothing(int cells) {
        return new Intent(NONE, NONE, cells);
    }

    byte[] encode(UUID vault) {
        var summed = Arrays.copyOf(
                new ByteWriter().u32(written).u32(erased).u32(cells).toBytes(), SUMMED_BYTES);
        return new ByteWriter().raw(summed).raw(sum(vault, summed)).toBytes();
    }

    /** Nothing where it is torn: it then announced a write that never began. */
    static Optional<Intent> read(UUID vault, byte[] bytes) {
        var summed = Arrays.copyOf(bytes, SUMMED_BYTES);
        if (!Arrays.equals(sum(vault, summed), Arrays.copyOfRange(bytes, SUMMED_BYTES, BYTES))) {
            return Optional.empty();
        }
        var reader = new ByteReader(summed, "The vault's intent cannot be read.");
        try {
            var intent = new Intent(reader.u32(), reader.u32(), reader.u32());
            return intent.names(intent.written) && intent.names(intent.erased) ? Optional.of(intent) : Optional.empty();
        } catch (Tampered e) {
            return Optional.empty(); // numbers beyond 2^31
        }
    }

    /** Whether it is a cell that the file has, or none. */
    private boolean names(int cell) {
        return cell < cells || cell == NONE;
    }

    private static byte[] sum(UUID vault, byte[] summed) {
        return KeyStates.sha256(new ByteWriter()
                .framed("twinkeep.vault.intent.v1")
                .uuid(vault)
                .raw(summed)
                .toBytes());
    }
}
