package org.twinkeep.twin.store;

import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.EventContext;

/** The newest snapshot of a stream as it lies in the store. */
@SuppressWarnings("ArrayRecordComponent")
public record SnapshotRow(StreamName stream, long sequence, String id, String type, String revision, byte[] sealed) {

    EventContext context(Place place) {
        return new EventContext(stream, sequence, id, type, revision, place.twin(), place.scope());
    }
}
