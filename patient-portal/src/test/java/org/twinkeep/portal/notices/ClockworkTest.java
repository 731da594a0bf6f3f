package org.twinkeep.portal.notices;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.TestClock;

class ClockworkTest {
    private final TestClock clock = new TestClock("2026-11-21T08:00:00Z");

    @Test
    void each_beat_runs_every_task_by_the_house_s_clock_and_one_that_fails_stops_no_other() {
        var ran = new ArrayList<Instant>();
        try (var clockwork = new Clockwork(clock)) {
            clockwork.register("a", _ -> {
                throw new IllegalStateException();
            });
            clockwork.register("b", ran::add);

            clockwork.beat();
            clock.pass(Duration.ofMinutes(10));
            clockwork.beat();
        }
        assertThat(ran).containsExactly(Instant.parse("2026-11-21T08:00:00Z"), Instant.parse("2026-11-21T08:10:00Z"));
    }

    @Test
    void it_beats_at_once_when_it_is_started() throws InterruptedException {
        var beaten = new CountDownLatch(1);
        try (var clockwork = new Clockwork(clock)) {
            clockwork.register("a", _ -> beaten.countDown());
            clockwork.start(Duration.ofDays(1));
            assertThat(beaten.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
