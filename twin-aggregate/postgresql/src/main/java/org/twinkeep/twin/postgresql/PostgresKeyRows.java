package org.twinkeep.twin.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.StoreUnavailable;

/**
 * Wrapped rows of keys in PostgreSQL, where several servers share them. Each change is one transaction that waits for its
 * commit record to be flushed, whatever the cluster's own setting; an index is reserved by one statement, so that no two
 * servers get the same.
 *
 * <p>The database sees ciphertext. Deleted rows lie in its files and write-ahead log for a while: what makes them
 * unreadable is the vault, whose slot was replaced.
 */
public final class PostgresKeyRows implements KeyRows {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS key_rows(
              id uuid PRIMARY KEY,
              twin uuid NOT NULL,
              bytes bytea NOT NULL);
            CREATE INDEX IF NOT EXISTS key_rows_of_twin ON key_rows(twin);
            CREATE TABLE IF NOT EXISTS stream_owners(
              stream text PRIMARY KEY,
              twin uuid NOT NULL);
            CREATE INDEX IF NOT EXISTS streams_of_twin ON stream_owners(twin);
            CREATE TABLE IF NOT EXISTS reservations(
              stream text NOT NULL,
              epoch integer NOT NULL,
              next bigint NOT NULL,
              PRIMARY KEY (stream, epoch))""";

    /** Two servers that start at the same time make the tables one after the other. */
    private static final long MAKING_TABLES = 0x7477696e6b656570L;

    private interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private final DataSource source;

    private PostgresKeyRows(DataSource source) {
        this.source = source;
    }

    /** @throws StoreUnavailable when the database cannot be reached, or its tables cannot be made */
    public static PostgresKeyRows in(DataSource source) {
        var rows = new PostgresKeyRows(source);
        rows.change(connection -> {
            update(connection, "SELECT pg_advisory_xact_lock(?)", MAKING_TABLES);
            return update(connection, TABLES);
        });
        return rows;
    }

    @Override
    public Optional<byte[]> read(UUID row) {
        return read(connection -> {
            try (var statement = prepared(connection, "SELECT bytes FROM key_rows WHERE id = ?", row);
                    var result = statement.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        });
    }

    @Override
    public void write(TwinId twin, Map<UUID, byte[]> rows) {
        change(connection -> {
            for (var row : rows.entrySet()) {
                update(
                        connection,
                        "INSERT INTO key_rows(id, twin, bytes) VALUES (?, ?, ?)",
                        row.getKey(),
                        twin.value(),
                        row.getValue());
            }
            return rows.size();
        });
    }

    @Override
    public void delete(Collection<UUID> rows) {
        if (rows.isEmpty()) {
            return;
        }
        change(connection -> {
            for (var row : rows) {
                update(connection, "DELETE FROM key_rows WHERE id = ?", row);
            }
            return rows.size();
        });
    }

    @Override
    public Collection<UUID> rowsOf(TwinId twin) {
        return read(connection -> {
            var found = new ArrayList<UUID>();
            try (var statement = prepared(connection, "SELECT id FROM key_rows WHERE twin = ?", twin.value());
                    var result = statement.executeQuery()) {
                while (result.next()) {
                    found.add(result.getObject(1, UUID.class));
                }
            }
            return found;
        });
    }

    @Override
    public void nameStream(StreamName stream, TwinId twin) {
        change(connection -> update(
                connection,
                "INSERT INTO stream_owners(stream, twin) VALUES (?, ?) ON CONFLICT DO NOTHING",
                stream.value(),
                twin.value()));
    }

    @Override
    public Optional<TwinId> ownerOf(StreamName stream) {
        return read(connection -> {
            try (var statement =
                            prepared(connection, "SELECT twin FROM stream_owners WHERE stream = ?", stream.value());
                    var result = statement.executeQuery()) {
                return result.next() ? Optional.of(new TwinId(result.getObject(1, UUID.class))) : Optional.empty();
            }
        });
    }

    /** The reservations go with the names: no stream of this name comes again. */
    @Override
    public void forgetStreams(TwinId twin) {
        change(connection -> {
            update(
                    connection,
                    "DELETE FROM reservations WHERE stream IN (SELECT stream FROM stream_owners WHERE twin = ?)",
                    twin.value());
            return update(connection, "DELETE FROM stream_owners WHERE twin = ?", twin.value());
        });
    }

    @Override
    public long reserve(StreamName stream, int epoch, int count) {
        return change(connection -> {
            var sql = """
                    INSERT INTO reservations(stream, epoch, next) VALUES (?, ?, ?)
                    ON CONFLICT (stream, epoch) DO UPDATE SET next = reservations.next + excluded.next
                    RETURNING next""";
            try (var statement = prepared(connection, sql, stream.value(), epoch, (long) count);
                    var result = statement.executeQuery()) {
                result.next();
                return result.getLong(1) - count;
            }
        });
    }

    private <T> T read(Work<T> work) {
        try (var connection = source.getConnection()) {
            return work.with(connection);
        } catch (SQLException e) {
            throw new StoreUnavailable("The keys in PostgreSQL cannot be read.", e);
        }
    }

    private <T> T change(Work<T> work) {
        try (var connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                update(connection, "SET LOCAL synchronous_commit TO on");
                var done = work.with(connection);
                connection.commit();
                return done;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new StoreUnavailable(
                    "The keys in PostgreSQL cannot be written. Whether this was kept is unknown.", e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql, Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    private static boolean update(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = prepared(connection, sql, values)) {
            return statement.execute();
        }
    }
}
