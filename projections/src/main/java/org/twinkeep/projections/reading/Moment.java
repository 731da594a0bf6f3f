package org.twinkeep.projections.reading;

import java.time.Instant;
import org.twinkeep.twin.Actor;

/**
 * One event of an entry: where it stands in its chapter's stream, when and by whom it was recorded, and the chain's hash of
 * its sealed envelopes.
 */
@SuppressWarnings("ArrayRecordComponent")
record Moment(long sequence, Instant at, Actor.Kind by, byte[] hash) {
    @Override
    public String toString() {
        return "Moment " + sequence;
    }
}
