package org.twinkeep.portal.notices;

import java.time.Instant;

/**
 * A notice that waits for its reader, or was read.
 *
 * @param number among those of its account, rising
 */
public record Told(long number, Notice notice, Instant at, boolean unread) {

    @Override
    public String toString() {
        return "Told " + number;
    }
}
