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
import org.twinkeep.crypto.keys.StreamName;

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

    @Test
    void a_sync_that_fails_now_and_then_loses_nothing_acknowledged() throws Exception {
        survives("fsync,fdatasync:error=EIO:when=20+7");
    }

    @Test
    void a_disk_that_is_full_now_and_then_loses_nothing_acknowledged() throws Exception {
        survives("pwrite64:error=ENOSPC:when=60+101");
    }

    @Test
    void a_disk_that_turns_read_only_takes_nothing_more_and_keeps_what_was_acknowledged() throws Exception {
        assertThat(write("FULL", "inject=pwrite64,ftruncate:error=EROFS:when=200+"))
                .isEqualTo(AcknowledgingWriter.GAVE_UP);
        int acknowledged = said(AcknowledgingWriter.SAYS);
        assertThat(acknowledged).isBetween(1, APPENDS - 1);
        assertThat(kept()).isBetween(acknowledged, acknowledged + 1);
    }

    private void survives(String fault) throws Exception {
        assertThat(write("FULL", "inject=" + fault)).isZero();
        assertThat(said(AcknowledgingWriter.FAILED)).isPositive();
        assertThat(said(AcknowledgingWriter.SAYS)).isEqualTo(APPENDS);
        assertThat(kept()).isEqualTo(APPENDS);
    }

    private int said(String word) throws IOException {
        return (int) Files.readAllLines(folder.resolve("said")).stream()
                .filter(line -> line.startsWith(word))
                .count();
    }

    /** How many events are there, each once, in a chain without holes. */
    private int kept() {
        try (var events = SqliteEvents.open(folder.resolve("events.db"))) {
            var rows = events.skeletons(new StreamName("s"), 0, APPENDS + 1);
            var previous = new byte[32];
            for (int i = 0; i < rows.size(); i++) {
                assertThat(rows.get(i).sequence()).isEqualTo(i);
                assertThat(rows.get(i).sealed().previousHash()).isEqualTo(previous);
                previous = rows.get(i).sealed().hash();
            }
            return rows.size();
        }
    }

    private List<String> acknowledgedWithoutSync(String durability) throws IOException, InterruptedException {
        assertThat(write(durability, "trace=fsync,fdatasync,write,pwrite64")).isZero();
        var unsynced = new ArrayList<String>();
        int acknowledged = 0;
        boolean synced = false;
        for (var call : Files.readAllLines(folder.resolve("calls"))) {
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

    /** Runs a writer under strace. @return how it ended */
    private int write(String durability, String expression) throws IOException, InterruptedException {
        var writer = new ProcessBuilder(
                        "/usr/bin/strace",
                        "-f",
                        "-e",
                        expression,
                        "-o",
                        folder.resolve("calls").toString(),
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
        return writer.exitValue();
    }
}
