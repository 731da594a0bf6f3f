package org.twinkeep.crypto.keys;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.TwinId;

/** Key rows that keep their promise as long as the process lives. */
public final class InMemoryKeyRows implements KeyRows {

    private final Map<UUID, Row> rows = new LinkedHashMap<>();
    private final Map<StreamName, TwinId> streams = new HashMap<>();
    private final Map<Reserved, Long> reserved = new HashMap<>();

    /** As a backup of them would be restored. */
    public synchronized InMemoryKeyRows copy() {
        var copy = new InMemoryKeyRows();
        copy.rows.putAll(rows);
        copy.streams.putAll(streams);
        copy.reserved.putAll(reserved);
        return copy;
    }

    @Override
    public synchronized Optional<byte[]> read(UUID row) {
        return Optional.ofNullable(rows.get(row)).map(found -> found.bytes.clone());
    }

    @Override
    public synchronized void write(TwinId twin, Map<UUID, byte[]> written) {
        if (written.keySet().stream().anyMatch(rows::containsKey)) {
            throw new IllegalStateException("A row is written once.");
        }
        written.forEach((id, bytes) -> rows.put(id, new Row(twin, bytes.clone())));
    }

    @Override
    public synchronized void delete(Collection<UUID> ids) {
        List.copyOf(ids).forEach(rows::remove);
    }

    @Override
    public synchronized Collection<UUID> rowsOf(TwinId twin) {
        return rows.entrySet().stream()
                .filter(row -> row.getValue().twin.equals(twin))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public synchronized void nameStream(StreamName stream, TwinId twin) {
        streams.put(stream, twin);
    }

    @Override
    public synchronized Optional<TwinId> ownerOf(StreamName stream) {
        return Optional.ofNullable(streams.get(stream));
    }

    @Override
    public synchronized void forgetStreams(TwinId twin) {
        streams.values().removeIf(twin::equals);
    }

    @Override
    public synchronized long reserve(StreamName stream, int epoch, int count) {
        if (count < 1) {
            throw new IllegalArgumentException("At least one index is reserved.");
        }
        return reserved.merge(new Reserved(stream, epoch), (long) count, Long::sum) - count;
    }

    private record Row(TwinId twin, byte[] bytes) {}

    private record Reserved(StreamName stream, int epoch) {}
}
