package org.twinkeep.projections.reading;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What comes through the door. */
public sealed interface Answer<T> {

    /** @param receiptId the disclosure leaf's hash */
    record Shown<T>(T what, String receiptId) implements Answer<T> {}

    /**
     * One and the same for never granted, closed, expired, no such patient, no such entry.
     *
     * @param endedOn only for an asker whose own grant ended
     */
    record NotShown<T>(String requestId, @Nullable Instant endedOn) implements Answer<T> {}
}
