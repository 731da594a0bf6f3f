package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.KeyRowsContract;
import org.twinkeep.twin.StoreUnavailable;

class SqliteKeyRowsTest extends KeyRowsContract {

    private static final TwinId TWIN = new TwinId(new UUID(1, 2));

    @TempDir
    Path folder;

    private final List<KeysDatabase> opened = new ArrayList<>();

    @Override
    protected KeyRows create() {
        return reopen(null);
    }

    @Override
    protected KeyRows reopen(KeyRows rows) {
        close();
        opened.add(KeysDatabase.open(file()));
        return new SqliteKeyRows(opened.getLast());
    }

    @AfterEach
    void close() {
        opened.forEach(KeysDatabase::close);
        opened.clear();
    }

    private Path file() {
        return folder.resolve("keys.db");
    }

    @Test
    void a_deleted_row_lies_neither_in_the_file_nor_in_its_log() throws Exception {
        var rows = create();
        var secret = HexFormat.of().parseHex("5ec4e7".repeat(40));
        rows.write(TWIN, Map.of(new UUID(1, 1), secret, new UUID(1, 2), new byte[] {1}));
        assertThat(lies(secret)).isTrue();
        rows.delete(List.of(new UUID(1, 1)));
        assertThat(lies(secret)).isFalse();
    }

    @Test
    void an_altered_row_is_refused_rather_than_used() throws Exception {
        var rows = create();
        rows.reserve(new org.twinkeep.crypto.keys.StreamName("s"), 0, 256);
        close();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE reservations SET next = 0");
        }
        var altered = reopen(rows);
        assertThatThrownBy(() -> altered.reserve(new org.twinkeep.crypto.keys.StreamName("s"), 0, 256))
                .isInstanceOf(StoreUnavailable.class);
    }

    private boolean lies(byte[] secret) throws Exception {
        var sought = HexFormat.of().formatHex(secret);
        try (var files = Files.list(folder)) {
            return files.anyMatch(file -> {
                try {
                    return HexFormat.of().formatHex(Files.readAllBytes(file)).contains(sought);
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }
}
