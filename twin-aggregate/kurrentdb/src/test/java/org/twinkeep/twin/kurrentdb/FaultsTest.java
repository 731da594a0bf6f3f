package org.twinkeep.twin.kurrentdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinHistory.Opened;
import org.twinkeep.twin.store.AppendRefused;
import org.twinkeep.twin.store.Chain;
import org.twinkeep.twin.store.EventRow;
import org.twinkeep.twin.store.SnapshotRow;

/** Under each fault: no acknowledged event missing, nothing doubled, no index used twice with different bytes. */
class FaultsTest {

    private static final Patience SHORT = new Patience(Duration.ofMillis(400), Duration.ofSeconds(20));
    private static final Patience NONE = new Patience(Duration.ofMillis(300), Duration.ZERO);

    private final StreamName stream = new StreamName("hdt-" + "0a".repeat(20));
    private WireServer server;
    private KurrentEvents events;

    @BeforeEach
    void open() throws IOException {
        server = WireServer.alone();
        events = KurrentEvents.open(server.connectionString(), SHORT);
        events.lastPosition();
    }

    @AfterEach
    void close() {
        events.close();
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DROP_AFTER_COMMIT", "DROP_BEFORE_COMMIT", "SILENCE_AFTER_COMMIT"})
    void an_append_without_an_answer_is_there_once(Fault fault) {
        var rows = rows(stream, 3);
        server.next(fault);
        server.next(fault);
        events.append(rows);
        assertThat(server.outstanding()).isZero();
        assertThat(hashes(stream)).isEqualTo(hashesOf(rows));
        events.append(List.of(row(stream, 3, rows.getLast().sealed().hash())));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DROP_AFTER_COMMIT", "DROP_BEFORE_COMMIT", "SILENCE_AFTER_COMMIT"})
    void an_append_to_several_streams_without_an_answer_is_there_once(Fault fault) {
        var other = new StreamName("hdt-" + "0b".repeat(20));
        var rows = List.of(row(stream, 0, new byte[32]), row(other, 0, new byte[32]));
        server.next(fault);
        events.append(rows);
        assertThat(server.outstanding()).isZero();
        assertThat(hashes(stream)).isEqualTo(hashesOf(rows.subList(0, 1)));
        assertThat(hashes(other)).isEqualTo(hashesOf(rows.subList(1, 2)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"STALLED_READ", "BROKEN_READ", "CANCELLED_READ", "DOUBLED_READ"})
    void what_is_read_is_whole_and_nothing_comes_twice(Fault fault) {
        var rows = rows(stream, 5);
        events.append(rows);
        for (int reading = 0; reading < 4; reading++) {
            server.next(fault);
            switch (reading) {
                case 0 -> assertThat(hashes(stream)).isEqualTo(hashesOf(rows));
                case 1 ->
                    assertThat(events.skeletonsAfter(0, 3))
                            .extracting(EventRow::sequence)
                            .containsExactly(0L, 1L, 2L);
                case 2 -> assertThat(events.movedSince(0).heads()).hasSize(1);
                default ->
                    assertThat(events.head(stream).orElseThrow().sequence()).isEqualTo(4);
            }
        }
        assertThat(server.outstanding()).isZero();
    }

    @Test
    void a_leader_that_moves_or_dies_is_followed() throws IOException {
        try (var second = server.another();
                var third = server.another();
                var client = KurrentEvents.open(server.connectionString(), SHORT)) {
            var rows = rows(stream, 4);
            client.append(rows.subList(0, 1));
            second.lead();
            client.append(rows.subList(1, 2));
            third.lead();
            assertThat(client.events(stream, 0, 10, Long.MAX_VALUE)).hasSize(2);
            client.append(rows.subList(2, 3));
            third.close();
            client.append(rows.subList(3, 4));
            assertThat(hashes(stream)).isEqualTo(hashesOf(rows));
        }
    }

    @Test
    void a_deleted_stream_takes_no_event_and_is_not_asked_again() {
        var rows = rows(stream, 2);
        events.append(rows.subList(0, 1));
        events.delete(List.of(stream));
        int before = server.records().size();
        assertThatThrownBy(() -> events.append(rows.subList(1, 2))).isInstanceOf(TwinForgotten.class);
        assertThatThrownBy(() -> events.append(List.of(rows.getLast(), row(new StreamName("hdt-c"), 0, new byte[32]))))
                .isInstanceOf(TwinForgotten.class);
        events.keep(new SnapshotRow(new StreamName("hdt-c"), 0, "id", "state", "1", new byte[3]));
        assertThat(events.head(stream)).isEmpty();
        assertThat(server.records().stream().skip(before).map(WireLog.Stored::stream))
                .containsOnly("hdtsnap-c", "$$hdtsnap-c");
    }

    @Test
    void who_was_overtaken_is_refused_and_then_follows() {
        var first = row(stream, 0, new byte[32]);
        events.append(List.of(first));
        var theirs = row(stream, 1, first.sealed().hash());
        try (var others = KurrentEvents.open(server.connectionString(), SHORT)) {
            others.append(List.of(theirs));
        }
        assertThat(events.believedHead(stream).orElseThrow().sequence()).isZero();
        assertThatThrownBy(() ->
                        events.append(List.of(row(stream, 1, first.sealed().hash()))))
                .isInstanceOf(AppendRefused.class);
        var head = events.believedHead(stream).orElseThrow();
        assertThat(head.sequence()).isEqualTo(1);
        events.append(List.of(row(stream, 2, head.hash())));
        assertThat(hashes(stream)).hasSize(3).startsWith(hash(first), hash(theirs));
    }

    @Test
    void the_same_event_sealed_anew_is_not_taken_for_a_repetition() {
        var row = row(stream, 0, new byte[32]);
        events.append(List.of(row));
        var anew = row(stream, 0, new byte[32]);
        var sameId = new EventRow(0, stream, 0, row.id(), row.type(), row.revision(), 0, anew.sealed());
        assertThatThrownBy(() -> events.append(List.of(sameId))).isInstanceOf(AppendRefused.class);
        events.append(List.of(row));
        assertThat(hashes(stream)).containsExactly(hash(row));
    }

    @Test
    void who_gives_up_says_that_the_outcome_is_unknown_and_doubles_nothing() {
        var rows = rows(stream, 2);
        try (var hasty = KurrentEvents.open(server.connectionString(), NONE)) {
            hasty.lastPosition();
            server.next(Fault.SILENCE_AFTER_COMMIT);
            assertThatThrownBy(() -> hasty.append(rows.subList(0, 1)))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("unknown");
        }
        assertThatThrownBy(() -> events.append(List.of(row(stream, 0, new byte[32]))))
                .isInstanceOf(AppendRefused.class);
        events.append(rows.subList(0, 1));
        events.append(rows.subList(1, 2));
        assertThat(hashes(stream)).isEqualTo(hashesOf(rows));
    }

    @Test
    void a_server_that_is_away_is_an_answer_in_time() {
        var address = server.connectionString();
        server.close();
        try (var hasty = KurrentEvents.open(address, NONE)) {
            assertThatThrownBy(hasty::lastPosition).isInstanceOf(StoreUnavailable.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "what is this", "kurrentdb://user:secret@one:2113,two:port", "http://user:secret@host"})
    void a_connection_string_that_cannot_be_read_is_not_quoted(String wrong) {
        assertThatThrownBy(() -> KurrentEvents.open(wrong, NONE))
                .isInstanceOf(StoreUnavailable.class)
                .hasNoCause()
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void of_writers_under_random_faults_every_acknowledged_event_is_there_once(long seed) throws Exception {
        var random = new Random(seed);
        var appending = List.of(Fault.DROP_AFTER_COMMIT, Fault.DROP_BEFORE_COMMIT, Fault.SILENCE_AFTER_COMMIT);
        var reading = List.of(Fault.DOUBLED_READ, Fault.BROKEN_READ, Fault.CANCELLED_READ);
        var acknowledged = new HashMap<StreamName, List<String>>();
        var streams = IntStream.range(0, 4)
                .mapToObj(i -> new StreamName("hdt-" + ("0" + i).repeat(20)))
                .toList();
        streams.forEach(each -> acknowledged.put(each, new ArrayList<>()));
        for (int i = 0; i < 12; i++) {
            server.next(appending.get(random.nextInt(appending.size())));
            server.next(reading.get(random.nextInt(reading.size())));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = streams.stream()
                    .<Callable<Void>>map(each -> () -> {
                        for (int i = 0; i < 25; i++) {
                            var head = events.head(each);
                            var row = row(
                                    each,
                                    head.map(h -> h.sequence() + 1).orElse(0L),
                                    head.map(h -> h.hash()).orElse(new byte[32]));
                            events.append(List.of(row));
                            acknowledged.get(each).add(hash(row));
                        }
                        return null;
                    })
                    .toList();
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(server.outstanding()).isZero();
        for (var each : streams) {
            assertThat(hashes(each)).isEqualTo(acknowledged.get(each));
        }
    }

    @Test
    void no_index_is_used_twice_with_different_bytes_whatever_happens_to_the_appends() {
        var keys = TestKeys.seed(11);
        try (var twins = TestTwins.over(KurrentEvents.open(server.connectionString(), SHORT), keys)) {
            var twin = twins.aTwin();
            for (int i = 0; i < 10; i++) {
                server.next(i % 2 == 0 ? Fault.DROP_AFTER_COMMIT : Fault.DROP_BEFORE_COMMIT);
                server.next(i % 2 == 0 ? Fault.DOUBLED_READ : Fault.BROKEN_READ);
                twins.record(twin, Chapter.LABS, twins.incoming(twin, i, "value " + i));
            }
            var read = new ArrayList<Opened>();
            twins.history.replay(keys.receipt(twin), twin, Chapter.LABS, read::add);
            assertThat(read).hasSize(10);
            assertThat(twins.says(twin, Chapter.LABS, 9)).isEqualTo("value 9");
            assertChains(twins);
        }
    }

    private static void assertChains(TestTwins twins) {
        var used = new HashMap<String, String>();
        for (var stream : twins.events.streams()) {
            var chain = new Chain(stream, Map.of());
            for (var row : twins.events.events(stream, 0, 1000, Long.MAX_VALUE)) {
                chain.next(row);
                var body = row.sealed().body();
                if (body != null) {
                    assertThat(used.put(stream + " " + Sealing.addressOf(body), hash(row)))
                            .isNull();
                }
            }
            assertThat(chain.end()).isEmpty();
        }
        assertThat(used).isNotEmpty();
    }

    private List<String> hashes(StreamName of) {
        return hashesOf(events.events(of, 0, 1000, Long.MAX_VALUE));
    }

    private static List<String> hashesOf(List<EventRow> rows) {
        return rows.stream().map(FaultsTest::hash).toList();
    }

    private static String hash(EventRow row) {
        return HexFormat.of().formatHex(row.sealed().hash());
    }

    private static List<EventRow> rows(StreamName stream, int count) {
        var rows = new ArrayList<EventRow>();
        var previous = new byte[32];
        for (int i = 0; i < count; i++) {
            rows.add(row(stream, i, previous));
            previous = rows.getLast().sealed().hash();
        }
        return rows;
    }

    private static EventRow row(StreamName stream, long sequence, byte[] previous) {
        var id = UUID.randomUUID();
        var hash = new byte[32];
        ByteBuffer.wrap(hash).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return new EventRow(
                0,
                stream,
                sequence,
                id.toString(),
                "type",
                "1",
                0,
                new SealedEvent(new byte[60], new byte[200], List.of(), previous, hash));
    }
}
