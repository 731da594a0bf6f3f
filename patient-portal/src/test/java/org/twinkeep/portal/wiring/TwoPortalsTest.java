package org.twinkeep.portal.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.twin.kurrentdb.WireServer;
import org.twinkeep.twin.postgresql.OnPostgres;

/** Two processes serve one house: its events in KurrentDB, its keys and accounts in PostgreSQL, one folder. */
@Tag("slow")
class TwoPortalsTest {

    private static final String ANNA = "00000000-0000-4000-8000-00000000000a";
    private static final int BURST = 40;

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    @TempDir
    Path temp;

    private final List<Portal> started = new ArrayList<>();
    private WireServer events;
    private List<String> settings;

    @BeforeEach
    void aCluster() throws Exception {
        events = WireServer.alone();
        var settings = Map.of(
                "twinkeep.events",
                "kurrentdb",
                "twinkeep.views",
                "postgresql",
                "twinkeep.kurrentdb.file",
                file("kurrentdb", events.connectionString()),
                "twinkeep.postgresql.file",
                file("postgresql", POSTGRES.empty()));
        this.settings = settings.entrySet().stream()
                .map(setting -> "-D" + setting.getKey() + "=" + setting.getValue())
                .toList();
        settings.forEach(System::setProperty);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(temp.resolve(name), content).toString();
    }

    @AfterEach
    void away() {
        started.forEach(Portal::kill);
        Stream.of("events", "views", "kurrentdb.file", "postgresql.file")
                .forEach(name -> System.clearProperty("twinkeep." + name));
        events.close();
    }

    @Test
    void commands_of_both_on_one_chapter_are_each_recorded_once() throws Exception {
        var a = start();
        var b = start();
        a.ask("create " + ANNA);
        assertThat(b.ask("exists " + ANNA)).isEqualTo("true");
        atOnce(() -> a.ask("burst " + ANNA + " a " + BURST), () -> b.ask("burst " + ANNA + " b " + BURST));
        assertThat(list(a)).isEqualTo(list(b)).isEqualTo(expected(b, "a", "b"));
        atOnce(() -> a.ask("burst " + ANNA + " same " + BURST), () -> b.ask("burst " + ANNA + " same " + BURST));
        assertThat(list(a)).isEqualTo(list(b)).isEqualTo(expected(a, "a", "b", "same"));
        end(a, b);
    }

    @Test
    void what_one_erases_the_other_does_not_open_on_its_very_next_read() throws Exception {
        var a = start();
        var b = start();
        a.ask("create " + ANNA);
        a.ask("burst " + ANNA + " a 4");
        assertThat(b.ask("read " + ANNA + " a-1")).isEqualTo("{\"value\":\"a-1\"}");
        assertThat(b.ask("read " + ANNA + " a-2")).isEqualTo("{\"value\":\"a-2\"}");
        assertThat(a.ask("erase " + ANNA + " a-1")).contains("write-ahead", "scavenged");
        assertThat(b.ask("read " + ANNA + " a-1")).isEqualTo("erased");
        assertThat(b.ask("erase " + ANNA + " a-2")).contains("write-ahead");
        assertThat(a.ask("read " + ANNA + " a-2")).isEqualTo("erased");
        assertThat(a.ask("read " + ANNA + " a-3")).isEqualTo("{\"value\":\"a-3\"}");
        assertThat(b.ask("receipts " + ANNA)).isEqualTo("2");

        assertThat(b.ask("erase-twin " + ANNA)).isEqualTo("twin");
        assertThat(a.ask("exists " + ANNA)).isEqualTo("false");
        assertThat(a.ask("burst " + ANNA + " late 1")).contains("no such twin");
        end(a, b);
    }

