package org.twinkeep.crypto.keys;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * What the vault is about to write: only the cells named here can have been torn by a crash. Any other broken cell is
 * damage, and damage is never taken for an erasure. A file has two, written by turns, so that one of them is whole whenever
 * a crash comes; the later whole one is in force.
 *
 * @param order counts the intents of a file; 0 for the only one that a file of an older Twinkeep has
 * @param written cell that receives a slot in the same sync as this, or {@link #NONE}
 * @param erased cell that holds nothing any more: it is overwritten, or is the next to be written; or {@link #NONE}
 * @param cells how many cells the file has
 * @param slots how many slots are in them at least
 * @param before the beginning of the erased cell's sum while it still holds what is written anew
 */
record Intent(long order, int written, int erased, int cells, int slots, long before) {

    static final int NONE = Integer.MAX_VALUE;

    /** Of both. */
    static final int BYTES = Cell.BYTES;

    private static final int ONE = BYTES / 2;
    private static final int SUM_BYTES = 32;

    /**
     * The intents that a file has.
     *
     * @param inForce nothing where none can be read
     * @param whole whether none is torn
     */
    record Found(Optional<Intent> inForce, boolean whole) {}

    static Intent nothing(int cells, int slots) {
        return new Intent(0, NONE, NONE, cells, slots, 0);
    }

    Intent next(int written, int erased, int cells, int slots, long before) {
        return new Intent(order + 1, written, erased, cells, slots, before);
    }

    /** Both intents of a file in which nothing is being written. */
    static byte[] both(UUID vault, int cells, int slots) {
        var first = nothing(cells, slots);
        var second = first.next(NONE, NONE, cells, slots, 0);
        return new ByteWriter()
                .raw(first.encode(vault))
                .raw(second.encode(vault))
                .toBytes();
    }

    /** Where among the bytes of both it stands. */
    int offset() {
        return (int) (order % 2) * ONE;
    }

    byte[] encode(UUID vault) {
        var summed = Arrays.copyOf(
                new ByteWriter()
                        .u64(order)
                        .u32(written)
                        .u32(erased)
                        .u32(cells)
                        .u32(slots)
                        .u64(before)
                        .toBytes(),
                ONE - SUM_BYTES);
        return new ByteWriter().raw(summed).raw(sum("v2", vault, summed)).toBytes();
    }

    static Found read(UUID vault, byte[] both) {
        var only = summed("v1", vault, both).flatMap(Intent::decodeOnly);
        if (only.isPresent()) {
            return new Found(only, true);
        }
        var whole = Stream.of(0, ONE)
                .flatMap(at -> summed("v2", vault, Arrays.copyOfRange(both, at, at + ONE))
                        .flatMap(Intent::decode)
                        .filter(intent -> intent.offset() == at)
                        .stream())
                .toList();
        return new Found(whole.stream().max(Comparator.comparingLong(Intent::order)), whole.size() == 2);
    }

    private static Optional<Intent> decode(byte[] summed) {
        var reader = new ByteReader(summed, "The vault's intent cannot be read.");
        try {
            var intent = new Intent(reader.u64(), reader.u32(), reader.u32(), reader.u32(), reader.u32(), reader.u64());
            return Optional.of(intent).filter(Intent::namesItsCells);
        } catch (Tampered e) {
            return Optional.empty(); // numbers beyond 2^31
        }
    }

    /** Of an older Twinkeep, which had one alone and synced it before the cell. */
    private static Optional<Intent> decodeOnly(byte[] summed) {
        var reader = new ByteReader(summed, "The vault's intent cannot be read.");
        try {
            var intent = new Intent(0, reader.u32(), reader.u32(), reader.u32(), 0, 0);
            return Optional.of(intent).filter(Intent::namesItsCells);
        } catch (Tampered e) {
            return Optional.empty(); // numbers beyond 2^31
        }
    }

    private boolean namesItsCells() {
        return order >= 0 && names(written) && names(erased);
    }

    /** Whether it is a cell that the file has, or none. */
    private boolean names(int cell) {
        return cell < cells || cell == NONE;
    }

    /** What the sum at the end is of, where it is. */
    private static Optional<byte[]> summed(String version, UUID vault, byte[] bytes) {
        int end = bytes.length - SUM_BYTES;
        var summed = Arrays.copyOf(bytes, end);
        return Arrays.equals(sum(version, vault, summed), Arrays.copyOfRange(bytes, end, bytes.length))
                ? Optional.of(summed)
                : Optional.empty();
    }

    private static byte[] sum(String version, UUID vault, byte[] summed) {
        return KeyStates.sha256(new ByteWriter()
                .framed("twinkeep.vault.intent." + version)
                .uuid(vault)
                .raw(summed)
                .toBytes());
    }
}
