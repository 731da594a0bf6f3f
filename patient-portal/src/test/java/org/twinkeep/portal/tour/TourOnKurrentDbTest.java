package org.twinkeep.portal.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.twin.kurrentdb.WireServer;

/** The whole path again, with its events in KurrentDB. */
@Tag("slow")
class TourOnKurrentDbTest {

    @TempDir
    Path temp;

    private WireServer server;

    @BeforeEach
    void aServer() throws IOException {
        server = WireServer.alone();
        System.setProperty("twinkeep.events", "kurrentdb");
        System.setProperty(
                "twinkeep.kurrentdb.file",
                Files.writeString(temp.resolve("kurrentdb"), server.connectionString())
                        .toString());
    }

    @AfterEach
    void away() {
        System.clearProperty("twinkeep.events");
        System.clearProperty("twinkeep.kurrentdb.file");
        server.close();
    }

    @Test
    void every_step_of_the_tour_holds() throws IOException {
        var steps = Tour.run(Files.createDirectory(temp.resolve("tour")), step -> {});
        assertThat(steps)
                .hasSizeGreaterThan(15)
                .allSatisfy(step -> assertThat(step.ok())
                        .as(step.name() + " " + step.figures())
                        .isTrue());
    }
}
