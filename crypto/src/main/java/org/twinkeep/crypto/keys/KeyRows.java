package org.twinkeep.crypto.keys;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.twinkeep.crypto.TwinId;

/**
 * Where wrapped key states lie: rows of ciphertext by random id, the names of streams, and how far indexes are reserved.
 *
 * <p>Guarantees: what returned is durable; {@link #write} is atomic. It sees ciphertext only. A rows store that has lost
 * a row loses keys: it is backed up with the vault ({@code backup --keys}).
 */
public interface KeyRows {

    Optional<byte[]> read(UUID row);

    /**
     * Does a piece of work of which all or nothing is kept, here and in a vault that lies in the same store; what it writes
     * is seen by others only when it is all there. Rows of one process, whose vault is elsewhere, just do it.
     */
    default <T> T together(Supplier<T> work) {
        return work.get();
    }

    /** Adds rows, all or none. */
    void write(TwinId twin, Map<UUID, byte[]> rows);

    void delete(Collection<UUID> rows);

    /** Every row of the twin: for sweeping what a crash left behind. */
    Collection<UUID> rowsOf(TwinId twin);

    /** Remembers whose stream this is. */
    void nameStream(StreamName stream, TwinId twin);

    Optional<TwinId> ownerOf(StreamName stream);

    void forgetStreams(TwinId twin);

    /**
     * Reserves the next {@code count} indexes of the stream's epoch and answers the first of them. Never answers an index
     * twice, across restarts and crashes.
     */
    long reserve(StreamName stream, int epoch, int count);
}
