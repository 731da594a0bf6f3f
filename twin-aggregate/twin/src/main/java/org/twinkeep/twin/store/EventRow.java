package org.twinkeep.twin.store;

import java.util.List;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.SealedEvent;

/**
 * An event as it lies in the store: ciphertext and its place.
 *
 * @param position in the order of all events; 0 before it has one
 * @param chunks how many chunks lie beside it
 * @param sealed without body and chunks where only the skeleton was asked for
 */
public record EventRow(
        long position,
        StreamName stream,
        long sequence,
        String id,
        String type,
        String revision,
        int chunks,
        SealedEvent sealed) {

    /** The same event with the chunks that lie beside it. */
    public EventRow withChunks(List<byte[]> beside) {
        var whole = new SealedEvent(sealed.skeleton(), sealed.body(), beside, sealed.previousHash(), sealed.hash());
        return new EventRow(position, stream, sequence, id, type, revision, chunks, whole);
    }

    public EventContext context(Place place) {
        return new EventContext(stream, sequence, id, type, revision, place.twin(), place.scope());
    }
}