    @Test
    void what_is_revoked_at_one_is_denied_at_the_other_on_its_next_request() throws Exception {
        var a = start();
        var b = start();
        a.ask("create " + ANNA);
        assertThat(b.ask("decide " + ANNA)).isEqualTo("denied");
        for (var granter : List.of(a, b)) {
            var other = granter == a ? b : a;
            var handle = granter.ask("grant " + ANNA);
            assertThat(granter.ask("decide " + ANNA)).isEqualTo("permitted");
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
            while (!other.ask("decide " + ANNA).equals("permitted") && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            assertThat(other.ask("decide " + ANNA)).isEqualTo("permitted");
            other.ask("revoke " + ANNA + " " + handle);
            assertThat(granter.ask("decide " + ANNA)).isEqualTo("denied");
            assertThat(other.ask("decide " + ANNA)).isEqualTo("denied");
        }
        end(a, b);
    }

    @Test
    void one_is_killed_and_the_other_goes_on_with_all_that_was_acknowledged() throws Exception {
        var a = start();
        var b = start();
        a.ask("create " + ANNA);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> a.ask("burst " + ANNA + " a 1000"));
            var second = threads.submit(() -> b.ask("burst " + ANNA + " b 120"));
            while (a.acked.size() < 30) {
                Thread.onSpinWait();
            }
            a.kill();
            first.get();
            assertThat(second.get()).isEqualTo("burst");
        }
        var there = list(b);
        var acked = new ArrayList<String>();
        for (var name : Stream.concat(a.acked.stream(), b.acked.stream()).toList()) {
            acked.add(b.ask("id " + ANNA + " " + name) + "=1");
        }
        assertThat(there).containsAll(acked);
        // At most the one command that was under way.
        assertThat(there.size() - acked.size()).isBetween(0, 1);
        assertThat(b.ask("read " + ANNA + " a-3")).isEqualTo("{\"value\":\"a-3\"}");
        assertThat(b.ask("erase " + ANNA + " a-3")).contains("write-ahead");
        var again = start();
        assertThat(again.ask("read " + ANNA + " a-3")).isEqualTo("erased");
        again.ask("burst " + ANNA + " again 3");
        assertThat(list(again)).isEqualTo(list(b));
        end(again, b);
    }

    @Test
    void an_erasure_whose_keeper_is_killed_under_way_is_finished_by_the_one_who_asked() throws Exception {
        for (int round = 0; round < 3; round++) {
            var twin = "00000000-0000-4000-8000-0000000000b" + round;
            var keeper = start();
            var asker = start();
            keeper.ask("create " + twin);
            keeper.ask("burst " + twin + " a 20");
            long before = erasures();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var erased = threads.submit(() -> asker.ask("erase-twin " + twin));
                // First before it began, then once it is requested: what comes after that has to be finished.
                while (round > 0 && erasures() == before) {
                    Thread.onSpinWait();
                }
                keeper.kill();
                assertThat(erased.get()).isEqualTo("twin");
            }
            assertThat(asker.ask("exists " + twin)).isEqualTo("false");
            assertThat(asker.ask("receipts " + twin)).isEqualTo("1");
            end(asker);
        }
    }

    private long erasures() throws IOException {
        var ledger = new DataFolder(temp.resolve("data")).erasures();
        return Files.exists(ledger) ? Files.size(ledger) : 0;
    }

    private static void atOnce(Callable<String> one, Callable<String> other) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(List.of(one, other))) {
                assertThat(done.get()).isEqualTo("burst");
            }
        }
    }

    /** Each entry and how many versions it has. */
    private static List<String> list(Portal portal) throws IOException {
        return Arrays.asList(portal.ask("list " + ANNA).split(","));
    }

    private static List<String> expected(Portal portal, String... prefixes) throws IOException {
        var ids = new ArrayList<String>();
        for (var prefix : prefixes) {
            for (int i = 0; i < BURST; i++) {
                ids.add(portal.ask("id " + ANNA + " " + prefix + "-" + i) + "=1");
            }
        }
        return ids.stream().sorted().toList();
    }

    /** Both stop, and what they leave is sound. */
    private void end(Portal... portals) throws Exception {
        for (var portal : portals) {
            portal.stop();
        }
        var folder = new DataFolder(temp.resolve("data"));
        var kek = new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
        assertThat(Verification.of(folder, kek, Clock.systemUTC()).problems()).isEmpty();
    }

    private Portal start() throws Exception {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.addAll(settings);
        command.addAll(List.of(
                PortalChild.class.getName(),
                temp.resolve("data").toString(),
                temp.resolve("key").toString()));
        var portal = new Portal(new ProcessBuilder(command)
                .redirectError(temp.resolve("portal-" + started.size() + ".log").toFile())
                .start());
        started.add(portal);
        portal.awaitReady();
        return portal;
    }

    private static final class Portal {
        private final Process process;
        private final BufferedReader out;
        private final BufferedWriter in;
        private final ConcurrentLinkedQueue<String> acked = new ConcurrentLinkedQueue<>();

        Portal(Process process) {
            this.process = process;
            this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            this.in = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        }

        void awaitReady() throws IOException {
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                if (line.equals("ready")) {
                    return;
                }
            }
            throw new IOException("a portal did not start");
        }

        /** What it answered; nothing where it was killed meanwhile. */
        synchronized String ask(String line) throws IOException {
            in.write(line + "\n");
            in.flush();
            for (var said = out.readLine(); said != null; said = out.readLine()) {
                if (said.startsWith("acked ")) {
                    acked.add(said.substring("acked ".length()));
                } else if (said.startsWith("done ") || said.startsWith("failed ")) {
                    return said.substring(said.indexOf(' ') + 1);
                }
            }
            return "";
        }

        void kill() {
            process.destroyForcibly();
        }

        void stop() throws Exception {
            in.close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }
}
