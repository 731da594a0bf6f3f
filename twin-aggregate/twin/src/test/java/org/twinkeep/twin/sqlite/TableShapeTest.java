package org.twinkeep.twin.sqlite;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableShapeTest {
    private static final List<String> MADE = List.of(
            "CREATE TABLE thing(id text PRIMARY KEY, owner bytea NOT NULL, once bytea UNIQUE)",
            "CREATE INDEX thing_of ON thing(owner)");

    @TempDir
    private Path folder;

    @BeforeEach
    void aFile() throws SQLException {
        make(MADE);
    }

    @Test
    void tables_stand_as_they_were_made() throws SQLException {
        assertThat(isAsMade()).isTrue();
    }

    @Test
    void a_file_that_says_blob_and_keeps_its_rows_by_their_key_has_the_same_shape() throws SQLException, IOException {
        Files.delete(file());
        make(List.of(
                "CREATE TABLE thing(id TEXT PRIMARY KEY, owner BLOB NOT NULL, once BLOB UNIQUE) WITHOUT ROWID",
                "CREATE INDEX thing_of ON thing(owner)"));
        assertThat(isAsMade()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "once bytea, once0bytea",
        "owner bytea, owner bytez",
        "autoindex_thing_1thing, autoindex_thing_1thinn",
        "autoindex_thing_2thing, autoindex_thing_2uhing"
    })
    void a_flipped_bit_is_told_where_the_file_still_reads_as_one(String from, String to)
            throws SQLException, IOException {
        var text = Files.readString(file(), ISO_8859_1);
        assertThat(text).contains(from);
        Files.writeString(file(), text.replace(from, to), ISO_8859_1);
        assertThat(isAsMade()).isFalse();
    }

    private void make(List<String> tables) throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + file());
                var statement = database.createStatement()) {
            for (var table : tables) {
                statement.execute(table);
            }
        }
    }

    private boolean isAsMade() throws SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + file())) {
            return TableShape.isAsMade(database, MADE);
        }
    }

    private Path file() {
        return folder.resolve("tables.db");
    }
}
