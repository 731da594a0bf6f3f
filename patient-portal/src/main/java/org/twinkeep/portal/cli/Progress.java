package org.twinkeep.portal.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Shows how far long work has come: one line rewritten on a terminal, a line now and then elsewhere. */
final class Progress implements AutoCloseable {
    private static final Duration ON_A_TERMINAL = Duration.ofMillis(200);
    private static final Duration ELSEWHERE = Duration.ofSeconds(10);

    private final PrintStream to;
    private final Clock clock;
    private final boolean terminal;
    private Instant said;
    private boolean lineOpen;

    Progress(PrintStream to, Clock clock, boolean terminal) {
        this.to = to;
        this.clock = clock;
        this.terminal = terminal;
        this.said = clock.instant();
    }

    synchronized void at(String where) {
        var now = clock.instant();
        if (Duration.between(said, now).compareTo(terminal ? ON_A_TERMINAL : ELSEWHERE) < 0) {
            return;
        }
        said = now;
        if (terminal) {
            to.print("\r\u001b[K" + where);
            to.flush();
            lineOpen = true;
        } else {
            to.println(where);
        }
    }

    /** Leaves a clean line behind. */
    @Override
    public synchronized void close() {
        if (lineOpen) {
            to.print("\r\u001b[K");
            to.flush();
        }
    }
}
