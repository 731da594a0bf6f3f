package org.twinkeep.portal.demo;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The time in the story: set by the story, never back. */
final class StoryClock extends Clock {
    private final Instant today;
    private volatile Instant now;

    StoryClock(Instant today) {
        this.today = today;
        this.now = Instant.EPOCH;
    }

    /** So many days before today. */
    StoryClock daysAgo(int days) {
        var then = today.minus(Duration.ofDays(days));
        if (then.isBefore(now)) {
            throw new IllegalStateException("the story goes forward");
        }
        now = then;
        return this;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the story has one clock");
    }
}
