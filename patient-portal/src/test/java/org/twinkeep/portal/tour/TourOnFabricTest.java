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
import org.twinkeep.consent.fabric.FabricNetwork;

/** The whole path again, with its consents on a real Fabric network of three organisations. */
@Tag("slow")
class TourOnFabricTest {

    @TempDir
    Path temp;

    private FabricNetwork network;

    @BeforeEach
    void aNetwork() throws Exception {
        network = FabricNetwork.up(Files.createDirectory(temp.resolve("fabric")));
        System.setProperty("twinkeep.ledger", "fabric");
        System.setProperty("twinkeep.fabric.file", network.properties().toString());
    }

    @AfterEach
    void away() throws Exception {
        System.clearProperty("twinkeep.ledger");
        System.clearProperty("twinkeep.fabric.file");
        if (network != null) {
            network.close();
        }
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
