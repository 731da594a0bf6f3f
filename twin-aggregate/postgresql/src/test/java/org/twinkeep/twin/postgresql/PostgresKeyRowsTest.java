package org.twinkeep.twin.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.KeyRowsContract;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.StoreUnavailable;

@Tag("slow")
class PostgresKeyRowsTest extends KeyRowsContract {

    private static final TwinId TWIN = TwinId.of("00000000-0000-4000-8000-00000000000a");

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    private String address;

    @Override
    protected KeyRows create() throws Exception {
        address = POSTGRES.empty();
        return reopen();
    }

    @Override
    protected KeyRows reopen(KeyRows rows) {
        return reopen();
    }

    private KeyRows reopen() {
        return PostgresKeyRows.in(POSTGRES.connect(address));
    }

    @Test
    void what_was_acknowledged_survives_a_crash_and_what_cannot_be_reached_says_so() throws Exception {
        var rows = create();
        var row = UUID.randomUUID();
        rows.write(TWIN, Map.of(row, new byte[] {7}));
        long first = rows.reserve(new StreamName("s"), 0, 10);
        POSTGRES.server().crash();
        try {
            assertThatThrownBy(() -> rows.read(row)).isInstanceOf(StoreUnavailable.class);
            assertThatThrownBy(() -> rows.reserve(new StreamName("s"), 0, 1)).isInstanceOf(StoreUnavailable.class);
        } finally {
            POSTGRES.server().resume();
        }
        assertThat(rows.read(row).orElseThrow()).containsExactly(7);
        assertThat(rows.reserve(new StreamName("s"), 0, 1)).isEqualTo(first + 10);
    }

    @Test
    void no_index_is_given_to_two_servers() throws Exception {
        create();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = IntStream.range(0, 8)
                    .<Callable<Long>>mapToObj(_ -> () -> reopen().reserve(new StreamName("s"), 3, 5))
                    .toList();
            var given = new HashSet<Long>();
            for (var done : threads.invokeAll(work)) {
                LongStream.range(done.get(), done.get() + 5)
                        .forEach(index -> assertThat(given.add(index)).isTrue());
            }
            assertThat(given).hasSize(40);
        }
    }

    @Test
    void work_that_is_done_together_is_kept_whole_or_not_at_all() throws Exception {
        var rows = create();
        var others = reopen();
        var row = UUID.randomUUID();
        assertThatThrownBy(() -> rows.together(() -> {
                    rows.write(TWIN, Map.of(row, new byte[] {7}));
                    assertThat(rows.read(row)).isPresent();
                    assertThat(others.read(row)).isEmpty();
                    throw new IllegalStateException("half way");
                }))
                .hasMessage("half way");
        assertThat(rows.rowsOf(TWIN)).isEmpty();
    }
}
