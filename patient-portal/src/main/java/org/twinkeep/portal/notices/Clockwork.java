package org.twinkeep.portal.notices;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what time alone brings about: consents that end, requests that lapse, reviews that are overdue.
 *
 * <p>Promise: each beat runs every task once, by the house's clock, one after the other; a task that fails stops no other
 * and is tried again at the next beat. A task must bear to be run again after a crash, and beside the same task of another
 * server of the house: it looks at what is and never counts on having run before.
 */
public final class Clockwork implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Clockwork.class);

    /** What is done at each beat. */
    @FunctionalInterface
    public interface Task {
        void run(Instant now);
    }

    private final Clock clock;
    private final Map<String, Task> tasks = new ConcurrentSkipListMap<>();
    private final Map<String, Boolean> failing = new ConcurrentHashMap<>();
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("clockwork").factory());

    public Clockwork(Clock clock) {
        this.clock = clock;
    }

    /** @param name names the task in the log; of one name the last is run */
    public void register(String name, Task task) {
        tasks.put(name, task);
    }

    /** Beats at once, and from then on that long after the end of the beat before. */
    public Clockwork start(Duration every) {
        beats.scheduleWithFixedDelay(this::beat, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /** One beat. */
    public synchronized void beat() {
        var now = clock.instant();
        tasks.forEach((name, task) -> {
            try {
                task.run(now);
                failing.remove(name);
            } catch (RuntimeException e) {
                if (failing.put(name, true) == null) {
                    LOG.error(
                            "What time brings about could not be done: {}; it is tried again at each beat ({})",
                            name,
                            e.getClass().getSimpleName());
                }
            }
        });
    }

    /** Waits for a beat that is under way. */
    @Override
    public void close() {
        beats.close();
    }
}
