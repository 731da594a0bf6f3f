package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/** A SQLite file of a house that nobody has open, as a backup needs it. */
final class SqliteFile {

    private SqliteFile() {}

    /**
     * Folds the write-ahead log, which a crash may have left, into the file: then the file alone is all of it
     * (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
     */
    static void fold(Path file) throws IOException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var answer = connection.createStatement().executeQuery("PRAGMA wal_checkpoint(TRUNCATE)")) {
            if (!answer.next() || answer.getInt(1) != 0) {
                throw new IOException(file.getFileName() + " is being read by another program");
            }
        } catch (SQLException e) {
            throw new IOException(file.getFileName() + " cannot be read", e);
        }
    }

    static void deleteLog(Path file) throws IOException {
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-wal"));
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-shm"));
    }

    /** Every twin that key rows belong to ({@code docs/formats/keys-db.md}). */
    static Set<UUID> twinsWithKeys(Path keyRows) throws IOException {
        var twins = new HashSet<UUID>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + keyRows);
                var rows = connection.createStatement().executeQuery("SELECT DISTINCT twin FROM key_rows")) {
            while (rows.next()) {
                var id = ByteBuffer.wrap(rows.getBytes(1));
                twins.add(new UUID(id.getLong(), id.getLong()));
            }
        } catch (SQLException e) {
            throw new IOException(keyRows.getFileName() + " cannot be read", e);
        }
        return twins;
    }
}
