package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CheckpointBeatTest {
    @Test
    void it_beats_by_itself() throws InterruptedException {
        var beats = new CountDownLatch(3);
        try (var _ = new CheckpointBeat(beats::countDown).start(Duration.ofMillis(1))) {
            assertThat(beats.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void it_beats_once_more_at_the_end() {
        var beats = new AtomicInteger();
        new CheckpointBeat(beats::incrementAndGet).close();
        assertThat(beats).hasValue(1);
    }

    @Test
    void a_beat_that_fails_does_not_stop_the_next() {
        var beats = new AtomicInteger();
        var beat = new CheckpointBeat(() -> {
            if (beats.incrementAndGet() == 1) {
                throw new IllegalStateException("disk full");
            }
        });
        beat.beat();
        beat.beat();
        assertThat(beats).hasValue(2);
    }
}
