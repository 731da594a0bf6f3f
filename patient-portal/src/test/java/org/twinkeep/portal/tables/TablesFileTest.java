package org.twinkeep.portal.tables;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablesFileTest {
    private static final String[] MADE = {
        "CREATE TABLE IF NOT EXISTS row(id text PRIMARY KEY, owner bytea NOT NULL, once bytea UNIQUE)",
        "CREATE INDEX IF NOT EXISTS row_of ON row(owner)"
    };

    @TempDir
    private Path folder;

    @Test
    void tables_stand_as_they_were_made_also_when_they_are_opened_again() {
        assertThat(isAsMade()).isTrue();
        assertThat(isAsMade()).isTrue();
    }

    @Test
    void a_flipped_bit_in_the_text_that_made_a_table_is_told_where_it_still_reads_as_one() throws IOException {
        assertThat(isAsMade()).isTrue();
        flip("once bytea", "once0bytea");
        assertThat(isAsMade()).isFalse();
    }

    private boolean isAsMade() {
        try (var tables = Tables.in(folder.resolve("tables.db"))) {
            tables.make(MADE);
            return tables.isAsMade();
        }
    }

    private void flip(String from, String to) throws IOException {
        var file = folder.resolve("tables.db");
        var text = Files.readString(file, ISO_8859_1);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to), ISO_8859_1);
    }
}
