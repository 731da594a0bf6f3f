package org.twinkeep.portal.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.portal.demo.Demo;
import org.twinkeep.portal.tour.FlippedBit;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.Kek;

/** On the demo's folder: it has something of everything in it. */
class VerificationTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    static Path demo;

    @TempDir
    Path temp;

    private DataFolder folder;

    @BeforeAll
    static void aDemo() {
        try (var house = Demo.open(new DataFolder(demo.resolve("data")), kek(), false, CLOCK, _ -> {})) {
            house.clockwork().beat();
        }
    }

    @BeforeEach
    void aCopy() {
        folder = new DataFolder(temp.resolve("data"));
        copy(demo.resolve("data"), folder.path());
    }

    @Test
    void a_sound_folder_is_sound_and_says_what_was_looked_at() {
        var verification = Verification.of(folder, kek(), CLOCK);
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.checked()).containsKeys("leaves", "blocks", "streams", "events", "keyRows", "accounts");
        assertThat(verification.checked().get("events")).isGreaterThan(5_000);
        assertThat(Verification.of(folder, kek(), CLOCK).ok()).isTrue();
    }

    @Test
    void one_flipped_byte_in_each_kind_of_file_is_named() throws IOException {
        for (var file : files()) {
            FlippedBit.in(file);
            var name = folder.path().relativize(file).toString();
            assertThat(Verification.of(folder, kek(), CLOCK).problems())
                    .as("a byte of " + name)
                    .isNotEmpty()
                    .allSatisfy(problem -> assertThat(problem.what()).isNotBlank())
                    .anySatisfy(problem ->
                            assertThat(name).startsWith(problem.file().split("\\.")[0]));
            aFreshCopy();
        }
    }

    @Test
    void one_flipped_bit_of_any_sealed_row_beside_the_accounts_is_named() throws SQLException {
        for (var column : List.of(
                "notice.slot",
                "notice.sealed",
                "request.owners",
                "request.asked",
                "request.received",
                "request_code.owner",
                "request_code.sealed",
                "ending.slot",
                "ending.sealed",
                "delegation.sealed")) {
            flipIn(column);
            assertThat(Verification.of(folder, kek(), CLOCK).problems())
                    .as(column)
                    .anySatisfy(problem -> assertThat(problem.file()).isEqualTo("accounts.db"));
            aFreshCopy();
        }
    }

    /** What is in no index is sealed, and opened by the check; what is in the clear, SQLite compares with its index. */
    @Test
    void every_column_beside_the_twins_is_sealed_or_stands_in_an_index() throws SQLException {
        var bare = new ArrayList<String>();
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + folder.accounts());
                var columns = database.createStatement().executeQuery("""
                        SELECT t.name || '.' || c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                        WHERE t.type = 'table' AND NOT (c.pk = 1 AND c.type = 'INTEGER') AND c.name NOT IN
                          (SELECT i.name FROM pragma_index_list(t.name) l JOIN pragma_index_info(l.name) i)""")) {
            while (columns.next()) {
                bare.add(columns.getString(1));
            }
        }
        assertThat(bare)
                .containsExactlyInAnyOrder(
                        "account.access",
                        "account.person",
                        "client.sealed",
                        "data_use.sealed",
                        "delegation.sealed",
                        "emergency.sealed",
                        "ending.sealed",
                        "ending.slot",
                        "findable.sealed",
                        "granted.patient",
                        "granted.sealed",
                        "notice.sealed",
                        "notice.slot",
                        "request.asked",
                        "request.owners",
                        "request.received",
                        "request_code.owner",
                        "request_code.sealed");
    }

    private void flipIn(String column) throws SQLException {
        var table = column.substring(0, column.indexOf('.'));
        var file = folder.path().resolve("accounts.db");
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = database.createStatement();
                var row = statement.executeQuery("SELECT rowid, " + column + " FROM " + table + " LIMIT 1")) {
            assertThat(row.next()).as(table).isTrue();
            long id = row.getLong(1);
            var bytes = row.getBytes(2);
            bytes[bytes.length / 2] ^= 0x10;
            try (var change = database.prepareStatement(
                    "UPDATE " + table + " SET " + column.substring(column.indexOf('.') + 1) + " = ? WHERE rowid = ?")) {
                change.setBytes(1, bytes);
                change.setLong(2, id);
                change.executeUpdate();
            }
        }
    }

    @Test
    void a_missing_file_is_named() throws IOException {
        for (var file : List.of(
                folder.events(),
                folder.keyRows(),
                folder.slots(),
                folder.ledger().resolve("blocks.ndjson"))) {
            Files.delete(file);
            assertThat(Verification.of(folder, kek(), CLOCK).problems())
                    .as("without " + file.getFileName())
                    .anySatisfy(problem -> assertThat(file.toString()).contains(problem.file()));
            aFreshCopy();
        }
    }

    @Test
    void a_folder_in_use_is_refused() {
        try (var _ = House.open(folder, kek(), "test", CLOCK)) {
            assertThatThrownBy(() -> Verification.of(folder, kek(), CLOCK))
                    .isInstanceOf(HouseRefused.class)
                    .hasMessageContaining("in use");
        }
    }

    /** Every file but the lock, whose text is for people. */
    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder.path())) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("lock"))
                    .filter(file -> size(file) > 0)
                    .sorted()
                    .toList();
        }
    }

    /** The middle byte, or the next one in a page that is not empty: free pages of a database mean nothing. */
    private void aFreshCopy() {
        copy(demo.resolve("data"), folder.path());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Kek kek() {
        return new Kek(demo.resolve("key"), false, _ -> new char[0], _ -> {});
    }

    private static void copy(Path from, Path to) {
        try {
            if (Files.exists(to)) {
                delete(to);
            }
            try (var paths = Files.walk(from)) {
                for (var path : paths.toList()) {
                    Files.copy(path, to.resolve(from.relativize(path)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            var all = new ArrayList<>(paths.toList());
            for (var path : all.reversed()) {
                Files.delete(path);
            }
        }
    }
}
