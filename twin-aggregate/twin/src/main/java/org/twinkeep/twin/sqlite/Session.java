package org.twinkeep.twin.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One connection with the statements that it has prepared; for one thread at a time. */
final class Session implements AutoCloseable {

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /** The statement of these words with its parameters bound in order. It stays the session's: do not close it. */
    PreparedStatement query(String sql, @Nullable Object... parameters) throws SQLException {
        var statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    int update(String sql, @Nullable Object... parameters) throws SQLException {
        return query(sql, parameters).executeUpdate();
    }

    /** The one whole number that a question answers. */
    int number(String sql) throws SQLException {
        try (var result = query(sql).executeQuery()) {
            if (!result.next()) {
                throw new SQLException("a question for a number was not answered");
            }
            return result.getInt(1);
        }
    }

    /** For statements that give no rows and are seldom said: schema, pragmas. */
    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    boolean hasTables(Schema schema) throws SQLException {
        return TableShape.isAsMade(connection, schema.statements());
    }

    /**
     * Moves everything from the write-ahead log into the file and cuts the log to nothing, so that what was deleted lies in
     * neither. False when a reader still needs the log.
     */
    boolean emptyLog() throws SQLException {
        try (var answer = query("PRAGMA wal_checkpoint(TRUNCATE)").executeQuery()) {
            return answer.next() && answer.getInt(1) == 0;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
