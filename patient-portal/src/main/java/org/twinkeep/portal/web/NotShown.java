package org.twinkeep.portal.web;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.projections.reading.Answer;

/** The door did not open; the page is one and the same whatever the cause. */
public final class NotShown extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String requestId;
    private final @Nullable Instant endedOn;

    private NotShown(String requestId, @Nullable Instant endedOn) {
        this.requestId = requestId;
        this.endedOn = endedOn;
    }

    /** What came through the door. @throws NotShown when nothing did */
    public static <T> Answer.Shown<T> orElseThrow(Answer<T> answer) {
        return switch (answer) {
            case Answer.Shown<T> shown -> shown;
            case Answer.NotShown<T>(var requestId, var endedOn) -> throw new NotShown(requestId, endedOn);
        };
    }

    String requestId() {
        return requestId;
    }

    @Nullable
    Instant endedOn() {
        return endedOn;
    }
}
