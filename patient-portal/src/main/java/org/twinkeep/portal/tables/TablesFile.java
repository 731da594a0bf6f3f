package org.twinkeep.portal.tables;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.twinkeep.twin.sqlite.TableShape;

/** Tables in a SQLite file: one connection, one caller at a time. Overwritten rows are zeroed ({@code secure_delete}). */
final class TablesFile implements Tables {

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
        try {
            return TableShape.isAsMade(connection, made);
        } catch (SQLException e) {
            throw unavailable(e);
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
        } catch (SQLException | IllegalArgumentException e) {
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

    private static TablesUnavailable unavailable(Exception e) {
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
