package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.TwinId;

/** What every store of key rows does. An adapter extends it and says how it is opened. */
public abstract class KeyRowsContract {

    private static final TwinId ANNA = TwinId.of("00000000-0000-4000-8000-00000000000a");
    private static final TwinId BERT = TwinId.of("00000000-0000-4000-8000-00000000000b");
    private static final StreamName STREAM = new StreamName("hdt-0123456789012345678901234567890123456789");
    private static final StreamName OTHER = new StreamName("hdt-9876543210987654321098765432109876543210");

    /** A new, empty store. */
    protected abstract KeyRows create() throws Exception;

    /** The same store as another process would find it; one that cannot be closed and found again answers itself. */
    protected abstract KeyRows reopen(KeyRows rows) throws Exception;

    @Test
    void an_unknown_row_is_empty() throws Exception {
        assertThat(create().read(row(1))).isEmpty();
        assertThat(create().rowsOf(ANNA)).isEmpty();
    }

    @Test
    void written_rows_are_read_again_byte_for_byte() throws Exception {
        var rows = create();
        rows.write(ANNA, Map.of(row(1), new byte[] {1, 0, -1}, row(2), new byte[0]));
        assertThat(rows.read(row(1)).orElseThrow()).containsExactly(1, 0, -1);
        assertThat(rows.read(row(2)).orElseThrow()).isEmpty();
    }

    @Test
    void each_twin_has_its_own_rows() throws Exception {
        var rows = create();
        rows.write(ANNA, Map.of(row(1), bytes(), row(2), bytes()));
        rows.write(BERT, Map.of(row(3), bytes()));
        assertThat(rows.rowsOf(ANNA)).containsExactlyInAnyOrder(row(1), row(2));
        assertThat(rows.rowsOf(BERT)).containsExactly(row(3));
    }

    @Test
    void rows_are_written_all_or_none() throws Exception {
        var rows = create();
        rows.write(ANNA, Map.of(row(2), new byte[] {2}));
        assertThatThrownBy(() -> rows.write(ANNA, Map.of(row(1), bytes(), row(2), bytes(), row(3), bytes())))
                .isInstanceOf(RuntimeException.class);
        assertThat(rows.rowsOf(ANNA)).containsExactly(row(2));
        assertThat(rows.read(row(2)).orElseThrow()).containsExactly(2);
    }

    @Test
    void deleted_rows_are_gone_and_deleting_again_is_done() throws Exception {
        var rows = create();
        rows.write(ANNA, Map.of(row(1), bytes(), row(2), bytes()));
        rows.delete(List.of(row(1), row(9)));
        rows.delete(List.of(row(1)));
        rows.delete(List.of());
        assertThat(rows.read(row(1))).isEmpty();
        assertThat(rows.rowsOf(ANNA)).containsExactly(row(2));
    }

    @Test
    void a_large_row_is_kept() throws Exception {
        var rows = create();
        var large = new byte[2_000_000];
        large[1_999_999] = 7;
        rows.write(ANNA, Map.of(row(1), large));
        assertThat(rows.read(row(1)).orElseThrow()).isEqualTo(large);
    }

    @Test
    void a_stream_knows_its_twin_until_it_is_forgotten() throws Exception {
        var rows = create();
        rows.nameStream(STREAM, ANNA);
        rows.nameStream(STREAM, ANNA);
        rows.nameStream(OTHER, BERT);
        assertThat(rows.ownerOf(STREAM)).contains(ANNA);
        rows.forgetStreams(ANNA);
        rows.forgetStreams(ANNA);
        assertThat(rows.ownerOf(STREAM)).isEmpty();
        assertThat(rows.ownerOf(OTHER)).contains(BERT);
    }

    @Test
    void indexes_are_reserved_one_block_after_the_other() throws Exception {
        var rows = create();
        assertThat(rows.reserve(STREAM, 0, 256)).isZero();
        assertThat(rows.reserve(STREAM, 0, 512)).isEqualTo(256);
        assertThat(rows.reserve(STREAM, 0, 1)).isEqualTo(768);
        assertThat(rows.reserve(STREAM, 1, 256)).isZero();
        assertThat(rows.reserve(OTHER, 0, 256)).isZero();
    }

    @Test
    void everything_is_there_after_reopening() throws Exception {
        var before = create();
        before.write(ANNA, Map.of(row(1), new byte[] {1}, row(2), bytes()));
        before.delete(List.of(row(2)));
        before.nameStream(STREAM, ANNA);
        before.reserve(STREAM, 3, 256);
        var rows = reopen(before);
        assertThat(rows.read(row(1)).orElseThrow()).containsExactly(1);
        assertThat(rows.rowsOf(ANNA)).containsExactly(row(1));
        assertThat(rows.ownerOf(STREAM)).contains(ANNA);
        assertThat(rows.reserve(STREAM, 3, 256)).isEqualTo(256);
    }

    @Test
    void no_index_is_given_to_two_threads() throws Exception {
        var rows = create();
        var given = new ArrayList<Long>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Long> reserve = () -> rows.reserve(STREAM, 0, 10);
            for (var each : threads.invokeAll(
                    IntStream.range(0, 50).mapToObj(_ -> reserve).toList())) {
                given.add(each.get());
            }
        }
        assertThat(given).doesNotHaveDuplicates().allMatch(first -> first % 10 == 0);
    }

    private static UUID row(int number) {
        return new UUID(0x40, number);
    }

    private static byte[] bytes() {
        return new byte[] {42};
    }
}
