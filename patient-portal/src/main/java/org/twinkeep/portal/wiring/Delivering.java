package org.twinkeep.portal.wiring;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Consents;

/** Tells the ledger of ends that it could not take when they were made: again and again, ever more seldom while it cannot. */
final class Delivering implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Delivering.class);
    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Consents consents;
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("delivering").factory());

    Delivering(Consents consents) {
        this.consents = consents;
    }

    Delivering start() {
        after(FIRST);
        return this;
    }

    private void after(Duration pause) {
        if (!rounds.isShutdown()) {
            var _ = rounds.schedule(() -> round(pause), pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void round(Duration pause) {
        after(pauseAfter(pause));
    }

    /** One round; answers how long to wait for the next. */
    Duration pauseAfter(Duration pause) {
        if (consents.waiting() == 0) {
            return FIRST;
        }
        try {
            consents.deliver();
        } catch (RuntimeException e) {
            LOG.warn("The end of a consent could not be delivered and is tried again ({})", e.getMessage());
        }
        if (consents.waiting() == 0) {
            LOG.info("The ledger has every end that waited for it.");
            return FIRST;
        }
        var longer = pause.multipliedBy(2);
        return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    }

    @Override
    public void close() {
        rounds.shutdownNow();
    }
}
