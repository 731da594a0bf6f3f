package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.sqlite.StoreCheck.Problem;
import org.twinkeep.twin.store.ChainCheck.KnownHead;

class StoreCheckTest {

    @TempDir
    Path folder;

    private Path events;
    private Path keys;
    private String labs;
    private List<KnownHead> heads;

    @BeforeEach
    void fill() {
        events = folder.resolve("events.db");
        keys = folder.resolve("keys.db");
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            twins.twins.record(new TwinCommand.RecordEntries(
                    twin, Chapter.LABS, twins.incoming(twin, 0, 10, "content"), NOON, HOSPITAL));
            twins.record(twin, Chapter.DOCUMENTS, twins.incoming(twin, 77, "long".repeat(400_000)));
            labs = twins.keys.ring().streamOf(twin, Chapter.LABS).value();
            heads = twins.events.movedSince(0).heads().stream()
                    .map(head -> new KnownHead(
                            head.stream().value(),
                            head.sequence(),
                            HexFormat.of().formatHex(head.hash())))
                    .toList();
        }
        try (var database = KeysDatabase.open(keys)) {
            var rows = new SqliteKeyRows(database);
            rows.write(new TwinId(new UUID(1, 2)), Map.of(new UUID(3, 4), new byte[100]));
            rows.nameStream(new StreamName("s"), new TwinId(new UUID(1, 2)));
            rows.reserve(new StreamName("s"), 0, 256);
            new SqliteIdentities(database, Secret.copyOf(new byte[32])).link("s", "v", new TwinId(new UUID(1, 2)));
        }
    }

    @Test
    void a_sound_store_has_no_problems() {
        var report = StoreCheck.check(events, keys, heads, List.of());
        assertThat(report.problems()).isEmpty();
        assertThat(report.streams()).isEqualTo(3);
        assertThat(report.events()).isEqualTo(12);
        assertThat(report.keyRows()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"events.db, events_1events, events_1evente", "keys.db, key_rows_1key_rows, key_rows_1key_rowq"})
    void a_flipped_bit_in_how_a_table_is_kept_names_the_file(String file, String from, String to) throws Exception {
        var path = folder.resolve(file);
        var text = Files.readString(path, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to), StandardCharsets.ISO_8859_1);
        assertThat(StoreCheck.check(events, keys, heads, List.of()).problems())
                .containsExactly(new Problem(file, "a table of it is not as it was made"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"skeleton", "body", "hash"})
    void a_flipped_byte_names_its_event(String column) throws Exception {
        change(
                "UPDATE events SET @ = CAST(substr(@, 1, length(@) - 1) || iif(substr(@, -1) = x'00', x'01', x'00') AS BLOB)"
                                .replace("@", column)
                        + " WHERE sequence = 4");
        assertThat(problems()).contains("event 4 of stream " + labs + " was changed or moved");
    }

    @ParameterizedTest
    @ValueSource(strings = {"event_id", "type", "revision"})
    void a_changed_word_names_its_event(String column) throws Exception {
        change("UPDATE events SET " + column + " = 'x' WHERE sequence = 4");
        assertThat(problems()).containsExactly("event 4 of stream " + labs + " was changed or moved");
    }

    @Test
    void two_events_that_changed_places_are_found() throws Exception {
        change("UPDATE events SET sequence = 100 WHERE sequence = 3 AND stream = " + stream());
        change("UPDATE events SET sequence = 3 WHERE sequence = 4 AND stream = " + stream());
        change("UPDATE events SET sequence = 4 WHERE sequence = 100");
        assertThat(problems())
                .contains(
                        "event 3 of stream " + labs + " was changed or moved",
                        "event 4 of stream " + labs + " was changed or moved");
    }

    @Test
    void a_missing_event_is_named() throws Exception {
        change("DELETE FROM events WHERE sequence = 4");
        assertThat(problems()).containsExactly("event 4 of stream " + labs + " is missing");
    }

    @Test
    void a_stream_cut_before_a_head_that_the_trail_knows_is_found() throws Exception {
        change("DELETE FROM events WHERE sequence > 6");
        assertThat(problems()).containsExactly("event 7 of stream " + labs + " and those up to 9 were cut off");
        assertThat(StoreCheck.check(events, keys, List.of(), List.of()).problems())
                .isEmpty();
    }

    @Test
    void a_stream_that_is_gone_is_found_unless_it_was_erased() throws Exception {
        change("DELETE FROM events WHERE stream = " + stream());
        change("DELETE FROM streams WHERE name = '" + labs + "'");
        assertThat(problems()).containsExactly("stream " + labs + " is missing");
        assertThat(StoreCheck.check(events, keys, heads, List.of(labs)).problems())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"position = position - 1", "sequence = sequence + 1", "stream = 99"})
    void an_event_of_no_stream_is_found_unless_it_keeps_the_last_position(String change) throws Exception {
        try (var store = SqliteEvents.open(events)) {
            store.delete(store.streams());
        }
        assertThat(StoreCheck.check(events, keys, List.of(), List.of()).problems())
                .isEmpty();
        change("UPDATE events SET " + change);
        assertThat(StoreCheck.check(events, keys, List.of(), List.of()).problems())
                .containsExactly(new Problem("events.db", "1 events belong to no stream"));
    }

    @Test
    void what_a_check_leaves_beside_a_file_is_gone_once_the_file_was_open() throws Exception {
        assertThat(problems()).isEmpty();
        SqliteEvents.open(events).close();
        KeysDatabase.open(keys).close();
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(events, keys);
        }
    }

    @Test
    void an_erased_stream_that_is_still_there_is_found() {
        assertThat(StoreCheck.check(events, keys, heads, List.of(labs)).problems())
                .extracting(Problem::what)
                .containsExactly("stream " + labs + " was erased and is still there");
    }

    @Test
    void a_missing_chunk_is_named() throws Exception {
        change("DELETE FROM chunks WHERE number = 1");
        assertThat(problems()).anyMatch(problem -> problem.endsWith("lacks chunks: 2 of 3"));
    }

    @Test
    void a_chain_forged_anew_does_not_match_what_the_trail_remembers() throws Exception {
        var forged = heads.stream()
                .map(head -> new KnownHead(head.stream(), head.sequence(), "00".repeat(32)))
                .toList();
        assertThat(StoreCheck.check(events, keys, forged, List.of()).problems())
                .hasSize(3)
                .allMatch(problem -> problem.what().endsWith("is not the one that the trail remembers"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE key_rows SET bytes = zeroblob(99)",
                "UPDATE stream_owners SET stream = 't'",
                "UPDATE reservations SET next = 1",
                "UPDATE identities SET twin = NULL"
            })
    void an_altered_row_of_keys_is_found(String change) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + keys);
                var statement = connection.createStatement()) {
            statement.executeUpdate(change);
        }
        assertThat(StoreCheck.check(events, keys, heads, List.of()).problems())
                .singleElement()
                .matches(problem ->
                        problem.file().equals("keys.db") && problem.what().startsWith("1 rows of "));
    }

    private List<String> problems() {
        return StoreCheck.check(events, keys, heads, List.of()).problems().stream()
                .map(Problem::what)
                .toList();
    }

    private String stream() {
        return "(SELECT id FROM streams WHERE name = '" + labs + "')";
    }

    private void change(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + events);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
