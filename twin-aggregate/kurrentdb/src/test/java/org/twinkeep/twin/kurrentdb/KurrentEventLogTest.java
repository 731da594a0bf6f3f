package org.twinkeep.twin.kurrentdb;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.EventLogContract;

class KurrentEventLogTest extends EventLogContract {

    private WireServer server;
    private KurrentEvents events;

    @BeforeEach
    void open() throws IOException {
        server = WireServer.alone();
        events = KurrentEvents.open(server.connectionString(), Patience.USUAL);
    }

    @AfterEach
    void close() {
        events.close();
        server.close();
    }

    @Override
    protected EventLog log() {
        return events;
    }
}
