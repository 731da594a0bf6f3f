package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.cli.Cli;
import org.twinkeep.portal.demo.Demo;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.kurrentdb.Fault;
import org.twinkeep.twin.kurrentdb.WireServer;

/** A whole house on KurrentDB, and there and back. */
class MigrationTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    static Path demo;

    @TempDir
    Path temp;

    private WireServer server;
    private DataFolder folder;

    @BeforeAll
    static void aDemo() {
        Demo.open(new DataFolder(demo.resolve("data")), kek(), false, CLOCK, _ -> {})
                .close();
    }

    @BeforeEach
    void aServer() throws IOException {
        server = WireServer.alone();
        var file = temp.resolve("kurrentdb");
        Files.writeString(file, server.connectionString() + "\n");
        System.setProperty("twinkeep.kurrentdb.file", file.toString());
        folder = new DataFolder(temp.resolve("data"));
    }

    @AfterEach
    void away() {
        System.clearProperty("twinkeep.kurrentdb.file");
        System.clearProperty("twinkeep.events");
        server.close();
    }

    @Test
    void a_house_moves_there_and_back_and_says_the_same() throws IOException {
        String before;
        aCopyOfTheDemo();
        try (var house = open()) {
            before = everything(house);
        }
        var there = Migration.run(folder, EventStore.KURRENTDB, CLOCK, _ -> {});
        assertThat(there.copied()).isEqualTo(there.events()).isGreaterThan(1000);
        assertThat(folder.events()).doesNotExist();
        assertSound();
        try (var house = open()) {
            assertThat(everything(house)).isEqualTo(before);
            // The first tells the trail where all heads are now, the second sees that it knows.
            house.trail().checkpoint();
            house.trail().checkpoint();
        }
        assertSound();
        assertThat(folder.eventsMoved()).doesNotExist();
        assertThat(Migration.run(folder, EventStore.KURRENTDB, CLOCK, _ -> {}).copied())
                .isZero();

        var back = Migration.run(folder, EventStore.EMBEDDED, CLOCK, _ -> {});
        assertThat(back.events()).isEqualTo(there.events());
        server.close();
        try (var house = open()) {
            assertThat(everything(house)).isEqualTo(before);
        }
        assertSound();
    }

    @Test
    void a_migration_that_was_broken_off_goes_on_and_copies_nothing_twice() throws IOException {
        aCopyOfTheDemo();
        assertThatThrownBy(() -> Migration.run(folder, EventStore.KURRENTDB, CLOCK, copied -> {
                    if (copied > 1000) {
                        throw new IllegalStateException("broken off");
                    }
                }))
                .hasMessage("broken off");
        assertThat(HouseFile.read(folder).events()).isEqualTo(EventStore.EMBEDDED);
        server.next(Fault.DROP_AFTER_COMMIT);
        var rest = Migration.run(folder, EventStore.KURRENTDB, CLOCK, _ -> {});
        assertThat(rest.copied()).isPositive().isLessThan(rest.events() - 1000);
        assertSound();
    }

    @Test
    @Tag("slow")
    void a_new_house_keeps_its_events_in_kurrentdb_and_nothing_of_them_in_its_folder() {
        System.setProperty("twinkeep.events", "kurrentdb");
        try (var house = Demo.open(folder, kek(), false, CLOCK, _ -> {})) {
            assertThat(house.history().twins()).isNotEmpty();
            var twin = house.history().twins().iterator().next();
            var receipt = house.erasure().eraseTwin(twin, new Actor(Actor.Kind.OPERATOR, "operator:test"));
            assertThat(receipt.medium()).contains("files were synced", "tombstone", "when that node is scavenged");
            assertThat(house.history().exists(twin)).isFalse();
        }
        assertThat(folder.events()).doesNotExist();
        assertSound();
    }

    @Test
    void no_house_opens_over_the_wrong_store() {
        System.setProperty("twinkeep.events", "kurrentdb");
        open().close();
        var other = new DataFolder(temp.resolve("other"));
        assertThatThrownBy(() -> House.open(other, kek(), "test", CLOCK))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("another house");
        System.setProperty("twinkeep.events", "embedded");
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("migrate");
        System.clearProperty("twinkeep.events");
        open().close();
    }

    @Test
    void a_served_folder_is_not_moved_and_the_command_says_so_in_json() {
        try (var _ = open()) {
            var said = new ByteArrayOutputStream();
            int exit = Cli.run(
                    new PrintStream(said, true, StandardCharsets.UTF_8),
                    new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                    "migrate",
                    "--to",
                    "kurrentdb",
                    "--json",
                    "--data",
                    folder.path().toString());
            assertThat(exit).isEqualTo(1);
            assertThat(said.toString(StandardCharsets.UTF_8)).contains("error").contains("in use");
        }
    }

    private void assertSound() {
        var verification = Verification.of(folder, kek(), CLOCK);
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.checked().get("events")).isPositive();
    }

    /** Every body of every twin. */
    private static String everything(House house) {
        var said = new StringBuilder();
        house.history().twins().stream()
                .sorted((one, other) -> one.value().compareTo(other.value()))
                .forEach(twin -> said.append(export(house, twin)));
        return said.toString();
    }

    private static String export(House house, TwinId twin) {
        TwinHistory history = house.history();
        return twin + " " + history.heads(twin) + " "
                + history.chapters(twin).stream()
                        .map(chapter -> history.entries(twin, chapter).toString())
                        .sorted()
                        .toList();
    }

    private House open() {
        return House.open(folder, kek(), "test", CLOCK);
    }

    private void aCopyOfTheDemo() throws IOException {
        var from = demo.resolve("data");
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, folder.path().resolve(from.relativize(path)));
            }
        }
    }

    private static Kek kek() {
        return new Kek(demo.resolve("key"), false, _ -> new char[0], _ -> {});
    }
}
