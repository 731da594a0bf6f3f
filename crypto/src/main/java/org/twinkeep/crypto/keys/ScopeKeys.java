package org.twinkeep.crypto.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * One scope's row: where the rows of each of its epochs lie.
 *
 * @param nextEpoch number of the next epoch to open: a number is never used again, also when its epoch was dropped
 * @param epochs at least one row each
 */
record ScopeKeys(int nextEpoch, SortedMap<Integer, List<RowRef>> epochs) {

    /** Each epoch has one row. */
    private static final int SINGLE = 1;

    /** At least one has several. */
    private static final int SEVERAL = 2;

    static final ScopeKeys UNUSED = new ScopeKeys(0, new TreeMap<>());

    /** Whether its last epoch is still there to seal in. */
    boolean open() {
        return epochs.containsKey(nextEpoch - 1);
    }

    byte[] encode() {
        int version = single() ? SINGLE : SEVERAL;
        var writer = new ByteWriter().u8(version).u32(nextEpoch).u32(epochs.size());
        epochs.forEach((epoch, refs) -> {
            writer.u32(epoch);
            if (version == SEVERAL) {
                writer.u32(refs.size());
            }
            refs.forEach(ref -> ref.write(writer));
        });
        return writer.toBytes();
    }

    static ScopeKeys decode(byte[] bytes) {
        var reader = new ByteReader(bytes, "A scope's keys cannot be read.");
        int version = reader.u8();
        if (version != SINGLE && version != SEVERAL) {
            throw reader.malformed();
        }
        int nextEpoch = reader.u32();
        var epochs = new TreeMap<Integer, List<RowRef>>();
        for (int left = reader.u32(); left > 0; left--) {
            int epoch = reader.u32();
            if (epoch >= nextEpoch || !epochs.isEmpty() && epoch <= epochs.lastKey()) {
                throw reader.malformed();
            }
            epochs.put(epoch, rows(reader, version == SINGLE ? 1 : reader.u32()));
        }
        reader.end();
        var keys = new ScopeKeys(nextEpoch, epochs);
        if (keys.single() != (version == SINGLE)) {
            throw reader.malformed();
        }
        return keys;
    }

    private static List<RowRef> rows(ByteReader reader, int count) {
        if (count < 1) {
            throw reader.malformed();
        }
        var rows = new ArrayList<RowRef>();
        for (int left = count; left > 0; left--) {
            rows.add(RowRef.read(reader));
        }
        return List.copyOf(rows);
    }

    private boolean single() {
        return epochs.values().stream().allMatch(refs -> refs.size() == 1);
    }

    @Override
    public String toString() {
        return "ScopeKeys";
    }
}
