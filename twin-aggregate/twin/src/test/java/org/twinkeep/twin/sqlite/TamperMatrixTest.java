package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.sqlite.StoreCheck.Problem;
import org.twinkeep.twin.store.ChainCheck.KnownHead;

/** Whoever may write to the file but has no keys: each change is found and named, and what was not changed still opens. */
class TamperMatrixTest {

    private static final int LABS = 10;
    private static final int VITALS = 5;

    @TempDir
    Path folder;

    private final TestKeys keys = TestKeys.seed(11);
    private TwinId twin = new TwinId(new UUID(0, 0));
    private String labs = "";
    private String vitals = "";
    private String documents = "";
    private List<KnownHead> heads = List.of();

    @BeforeEach
    void fill() {
        try (var twins = TestTwins.in(folder, keys)) {
            twin = twins.aTwin();
            record(twins, Chapter.LABS, 0, LABS);
            record(twins, Chapter.VITALS, 100, 100 + VITALS);
            twins.record(twin, Chapter.DOCUMENTS, twins.incoming(twin, 77, "long".repeat(400_000)));
            labs = keys.ring().streamOf(twin, Chapter.LABS).value();
            vitals = keys.ring().streamOf(twin, Chapter.VITALS).value();
            documents = keys.ring().streamOf(twin, Chapter.DOCUMENTS).value();
            heads = twins.events.movedSince(0).heads().stream()
                    .map(head -> new KnownHead(
                            head.stream().value(),
                            head.sequence(),
                            HexFormat.of().formatHex(head.hash())))
                    .toList();
        }
        assertThat(found()).isEmpty();
    }

    @Test
    void a_tampered_byte() throws Exception {
        change(
                "UPDATE events SET body = CAST(substr(body, 1, length(body) - 1) || iif(substr(body, -1) = x'00', x'01', x'00') AS BLOB) WHERE sequence = 4"
                        + " AND stream = " + number(labs));
        assertThat(found()).containsExactly("event 4 of stream " + labs + " was changed or moved");
        closed(Chapter.LABS, Set.of(4));
    }

    @Test
    void two_swapped_events() throws Exception {
        change("UPDATE events SET sequence = 99 WHERE sequence = 3 AND stream = " + number(labs));
        change("UPDATE events SET sequence = 3 WHERE sequence = 4 AND stream = " + number(labs));
        change("UPDATE events SET sequence = 4 WHERE sequence = 99");
        assertThat(found())
                .contains(
                        "event 3 of stream " + labs + " was changed or moved",
                        "event 4 of stream " + labs + " was changed or moved");
        closed(Chapter.LABS, Set.of(3, 4));
    }

    @Test
    void an_event_moved_to_another_stream() throws Exception {
        change("UPDATE events SET stream = " + number(vitals) + ", sequence = " + VITALS + " WHERE sequence = 9"
                + " AND stream = " + number(labs));
        assertThat(found())
                .contains(
                        "event 9 of stream " + labs + " and those up to 9 were cut off",
                        "event 5 of stream " + vitals + " was changed or moved");
        try (var twins = TestTwins.in(folder, keys)) {
            assertThatThrownBy(() -> twins.says(twin, Chapter.VITALS, VITALS)).isInstanceOf(Tampered.class);
            assertThat(twins.says(twin, Chapter.LABS, 8)).isEqualTo("content8");
            assertThat(twins.says(twin, Chapter.VITALS, 4)).isEqualTo("content104");
        }
    }

    @Test
    void a_stream_cut_at_its_end() throws Exception {
        change("DELETE FROM events WHERE sequence > 6 AND stream = " + number(labs));
        assertThat(found()).containsExactly("event 7 of stream " + labs + " and those up to 9 were cut off");
        try (var twins = TestTwins.in(folder, keys)) {
            assertThat(twins.says(twin, Chapter.LABS, 6)).isEqualTo("content6");
            assertThat(twins.says(twin, Chapter.LABS, 7)).isEqualTo("nothing");
        }
    }

    @Test
    void an_older_stream_put_back_and_written_on() throws Exception {
        change("DELETE FROM events WHERE sequence > 4 AND stream = " + number(labs));
        try (var twins = TestTwins.in(folder, keys)) {
            record(twins, Chapter.LABS, 20, 25);
        }
        assertThat(found()).containsExactly("event 9 of stream " + labs + " is not the one that the trail remembers");
        try (var twins = TestTwins.in(folder, keys)) {
            assertThat(twins.says(twin, Chapter.LABS, 4)).isEqualTo("content4");
            assertThat(twins.says(twin, Chapter.LABS, 9)).isEqualTo("content24");
        }
    }

    @Test
    void a_missing_chunk() throws Exception {
        change("DELETE FROM chunks WHERE number = 1");
        assertThat(found()).contains("event 0 of stream " + documents + " lacks chunks: 2 of 3");
        closed(Chapter.DOCUMENTS, Set.of(0));
    }

    /** These events do not open, and every other does. */
    private void closed(Chapter chapter, Set<Integer> tampered) {
        try (var twins = TestTwins.in(folder, keys)) {
            for (int sequence : tampered) {
                assertThatThrownBy(() -> twins.says(twin, chapter, sequence)).isInstanceOf(Tampered.class);
            }
            for (int i = 0; i < LABS; i++) {
                if (chapter != Chapter.LABS || !tampered.contains(i)) {
                    assertThat(twins.says(twin, Chapter.LABS, i)).isEqualTo("content" + i);
                }
            }
            var others = new ArrayList<String>();
            twins.history.replay(
                    keys.receipt(twin),
                    twin,
                    Chapter.VITALS,
                    opened -> others.add(opened.event().toString()));
            assertThat(others).hasSize(VITALS);
        }
    }

    private void record(TestTwins twins, Chapter chapter, int from, int to) {
        twins.twins.record(new TwinCommand.RecordEntries(
                twin, chapter, twins.incoming(twin, from, to, "content"), NOON, HOSPITAL));
    }

    private List<String> found() {
        return StoreCheck.check(folder.resolve("events.db"), keysFile(), heads, List.of()).problems().stream()
                .map(Problem::what)
                .toList();
    }

    private Path keysFile() {
        var file = folder.resolve("keys.db");
        KeysDatabase.open(file).close();
        return file;
    }

    private static String number(String stream) {
        return "(SELECT id FROM streams WHERE name = '" + stream + "')";
    }

    private void change(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
