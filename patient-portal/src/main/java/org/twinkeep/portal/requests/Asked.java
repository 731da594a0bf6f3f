package org.twinkeep.portal.requests;

import java.time.Instant;

/**
 * A request as its asker sees it; alike whether the code was somebody's or not.
 *
 * @param codeEnd the last characters of the code that was typed
 */
public record Asked(String id, State state, Draft draft, String codeEnd, Instant at, Instant until) {

    /** What became of a request. */
    public enum State {
        OPEN,
        ACCEPTED,
        REFUSED,
        LAPSED,
        WITHDRAWN
    }

    @Override
    public String toString() {
        return "Asked";
    }
}
