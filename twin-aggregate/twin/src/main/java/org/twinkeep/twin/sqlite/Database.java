package org.twinkeep.twin.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TempStore;

/**
 * One SQLite file as this house keeps it: write-ahead log, every commit synced, freed pages overwritten with zeros
 * (https://www.sqlite.org/pragma.html#pragma_secure_delete), nothing spilled to temporary files.
 *
 * <p>One process owns the folder, and says so to SQLite (https://www.sqlite.org/vfs.html, "unix-excl"): its connections then
 * agree in memory, where each transaction would ask the system for six locks.
 */
record Database(Path file, SynchronousMode durability) {

    private static final int PATIENCE_MILLIS = 30_000;

    /** Of a writer, in KiB: enough for the pages of the indexes that appends touch here and there. SQLite's own are 2 MiB. */
    private static final int WRITERS_CACHE = 16 * 1024;

    static Database at(Path file) {
        return new Database(file, SynchronousMode.FULL);
    }

    String name() {
        return String.valueOf(file.getFileName());
    }

    /** Opens the file for writing, and makes its tables where it is new. */
    Session open(Schema schema) throws SQLException {
        var session = openForWriting();
        try {
            schema.furnish(session, name());
            return session;
        } catch (SQLException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    Session openForWriting() throws SQLException {
        deleteSharedMemory();
        var config = config();
        config.setCacheSize(-WRITERS_CACHE);
        var connection = connect(config);
        // Transactions are ours: told so, the driver need not look after each statement whether it should commit.
        connection.setAutoCommit(false);
        var session = new Session(connection);
        session.update("COMMIT");
        return session;
    }

    /** A check of the file in another process may have left it; this one agrees in memory. */
    private void deleteSharedMemory() throws SQLException {
        try {
            Files.deleteIfExists(file.resolveSibling(name() + "-shm"));
        } catch (IOException e) {
            throw new SQLException("What lies beside " + name() + " cannot be deleted.", e);
        }
    }

    Session openForReading() throws SQLException {
        var config = config();
        config.setReadOnly(true);
        return new Session(connect(config));
    }

    private SQLiteConfig config() {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(durability);
        config.setPragma(Pragma.SECURE_DELETE, "true");
        config.setTempStore(TempStore.MEMORY);
        config.setBusyTimeout(PATIENCE_MILLIS);
        config.setGetGeneratedKeys(false);
        return config;
    }

    private Connection connect(SQLiteConfig config) throws SQLException {
        return config.createConnection("jdbc:sqlite:" + file.toUri() + "?vfs=unix-excl");
    }
}
