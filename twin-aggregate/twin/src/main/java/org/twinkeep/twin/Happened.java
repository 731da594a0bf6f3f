package org.twinkeep.twin;

import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.sealing.Body;

/**
 * An event on its way to the store: its skeleton, and what it says about health where it has a body. Read again, it
 * comes without the body: that opens only against a receipt.
 */
public record Happened(TwinEvent event, @Nullable Body body) {

    public static Happened of(TwinEvent event) {
        return new Happened(event, null);
    }
}
