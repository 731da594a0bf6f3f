package org.twinkeep.infra;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;

/**
 * The peer of {@code bench append}: the very rows that the engine wrote, with the same promises by SQLite's own means
 * (write-ahead log, every commit synced, no id, no sequence and no position twice) and nothing else: one connection, one
 * prepared insert in a loop.
 */
final class PlainSqlite {
    private static final String COLUMNS =
            "stream, sequence, event_id, type, revision, chunks, previous, hash, skeleton, body";

    /** The engine's columns; that no position comes again is for SQLite to see to. */
    private static final String TABLE = """
            CREATE TABLE events(
              position INTEGER PRIMARY KEY AUTOINCREMENT,
              stream INTEGER NOT NULL,
              sequence INTEGER NOT NULL,
              event_id TEXT NOT NULL UNIQUE,
              type TEXT NOT NULL,
              revision TEXT NOT NULL,
              chunks INTEGER NOT NULL,
              previous BLOB NOT NULL,
              hash BLOB NOT NULL,
              skeleton BLOB NOT NULL,
              body BLOB,
              UNIQUE(stream, sequence)) STRICT""";

    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            long stream,
            long sequence,
            String id,
            String type,
            String revision,
            int chunks,
            byte[] previous,
            byte[] hash,
            byte[] skeleton,
            byte[] body) {}

    private PlainSqlite() {}

    /** Writes the events of a store into another file. @param together how many share a commit */
    static double perSecond(Path written, Path file, int together) throws SQLException {
        var rows = rows(written);
        try (var connection = connect(file)) {
            try (var statement = connection.createStatement()) {
                statement.execute(TABLE);
            }
            return rows.size() / Rounds.secondsAlone(() -> insert(connection, rows, together));
        }
    }

    private static List<Row> rows(Path written) throws SQLException {
        try (var connection = connect(written);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT " + COLUMNS + " FROM events ORDER BY position")) {
            var rows = new ArrayList<Row>();
            while (row.next()) {
                rows.add(new Row(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getInt(6),
                        row.getBytes(7),
                        row.getBytes(8),
                        row.getBytes(9),
                        row.getBytes(10)));
            }
            return rows;
        }
    }

    private static int insert(Connection connection, List<Row> rows, int together) throws SQLException {
        connection.setAutoCommit(together == 1);
        int written = 0;
        try (var insert = connection.prepareStatement(
                "INSERT INTO events(" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (var row : rows) {
                insert.setLong(1, row.stream);
                insert.setLong(2, row.sequence);
                insert.setString(3, row.id);
                insert.setString(4, row.type);
                insert.setString(5, row.revision);
                insert.setInt(6, row.chunks);
                insert.setBytes(7, row.previous);
                insert.setBytes(8, row.hash);
                insert.setBytes(9, row.skeleton);
                insert.setBytes(10, row.body);
                insert.executeUpdate();
                written++;
                if (together > 1 && written % together == 0) {
                    connection.commit();
                }
            }
        }
        return written;
    }

    private static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setGetGeneratedKeys(false);
        return config.createConnection("jdbc:sqlite:" + file);
    }
}
