package org.twinkeep.consent.decision;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.TwinId;

/**
 * Whose consent a handle names: open addressing over the first 64 of the handle's 256 random bits. Twins whose handles
 * share them are found together; whoever asks looks again at whole handles.
 */
final class HandleTable {

    private static final int FIRST_SIZE = 1 << 10;

    private long[] keys = new long[FIRST_SIZE];
    private @Nullable TwinId[] twins = new @Nullable TwinId[FIRST_SIZE];
    private int used;

    /** @return whether some twin was put for it */
    boolean find(ConsentHandle handle, Consumer<TwinId> each) {
        long key = key(handle);
        boolean found = false;
        for (int at = slot(key); ; at = at + 1 & keys.length - 1) {
            var twin = twins[at];
            if (twin == null) {
                return found;
            }
            if (keys[at] == key) {
                each.accept(twin);
                found = true;
            }
        }
    }

    void put(ConsentHandle handle, TwinId twin) {
        if (used * 2 >= keys.length) {
            grow();
        }
        insert(key(handle), twin);
    }

    int size() {
        return used;
    }

    long bytes() {
        return (long) keys.length * (Long.BYTES + Integer.BYTES);
    }

    private static long key(ConsentHandle handle) {
        return Long.parseUnsignedLong(handle.value(), 0, Long.SIZE / 4, 16);
    }

    private void grow() {
        var oldKeys = keys;
        var oldTwins = twins;
        keys = new long[2 * oldKeys.length];
        twins = new @Nullable TwinId[2 * oldKeys.length];
        used = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            var twin = oldTwins[i];
            if (twin != null) {
                insert(oldKeys[i], twin);
            }
        }
    }

    private void insert(long key, TwinId twin) {
        int at = slot(key);
        for (var there = twins[at]; there != null; there = twins[at]) {
            if (keys[at] == key && there.equals(twin)) {
                return;
            }
            at = at + 1 & keys.length - 1;
        }
        keys[at] = key;
        twins[at] = twin;
        used++;
    }

    private int slot(long key) {
        return (int) (key ^ key >>> Integer.SIZE) & keys.length - 1;
    }
}
