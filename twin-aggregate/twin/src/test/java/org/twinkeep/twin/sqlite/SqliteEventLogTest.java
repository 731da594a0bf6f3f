package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.EventLogContract;

class SqliteEventLogTest extends EventLogContract {

    @TempDir
    Path folder;

    private SqliteEvents events;

    @BeforeEach
    void open() {
        events = SqliteEvents.open(folder.resolve("events.db"));
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Override
    protected EventLog log() {
        return events;
    }
}
