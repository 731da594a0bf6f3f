package org.twinkeep.crypto.keys;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;

/** Slots and key rows in one store, as several servers share it, for as long as the process lives. */
public class InMemorySharedStore implements SlotRows, KeyRows {

    private final ReentrantLock lock = new ReentrantLock();
    private InMemoryKeyRows rows = new InMemoryKeyRows();
    private Map<SlotId, Kept> slots = new HashMap<>();
    private byte @Nullable [] header;

    @Override
    public <T> T together(Supplier<T> work) {
        lock.lock();
        var rowsBefore = rows.copy();
        var slotsBefore = new HashMap<>(slots);
        try {
            return work.get();
        } catch (RuntimeException e) {
            rows = rowsBefore;
            slots = slotsBefore;
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private <T> T alone(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<byte[]> header() {
        return alone(() -> Optional.ofNullable(header));
    }

    @Override
    public boolean begin(byte[] made, SlotId first, byte[] box) {
        return alone(() -> {
            if (header != null) {
                return false;
            }
            header = made;
            slots.put(first, new Kept(1, box));
            return true;
        });
    }

    @Override
    public Optional<Kept> read(SlotId id) {
        return alone(() -> Optional.ofNullable(slots.get(id)));
    }

    @Override
    public long version(SlotId id) {
        return read(id).filter(kept -> kept.box() != null).map(Kept::version).orElse(0L);
    }

    @Override
    public boolean replace(SlotId id, long before, long after, byte @Nullable [] box) {
        return alone(() -> {
            if (Optional.ofNullable(slots.get(id)).map(Kept::version).orElse(0L) != before) {
                return false;
            }
            slots.put(id, new Kept(after, box == null ? null : Arrays.copyOf(box, box.length)));
            return true;
        });
    }

    @Override
    public Optional<byte[]> read(UUID row) {
        return alone(() -> rows.read(row));
    }

    @Override
    public void write(TwinId twin, Map<UUID, byte[]> written) {
        alone(() -> {
            rows.write(twin, written);
            return twin;
        });
    }

    @Override
    public void delete(Collection<UUID> ids) {
        alone(() -> {
            rows.delete(ids);
            return ids;
        });
    }

    @Override
    public Collection<UUID> rowsOf(TwinId twin) {
        return alone(() -> rows.rowsOf(twin));
    }

    @Override
    public void nameStream(StreamName stream, TwinId twin) {
        alone(() -> {
            rows.nameStream(stream, twin);
            return twin;
        });
    }

    @Override
    public Optional<TwinId> ownerOf(StreamName stream) {
        return alone(() -> rows.ownerOf(stream));
    }

    @Override
    public void forgetStreams(TwinId twin) {
        alone(() -> {
            rows.forgetStreams(twin);
            return twin;
        });
    }

    @Override
    public long reserve(StreamName stream, int epoch, int count) {
        return alone(() -> rows.reserve(stream, epoch, count));
    }
}
