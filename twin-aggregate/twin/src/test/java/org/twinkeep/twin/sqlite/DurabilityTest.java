package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel was asked to do before an append was acknowledged: kill -9 cannot see a missing sync, strace can. */
@Tag("slow")
class DurabilityTest {

    private static final int APPENDS = 100;

    @TempDir
    Path folder;

    @BeforeEach
    void strace() {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/strace")),
                "SKIPPED: there is no strace here, so nobody checked that what is acknowledged was synced.");
    }

    @Test
    void every_acknowledged_commit_follows_a_completed_sync() throws Exception {
        assertThat(acknowledgedWithoutSync("FULL")).isEmpty();
    }

    @Test
    void the_same_check_fails_where_nothing_is_synced() throws Exception {
        assertThat(acknowledgedWithoutSync("OFF")).hasSizeGreaterThan(APPENDS / 2);
    }

    private List<String> acknowledgedWithoutSync(String durability) throws IOException, InterruptedException {
        var calls = folder.resolve("calls");
        var writer = new ProcessBuilder(
                        "/usr/bin/strace",
                        "-f",
                        "-e",
                        "trace=fsync,fdatasync,write,pwrite64",
                        "-o",
                        calls.toString(),
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AcknowledgingWriter.class.getName(),
                        folder.resolve("events.db").toString(),
                        durability,
                        String.valueOf(APPENDS))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(writer.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(writer.exitValue())
                .as(Files.readString(folder.resolve("said")))
                .isZero();
        var unsynced = new ArrayList<String>();
        int acknowledged = 0;
        boolean synced = false;
        for (var call : Files.readAllLines(calls)) {
            if (call.contains(AcknowledgingWriter.SAYS)) {
                acknowledged++;
                if (!synced) {
                    unsynced.add(call);
                }
                synced = false;
            } else if (call.contains("pwrite64(")) {
                synced = false;
            } else if (call.contains("sync") && call.endsWith("= 0")) {
                synced = true;
            }
        }
        assertThat(acknowledged).isEqualTo(APPENDS);
        return unsynced;
    }
}
