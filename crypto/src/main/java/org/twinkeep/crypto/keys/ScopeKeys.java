package org.twinkeep.crypto.keys;

import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * One scope's row: where each of its epochs' rows lies.
 *
 * @param nextEpoch number of the next epoch to open: a number is never used again, also when its epoch was dropped
 */
record ScopeKeys(int nextEpoch, SortedMap<Integer, RowRef> epochs) {

    private static final int VERSION = 1;

    static final ScopeKeys UNUSED = new ScopeKeys(0, new TreeMap<>());

    /** Whether its last epoch is still there to seal in. */
    boolean open() {
        return epochs.containsKey(nextEpoch - 1);
    }

    byte[] encode() {
        var writer = new ByteWriter().u8(VERSION).u32(nextEpoch).u32(epochs.size());
        epochs.forEach((epoch, ref) -> ref.write(writer.u32(epoch)));
        return writer.toBytes();
    }

    static ScopeKeys decode(byte[] bytes) {
        var reader = new ByteReader(bytes, "A scope's keys cannot be read.");
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        int nextEpoch = reader.u32();
        var epochs = new TreeMap<Integer, RowRef>();
        for (int left = reader.u32(); left > 0; left--) {
            int epoch = reader.u32();
            if (epoch >= nextEpoch || !epochs.isEmpty() && epoch <= epochs.lastKey()) {
                throw reader.malformed();
            }
            epochs.put(epoch, RowRef.read(reader));
        }
        reader.end();
        return new ScopeKeys(nextEpoch, epochs);
    }

    @Override
    public String toString() {
        return "ScopeKeys";
    }
}
