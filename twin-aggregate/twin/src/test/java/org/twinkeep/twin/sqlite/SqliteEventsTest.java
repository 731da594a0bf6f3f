package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.store.AppendRefused;
import org.twinkeep.twin.store.EventRow;

class SqliteEventsTest {

    @TempDir
    Path folder;

    private SqliteEvents events;

    @BeforeEach
    void open() {
        events = SqliteEvents.open(folder.resolve("events.db"));
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void an_event_that_does_not_follow_its_head_is_refused() {
        var first = row("s", 0, new byte[32]);
        events.append(List.of(first));
        assertThatThrownBy(() -> events.append(List.of(row("s", 0, new byte[32]))))
                .isInstanceOf(AppendRefused.class);
        assertThatThrownBy(
                        () -> events.append(List.of(row("s", 2, first.sealed().hash()))))
                .isInstanceOf(AppendRefused.class);
        assertThatThrownBy(() -> events.append(List.of(row("s", 1, new byte[32]))))
                .isInstanceOf(AppendRefused.class);
        events.append(List.of(row("s", 1, first.sealed().hash())));
        assertThat(events.head(new StreamName("s")).orElseThrow().sequence()).isEqualTo(1);
    }

    @Test
    void writers_at_the_same_time_lose_nothing_and_double_nothing() throws Exception {
        var writers = 64;
        var each = 20;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = IntStream.range(0, writers)
                    .<Callable<Integer>>mapToObj(writer -> () -> write("s" + writer, each))
                    .toList();
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isEqualTo(each);
            }
        }
        var rows = events.skeletonsAfter(0, 10_000);
        assertThat(rows).hasSize(writers * each);
        assertThat(rows).extracting(EventRow::position).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void one_refused_append_of_a_group_leaves_the_others_be() throws Exception {
        var first = row("contested", 0, new byte[32]);
        var start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempts = new ArrayList<java.util.concurrent.Future<Boolean>>();
            for (int i = 0; i < 40; i++) {
                int writer = i;
                attempts.add(threads.submit(() -> {
                    start.await();
                    try {
                        events.append(List.of(
                                row("own" + writer, 0, new byte[32]),
                                row("contested", 0, first.sealed().previousHash())));
                        return true;
                    } catch (AppendRefused e) {
                        events.append(List.of(row("own" + writer, 0, new byte[32])));
                        return false;
                    }
                }));
            }
            start.countDown();
            int won = 0;
            for (var attempt : attempts) {
                won += attempt.get() ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
        var rows = events.skeletonsAfter(0, 100);
        assertThat(rows).hasSize(41);
    }

    @Test
    void an_event_id_that_is_taken_is_refused_whole_and_alone() throws Exception {
        var start = new CountDownLatch(1);
        var id = UUID.randomUUID().toString();
        int won = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var attempts = new ArrayList<java.util.concurrent.Future<Boolean>>();
            for (int i = 0; i < 40; i++) {
                int writer = i;
                attempts.add(threads.submit(() -> {
                    start.await();
                    var first = row("own" + writer, 0, new byte[32]);
                    var sealed = new SealedEvent(
                            new byte[1], null, List.of(), first.sealed().hash(), new byte[32]);
                    var second = new EventRow(0, first.stream(), 1, id, "type", "1", 0, sealed);
                    try {
                        events.append(List.of(first, second));
                        return true;
                    } catch (AppendRefused e) {
                        events.append(List.of(first));
                        return false;
                    }
                }));
            }
            start.countDown();
            for (var attempt : attempts) {
                won += attempt.get() ? 1 : 0;
            }
        }
        assertThat(won).isEqualTo(1);
        assertThat(events.skeletonsAfter(0, 100)).hasSize(41);
    }

