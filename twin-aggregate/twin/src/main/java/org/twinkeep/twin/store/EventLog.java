package org.twinkeep.twin.store;

import java.util.List;
import java.util.Optional;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.erasure.ErasableEvents;

/**
 * A store of sealed events: ciphertext in streams, and one order over all of them.
 *
 * <p>Guarantees: what {@link #append} returned from is durable. Positions never go back, nothing becomes visible before a
 * smaller position does, holes are allowed; 0 is before every event. A stream begins where its first event says and has
 * no holes after it. Every method throws {@link org.twinkeep.twin.StoreUnavailable} when the store does not answer.
 */
public interface EventLog extends ErasableEvents, AutoCloseable {

    /**
     * Appends all of the events or none.
     *
     * @throws AppendRefused when one does not follow the head of its stream, or an id is there twice
     * @throws org.twinkeep.twin.StoreUnavailable when its outcome is unknown
     */
    void append(List<EventRow> rows);

    /** The last event of a stream, where it has one. */
    Optional<Head> head(StreamName stream);

    /** The head as far as this process knows it, for an append to follow: that one is refused where this is out of date. */
    default Optional<Head> believedHead(StreamName stream) {
        return head(stream);
    }

    /** Events of a stream from a sequence on, without their bodies. */
    List<EventRow> skeletons(StreamName stream, long first, int most);

    /** Events of all streams after a position, without their bodies. An empty answer is the end. */
    List<EventRow> skeletonsAfter(long position, int most);

    /** Whole events from a sequence on, up to a number and about so many bytes; at least one where there is one. */
    List<EventRow> events(StreamName stream, long first, int most, long bytes);

    /** One event with its body's envelope, without the chunks beside it. */
    Optional<EventRow> event(StreamName stream, long sequence);

    /** The event with the chunks that lie beside it. */
    EventRow withChunks(EventRow row);

    long lastPosition();

    List<StreamName> streams();

    /** Keeps a snapshot, unless a newer one of its stream is there. */
    void keep(SnapshotRow snapshot);

    Optional<SnapshotRow> snapshot(StreamName stream);

    /** The heads of the streams that have moved after this position: what it costs grows with what moved. */
    Moved movedSince(long position);

    @Override
    void close();
}
