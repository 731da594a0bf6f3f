package org.twinkeep.portal.tables;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tables in a SQLite file: one connection, one caller at a time. Overwritten rows are zeroed ({@code secure_delete}). */
final class TablesFile implements Tables {

    /**
     * SQLite keeps a table as the text that made it, and takes many other texts for one. Older folders say BLOB and INTEGER, and
     * keep their rows by their keys.
     */
    private static final String SHAPE = """
            SELECT t.name || ' ' || c.name || ' ' || (c.pk > 0 OR c."notnull" > 0) || ' ' || c.pk || ' ' ||
                CASE lower(c.type) WHEN 'blob' THEN 'bytea' WHEN 'integer' THEN 'bigint' ELSE lower(c.type) END
            FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
            UNION ALL SELECT i.name || ' on ' || i.tbl_name || ' ' || c.seqno || ' ' || c.name
            FROM sqlite_schema i JOIN pragma_index_info(i.name) c WHERE i.type = 'index' AND i.sql IS NOT NULL""";

    private final Connection connection;
    private final List<String> made = new ArrayList<>();

    TablesFile(Path file) {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite:" + file.toAbsolutePath());
            for (var pragma : new String[] {
                "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "busy_timeout=5000", "temp_store=MEMORY"
            }) {
                run("PRAGMA " + pragma);
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public synchronized void make(String... statements) {
        try {
            for (var statement : statements) {
                run(statement);
                made.add(statement);
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public synchronized boolean isAsMade() {
        try (var anew = DriverManager.getConnection("jdbc:sqlite::memory:");
                var statement = anew.createStatement()) {
            for (var each : made) {
                statement.execute(each);
            }
            return shape(connection).containsAll(shape(anew));
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static Set<String> shape(Connection of) throws SQLException {
        try (var statement = of.createStatement();
                var rows = statement.executeQuery(SHAPE)) {
            var shape = new HashSet<String>();
            while (rows.next()) {
                shape.add(rows.getString(1));
            }
            return shape;
        }
    }

    @Override
    public synchronized int change(String sql, @Nullable Object... values) {
        try (var statement = prepared(sql, values)) {
            return statement.executeUpdate();
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                    || e.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY) {
                return -1;
            }
            throw unavailable(e);
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public synchronized <T> List<T> all(Read<T> read, String sql, @Nullable Object... values) {
        try (var statement = prepared(sql, values);
                var rows = statement.executeQuery()) {
            var found = new ArrayList<T>();
            while (rows.next()) {
                found.add(read.from(rows));
            }
            return found;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    @Override
    public synchronized <T> T together(Supplier<T> work) {
        try {
            connection.setAutoCommit(false);
            try {
                var result = work.get();
                connection.commit();
                return result;
            } catch (RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    /** Moves the write-ahead log into the file and cuts it, so that no older row stays behind in it. */
    @Override
    public synchronized void cutLog() {
        try {
            run("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static TablesUnavailable unavailable(SQLException e) {
        return new TablesUnavailable(
                "The accounts cannot be read or written: check free space, owner and permissions of accounts.db.", e);
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }
}
