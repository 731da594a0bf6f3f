package org.twinkeep.twin.store;

import java.util.List;
import org.twinkeep.crypto.keys.StreamName;

/**
 * The streams that have moved.
 *
 * @param position up to which was read
 */
public record Moved(long position, List<StreamHead> heads) {

    /** @param hash the chain's hash of the stream's last event */
    @SuppressWarnings("ArrayRecordComponent")
    public record StreamHead(StreamName stream, long sequence, byte[] hash) {}
}