    @Test
    void the_last_position_does_not_go_back_whatever_is_deleted_and_however_often() {
        events.append(List.of(row("a", 0, new byte[32]), row("b", 0, new byte[32])));
        for (int round = 1; round <= 3; round++) {
            long last = events.lastPosition();
            events.delete(List.of(new StreamName("a"), new StreamName("b")));
            assertThat(events.lastPosition()).isEqualTo(last);
            events.close();
            events = SqliteEvents.open(folder.resolve("events.db"));
            assertThat(events.lastPosition()).isEqualTo(last);
            events.append(List.of(row("b", 0, new byte[32])));
            assertThat(events.skeletonsAfter(last, 10)).hasSize(1);
        }
        assertThat(events.streams()).containsExactly(new StreamName("b"));
        assertThat(events.skeletonsAfter(0, 10)).hasSize(1);
    }

    @Test
    void an_append_follows_its_stream_also_where_there_are_more_than_are_remembered() {
        var firsts = IntStream.range(0, 10_001)
                .mapToObj(i -> row("s" + i, 0, new byte[32]))
                .toList();
        events.append(firsts);
        events.append(List.of(row("s0", 1, firsts.getFirst().sealed().hash())));
        events.append(List.of(row("one-more", 0, new byte[32])));
        assertThatThrownBy(() -> events.append(
                        List.of(row("s0", 1, firsts.getFirst().sealed().hash()))))
                .isInstanceOf(AppendRefused.class);
        assertThat(events.head(new StreamName("s0")).orElseThrow().sequence()).isEqualTo(1);
    }

    /** As folders were made before: SQLite itself kept their positions. */
    @Test
    void a_table_that_keeps_its_positions_itself_is_gone_on_with() throws Exception {
        var older = folder.resolve("older.db");
        SqliteEvents.open(older).close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + older);
                var statement = connection.createStatement();
                var made = statement.executeQuery("SELECT sql FROM sqlite_schema WHERE name = 'events'")) {
            var sql = made.getString(1).replace("PRIMARY KEY,", "PRIMARY KEY AUTOINCREMENT,");
            assertThat(sql).contains("AUTOINCREMENT");
            statement.execute("DROP TABLE events");
            statement.execute(sql);
        }
        try (var store = SqliteEvents.open(older)) {
            store.append(List.of(row("a", 0, new byte[32])));
            store.delete(List.of(new StreamName("a")));
            store.append(List.of(row("b", 0, new byte[32])));
            assertThat(store.skeletonsAfter(1, 10))
                    .extracting(EventRow::position)
                    .containsExactly(2L);
        }
        assertThat(StoreCheck.check(older, folder.resolve("none.db"), List.of(), List.of())
                        .problems())
                .noneMatch(problem -> problem.what().contains("table"));
    }

    @Test
    void after_a_failed_commit_nothing_is_acknowledged_until_the_store_is_well_again() throws Exception {
        events.append(List.of(row("a", 0, new byte[32])));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE events RENAME TO hidden");
        }
        assertThatThrownBy(() -> events.append(List.of(row("b", 0, new byte[32]))))
                .isInstanceOf(StoreUnavailable.class);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("events.db"));
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE hidden RENAME TO events");
        }
        events.append(List.of(row("b", 0, new byte[32])));
        assertThat(events.movedSince(0).heads()).hasSize(2);
    }

    @Test
    void a_store_of_a_format_that_is_not_known_is_refused() throws Exception {
        var newer = folder.resolve("newer.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + newer);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 2");
        }
        assertThatThrownBy(() -> SqliteEvents.open(newer))
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("format 2");
    }

    private int write(String stream, int count) {
        var previous = new byte[32];
        for (int i = 0; i < count; i++) {
            var row = row(stream, i, previous);
            events.append(List.of(row));
            previous = row.sealed().hash();
        }
        return count;
    }

    private static EventRow row(String stream, long sequence, byte[] previous) {
        var id = UUID.randomUUID().toString();
        var hash = new byte[32];
        hash[0] = (byte) (sequence + 1);
        var sealed = new SealedEvent(new byte[100], new byte[512], List.of(), previous, hash);
        return new EventRow(0, new StreamName(stream), sequence, id, "type", "1", 0, sealed);
    }
}
