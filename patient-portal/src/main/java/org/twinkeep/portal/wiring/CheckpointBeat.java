package org.twinkeep.portal.wiring;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs a checkpoint of the trail each second while something moved, and once more at the end. */
final class CheckpointBeat implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointBeat.class);

    private final Runnable checkpoint;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("checkpoint").factory());
    private boolean failing;

    CheckpointBeat(Runnable checkpoint) {
        this.checkpoint = checkpoint;
    }

    CheckpointBeat start(Duration every) {
        beats.scheduleWithFixedDelay(this::beat, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** One beat. A failure is said once, and the next beat tries again: the leaves themselves are durable already. */
    synchronized void beat() {
        try {
            checkpoint.run();
            failing = false;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.error("The trail could not sign a checkpoint; it is tried again each second ({})", e.getMessage());
            }
            failing = true;
        }
    }

    @Override
    public void close() {
        beats.shutdown();
        beat();
    }
}
