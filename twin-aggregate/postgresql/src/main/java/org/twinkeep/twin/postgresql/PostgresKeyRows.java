package org.twinkeep.twin.postgresql;

import static org.twinkeep.twin.postgresql.SharedDatabase.prepared;
import static org.twinkeep.twin.postgresql.SharedDatabase.update;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.StreamName;

/**
 * Wrapped rows of keys in PostgreSQL, where several servers share them. An index is reserved by one statement, so that no
 * two servers get the same.
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

    private final SharedDatabase database;

    private PostgresKeyRows(SharedDatabase database) {
        this.database = database;
    }

    /** @throws org.twinkeep.twin.StoreUnavailable when its tables cannot be made */
    public static PostgresKeyRows in(SharedDatabase database) {
        database.make(TABLES);
        return new PostgresKeyRows(database);
    }

    @Override
    public <T> T together(Supplier<T> work) {
        return database.together(work);
    }

    @Override
    public Optional<byte[]> read(UUID row) {
        return database.read(connection -> {
            try (var statement = prepared(connection, "SELECT bytes FROM key_rows WHERE id = ?", row);
                    var result = statement.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        });
    }

    @Override
    public void write(TwinId twin, Map<UUID, byte[]> rows) {
        database.change(connection -> {
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
        database.change(connection -> {
            for (var row : rows) {
                update(connection, "DELETE FROM key_rows WHERE id = ?", row);
            }
            return rows.size();
        });
    }

    @Override
    public Collection<UUID> rowsOf(TwinId twin) {
        return database.read(connection -> {
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
        database.change(connection -> update(
                connection,
                "INSERT INTO stream_owners(stream, twin) VALUES (?, ?) ON CONFLICT DO NOTHING",
                stream.value(),
                twin.value()));
    }

    @Override
    public Optional<TwinId> ownerOf(StreamName stream) {
        return database.read(connection -> {
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
        database.change(connection -> {
            update(
                    connection,
                    "DELETE FROM reservations WHERE stream IN (SELECT stream FROM stream_owners WHERE twin = ?)",
                    twin.value());
            return update(connection, "DELETE FROM stream_owners WHERE twin = ?", twin.value());
        });
    }

    @Override
    public long reserve(StreamName stream, int epoch, int count) {
        return database.change(connection -> {
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
}
