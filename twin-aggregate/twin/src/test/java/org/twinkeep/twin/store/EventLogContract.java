package org.twinkeep.twin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.store.Moved.StreamHead;

/** What every store of events does, whatever it lies in. */
public abstract class EventLogContract {

    private static final byte[] NOTHING_BEFORE = new byte[32];

    protected final TestKeys keys;
    private long origin = -1;
    private final TwinId twin;

    protected EventLogContract() {
        this(3);
    }

    /** @param seed another one each time, where the store outlives the test */
    protected EventLogContract(long seed) {
        keys = TestKeys.seed(seed);
        twin = new TwinId(new UUID(keys.random.nextLong(), keys.random.nextLong()));
        keys.ring().create(twin);
    }

    /** Where the store stood before this test. */
    private long origin() {
        if (origin < 0) {
            origin = log().lastPosition();
        }
        return origin;
    }

    private List<StreamName> streams() {
        return log().streams().stream()
                .filter(stream -> keys.ring().ownerOf(stream).isPresent())
                .toList();
    }

    /** The same store each time within a test. */
    protected abstract EventLog log();

    @Test
    void what_was_appended_comes_back_byte_for_byte() {
        var rows = rows(Chapter.LABS, 0, NOTHING_BEFORE, 3);
        log().append(rows);
        assertSame(log().events(rows.getFirst().stream(), 0, 10, Long.MAX_VALUE), rows);
        assertSame(log().events(rows.getFirst().stream(), 1, 1, Long.MAX_VALUE), rows.subList(1, 2));
        assertThat(log().skeletons(rows.getFirst().stream(), 1, 10))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row.sealed().body()).isNull());
        assertThat(log().event(rows.getFirst().stream(), 7)).isEmpty();
        assertThat(log().events(new StreamName("hdt-of-nobody"), 0, 10, Long.MAX_VALUE))
                .isEmpty();
    }

    @Test
    void a_large_body_lies_in_chunks_beside_its_event() {
        var row = row(Chapter.DOCUMENTS, 0, NOTHING_BEFORE, 1 << 21);
        log().append(List.of(row));
        assertThat(row.chunks()).isGreaterThan(2);
        assertSame(log().events(row.stream(), 0, 10, 1), List.of(row));
        var alone = log().event(row.stream(), 0).orElseThrow();
        assertThat(alone.chunks()).isEqualTo(row.chunks());
        assertSame(List.of(log().withChunks(alone)), List.of(row));
    }

    @Test
    void an_event_that_does_not_follow_its_head_is_refused() {
        var first = row(Chapter.LABS, 0, NOTHING_BEFORE, 10);
        log().append(List.of(first));
        var hash = first.sealed().hash();
        for (var wrong : List.of(row(Chapter.LABS, 0, NOTHING_BEFORE, 10), row(Chapter.LABS, 2, hash, 10))) {
            assertThatThrownBy(() -> log().append(List.of(wrong))).isInstanceOf(AppendRefused.class);
        }
        var second = row(Chapter.LABS, 1, hash, 10);
        log().append(List.of(second));
        assertSame(log().events(first.stream(), 0, 10, Long.MAX_VALUE), List.of(first, second));
    }

    @Test
    void an_append_to_several_streams_is_kept_whole_or_not_at_all() {
        var taken = row(Chapter.LABS, 0, NOTHING_BEFORE, 10);
        log().append(List.of(taken));
        var fresh = row(Chapter.VITALS, 0, NOTHING_BEFORE, 10);
        assertThatThrownBy(() -> log().append(List.of(fresh, row(Chapter.LABS, 0, NOTHING_BEFORE, 10))))
                .isInstanceOf(AppendRefused.class);
        assertThat(log().head(fresh.stream())).isEmpty();
        var next = row(Chapter.LABS, 1, taken.sealed().hash(), 10);
        log().append(List.of(fresh, next));
        assertThat(log().head(fresh.stream()).orElseThrow().sequence()).isZero();
        assertThat(log().head(taken.stream()).orElseThrow().hash())
                .isEqualTo(next.sealed().hash());
    }

    @Test
    void the_order_of_all_events_is_read_page_by_page_without_a_gap() {
        origin();
        var written = new ArrayList<String>();
        for (var chapter : List.of(Chapter.LABS, Chapter.VITALS, Chapter.MEDICATIONS)) {
            var rows = rows(chapter, 0, NOTHING_BEFORE, 40);
            log().append(rows);
            log().keep(snapshot(rows.getLast(), "of " + chapter));
            rows.forEach(row -> written.add(row.id()));
        }
        var read = new ArrayList<String>();
        long after = origin();
        for (var page = log().skeletonsAfter(after, 7); !page.isEmpty(); page = log().skeletonsAfter(after, 7)) {
            assertThat(page).extracting(EventRow::position).isSorted().doesNotHaveDuplicates();
            assertThat(page.getFirst().position()).isGreaterThan(after);
            page.forEach(row -> read.add(row.id()));
            after = page.getLast().position();
        }
        assertThat(read).isEqualTo(written);
        assertThat(log().skeletonsAfter(log().lastPosition(), 10)).isEmpty();
    }

    @Test
    void an_empty_store_is_at_its_beginning_and_its_end() {
        assertThat(log().skeletonsAfter(origin(), 10)).isEmpty();
        assertThat(log().skeletonsAfter(log().lastPosition(), 10)).isEmpty();
        assertThat(streams()).isEmpty();
    }

    @Test
    void the_heads_that_moved_are_told_once() {
        origin();
        var labs = rows(Chapter.LABS, 0, NOTHING_BEFORE, 3);
        var vitals = rows(Chapter.VITALS, 0, NOTHING_BEFORE, 2);
        log().append(labs);
        log().append(vitals);
        var moved = log().movedSince(origin());
        assertThat(moved.heads())
                .extracting(StreamHead::stream, StreamHead::sequence)
                .containsExactlyInAnyOrder(tuple(labs.getFirst().stream(), 2L), tuple(vitals.getFirst().stream(), 1L));
        assertThat(log().movedSince(moved.position()).heads()).isEmpty();
        var next = row(Chapter.VITALS, 2, vitals.getLast().sealed().hash(), 10);
        log().append(List.of(next));
        assertThat(log().movedSince(moved.position()).heads())
                .singleElement()
                .satisfies(
                        head -> assertThat(head.hash()).isEqualTo(next.sealed().hash()));
        assertThat(streams()).containsExactlyInAnyOrder(labs.getFirst().stream(), vitals.getFirst().stream());
    }

    @Test
    void the_newest_snapshot_is_kept_whatever_the_order() {
        origin();
        var row = row(Chapter.LABS, 0, NOTHING_BEFORE, 10);
        assertThat(log().snapshot(row.stream())).isEmpty();
        for (int sequence : List.of(0, 1, 3, 2)) {
            log().keep(new SnapshotRow(
                    row.stream(), sequence, UUID.randomUUID().toString(), "state", "1", new byte[] {(byte) sequence}));
        }
        var kept = log().snapshot(row.stream()).orElseThrow();
        assertThat(kept.sequence()).isEqualTo(3);
        assertThat(kept.sealed()).containsExactly(3);
        assertThat(kept.type()).isEqualTo("state");
        assertThat(log().skeletonsAfter(origin(), 10)).isEmpty();
    }

    @Test
    void a_deleted_stream_is_gone_with_its_chunks_and_snapshot_and_the_others_are_there() {
        origin();
        var labs = rows(Chapter.LABS, 0, NOTHING_BEFORE, 2);
        var documents = row(Chapter.DOCUMENTS, 0, NOTHING_BEFORE, 1 << 20);
        log().append(labs);
        log().append(List.of(documents));
        log().keep(snapshot(documents, "state"));
        assertThat(log().count(List.of(labs.getFirst().stream(), documents.stream())))
                .isEqualTo(3);
        log().delete(List.of(documents.stream()));
        log().delete(List.of(documents.stream()));
        assertThat(log().head(documents.stream())).isEmpty();
        assertThat(log().snapshot(documents.stream())).isEmpty();
        assertThat(log().events(documents.stream(), 0, 10, Long.MAX_VALUE)).isEmpty();
        assertThat(log().withChunks(new EventRow(
                                1,
                                documents.stream(),
                                0,
                                documents.id(),
                                documents.type(),
                                "1",
                                documents.chunks(),
                                documents.sealed()))
                        .sealed()
                        .chunks())
                .isEmpty();
        assertThat(log().count(List.of(labs.getFirst().stream(), documents.stream())))
                .isEqualTo(2);
        assertThat(streams()).containsExactly(labs.getFirst().stream());
        assertThat(log().movedSince(origin()).heads())
                .extracting(StreamHead::stream)
                .containsExactly(labs.getFirst().stream());
    }

    @Test
    void positions_never_go_back_even_after_the_last_was_deleted() {
        origin();
        log().append(List.of(row(Chapter.LABS, 0, NOTHING_BEFORE, 10)));
        var deleted = row(Chapter.VITALS, 0, NOTHING_BEFORE, 10);
        log().append(List.of(deleted));
        long last = log().movedSince(origin()).position();
        log().delete(List.of(deleted.stream()));
        var next = row(Chapter.MEDICATIONS, 0, NOTHING_BEFORE, 10);
        log().append(List.of(next));
        assertThat(log().skeletonsAfter(last, 10)).extracting(EventRow::id).containsExactly(next.id());
    }

    @Test
    void the_leaves_of_bodies_are_found_without_opening_them() {
        var rows = rows(Chapter.LABS, 0, NOTHING_BEFORE, 3);
        log().append(rows);
        var addresses = rows.stream()
                .map(row ->
                        Sealing.addressOf(Objects.requireNonNull(row.sealed().body())))
                .toList();
        assertThat(log().leavesOf(
                                rows.getFirst().stream(),
                                LongStream.range(0, 3).boxed().toList()))
                .isEqualTo(addresses);
    }

    @Test
    void writers_at_the_same_time_lose_nothing_and_double_nothing() throws Exception {
        origin();
        var chapters = Arrays.stream(Chapter.values()).limit(8).toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = chapters.stream()
                    .<Callable<Void>>map(chapter -> () -> {
                        var previous = NOTHING_BEFORE;
                        for (int i = 0; i < 10; i++) {
                            var row = row(chapter, i, previous, 10);
                            log().append(List.of(row));
                            previous = row.sealed().hash();
                        }
                        return null;
                    })
                    .toList();
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(log().skeletonsAfter(origin(), 1000)).hasSize(chapters.size() * 10);
        for (var stream : streams()) {
            var chain = new Chain(stream, Map.of());
            log().events(stream, 0, 100, Long.MAX_VALUE).forEach(chain::next);
            assertThat(chain.end()).isEmpty();
        }
    }

    @Test
    void of_writers_to_one_place_one_wins() throws Exception {
        var rows = IntStream.range(0, 16)
                .mapToObj(_ -> row(Chapter.LABS, 0, NOTHING_BEFORE, 10))
                .toList();
        var won = new ArrayList<EventRow>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = rows.stream()
                    .<Callable<Boolean>>map(row -> () -> {
                        try {
                            log().append(List.of(row));
                            return true;
                        } catch (AppendRefused e) {
                            return false;
                        }
                    })
                    .toList();
            var done = threads.invokeAll(work);
            for (int i = 0; i < rows.size(); i++) {
                if (done.get(i).get()) {
                    won.add(rows.get(i));
                }
            }
        }
        assertThat(won).hasSize(1);
        assertSame(log().events(won.getFirst().stream(), 0, 10, Long.MAX_VALUE), won);
    }

    /** Sealed events that follow each other. */
    protected final List<EventRow> rows(Chapter chapter, long first, byte[] before, int count) {
        var rows = new ArrayList<EventRow>();
        var previous = before;
        for (int i = 0; i < count; i++) {
            rows.add(row(chapter, first + i, previous, 100));
            previous = rows.getLast().sealed().hash();
        }
        return rows;
    }

    /** A sealed event with a body of so many bytes. */
    protected final EventRow row(Chapter chapter, long sequence, byte[] previous, int bytes) {
        var stream = keys.ring().streamOf(twin, chapter);
        var id = UUID.randomUUID().toString();
        var context = new EventContext(stream, sequence, id, "entry.recorded", "1", twin, chapter);
        SealedEvent sealed =
                keys.sealing().seal(context, new byte[50], new Body(1, new byte[20], new byte[bytes]), previous);
        return new EventRow(
                0, stream, sequence, id, "entry.recorded", "1", sealed.chunks().size(), sealed);
    }

    private SnapshotRow snapshot(EventRow row, String says) {
        return new SnapshotRow(
                row.stream(), row.sequence(), UUID.randomUUID().toString(), "state", "1", says.getBytes());
    }

    protected static void assertSame(List<EventRow> found, List<EventRow> expected) {
        assertThat(found)
                .extracting(EventLogContract::text)
                .isEqualTo(expected.stream().map(EventLogContract::text).toList());
        assertThat(found).allSatisfy(row -> assertThat(row.position()).isPositive());
    }

    /** All of a row but its position. */
    private static String text(EventRow row) {
        var sealed = row.sealed();
        return Stream.concat(
                        Stream.of(sealed.skeleton(), sealed.body(), sealed.previousHash(), sealed.hash()),
                        sealed.chunks().stream())
                .map(bytes -> bytes == null
                        ? "none"
                        : HexFormat.of().formatHex(Sha2.sha256().digest(bytes)))
                .collect(Collectors.joining(
                        " ",
                        String.join(" ", row.stream().value(), row.id(), row.type(), row.revision()) + " "
                                + row.sequence() + " " + row.chunks() + " ",
                        ""));
    }
}
