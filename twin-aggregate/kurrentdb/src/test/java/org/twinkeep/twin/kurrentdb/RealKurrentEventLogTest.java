package org.twinkeep.twin.kurrentdb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.EventLogContract;

/** The contract of logs against a server that somebody runs: {@code TWINKEEP_KURRENTDB} is its connection string. */
class RealKurrentEventLogTest extends EventLogContract {

    private KurrentEvents events;

    RealKurrentEventLogTest() {
        super(System.nanoTime());
    }

    @BeforeEach
    void open() {
        var server = System.getenv("TWINKEEP_KURRENTDB");
        assumeTrue(
                server != null && !server.isBlank(),
                "SKIPPED: TWINKEEP_KURRENTDB names no server, so nobody checked this against a real KurrentDB.");
        events = KurrentEvents.open(server, Patience.USUAL);
    }

    @AfterEach
    void close() {
        if (events != null) {
            events.close();
        }
    }

    @Override
    protected EventLog log() {
        return events;
    }
}
