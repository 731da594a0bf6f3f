package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.twinkeep.twin.kurrentdb.WireServer;

/** Events in KurrentDB. */
@Tag("slow")
class PurgeOnKurrentDbTest extends PurgeContract {

    private WireServer server;

    @BeforeEach
    void aServer() throws IOException {
        server = WireServer.alone();
        var file = temp.resolve("kurrentdb");
        Files.writeString(file, server.connectionString() + "\n");
        System.setProperty("twinkeep.kurrentdb.file", file.toString());
        System.setProperty("twinkeep.events", "kurrentdb");
    }

    @AfterEach
    void away() {
        System.clearProperty("twinkeep.kurrentdb.file");
        System.clearProperty("twinkeep.events");
        server.close();
    }
}
