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
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.KeyRowsContract;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.StoreUnavailable;

@Tag("slow")
class PostgresKeyRowsTest extends KeyRowsContract {

    private static final TwinId TWIN = TwinId.of("00000000-0000-4000-8000-00000000000a");
    private static PostgresServer server;

    private DataSource source;

    @BeforeAll
    static void aServer() throws Exception {
        server = PostgresServer.start();
    }

    @AfterAll
    static void away() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected KeyRows create() throws Exception {
        source = server.empty();
        return PostgresKeyRows.in(source);
    }

    @Override
    protected KeyRows reopen(KeyRows rows) {
        return PostgresKeyRows.in(source);
    }

    @Test
    void what_was_acknowledged_survives_a_crash_and_what_cannot_be_reached_says_so() throws Exception {
        var rows = create();
        var row = UUID.randomUUID();
        rows.write(TWIN, Map.of(row, new byte[] {7}));
        long first = rows.reserve(new StreamName("s"), 0, 10);
        server.crash();
        try {
            assertThatThrownBy(() -> rows.read(row)).isInstanceOf(StoreUnavailable.class);
            assertThatThrownBy(() -> rows.reserve(new StreamName("s"), 0, 1)).isInstanceOf(StoreUnavailable.class);
        } finally {
            server.resume();
        }
        assertThat(rows.read(row).orElseThrow()).containsExactly(7);
        assertThat(rows.reserve(new StreamName("s"), 0, 1)).isEqualTo(first + 10);
    }

    @Test
    void no_index_is_given_to_two_servers() throws Exception {
        create();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = IntStream.range(0, 8)
                    .<Callable<Long>>mapToObj(
                            _ -> () -> PostgresKeyRows.in(source).reserve(new StreamName("s"), 3, 5))
                    .toList();
            var given = new HashSet<Long>();
            for (var done : threads.invokeAll(work)) {
                LongStream.range(done.get(), done.get() + 5)
                        .forEach(index -> assertThat(given.add(index)).isTrue());
            }
            assertThat(given).hasSize(40);
        }
    }
}
