package org.twinkeep.twin.sqlite;

import static org.twinkeep.twin.sqlite.KeysDatabase.bytes;
import static org.twinkeep.twin.sqlite.KeysDatabase.check;
import static org.twinkeep.twin.sqlite.KeysDatabase.checksum;
import static org.twinkeep.twin.sqlite.KeysDatabase.uuid;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.StreamName;

/** Wrapped rows of keys in {@code keys.db}. */
public final class SqliteKeyRows implements KeyRows {

    private final KeysDatabase database;

    public SqliteKeyRows(KeysDatabase database) {
        this.database = database;
    }

    @Override
    public Optional<byte[]> read(UUID row) {
        return database.read(session -> {
            try (var result = session.query("SELECT twin, bytes, checksum FROM key_rows WHERE id = ?", bytes(row))
                    .executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                var found = result.getBytes(2);
                check(rowSum(bytes(row), result.getBytes(1), found), result.getBytes(3));
                return Optional.of(found);
            }
        });
    }

    @Override
    public void write(TwinId twin, Map<UUID, byte[]> rows) {
        var owner = bytes(twin.value());
        database.change(session -> {
            for (var row : rows.entrySet()) {
                var id = bytes(row.getKey());
                session.update(
                        "INSERT INTO key_rows(id, twin, bytes, checksum) VALUES (?, ?, ?, ?)",
                        id,
                        owner,
                        row.getValue(),
                        rowSum(id, owner, row.getValue()));
            }
            return rows;
        });
    }

    @Override
    public void delete(Collection<UUID> rows) {
        if (rows.isEmpty()) {
            return;
        }
        database.shrink(session -> {
            for (var row : rows) {
                session.update("DELETE FROM key_rows WHERE id = ?", bytes(row));
            }
            return rows;
        });
    }

    @Override
    public Collection<UUID> rowsOf(TwinId twin) {
        return database.read(session -> {
            var found = new ArrayList<UUID>();
            try (var result = session.query("SELECT id FROM key_rows WHERE twin = ?", bytes(twin.value()))
                    .executeQuery()) {
                while (result.next()) {
                    found.add(uuid(result.getBytes(1)));
                }
            }
            return found;
        });
    }

    @Override
    public void nameStream(StreamName stream, TwinId twin) {
        var owner = bytes(twin.value());
        database.change(session -> session.update(
                "INSERT INTO stream_owners(stream, twin, checksum) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                stream.value(),
                owner,
                ownerSum(stream.value(), owner)));
    }

    @Override
    public Optional<TwinId> ownerOf(StreamName stream) {
        return database.read(session -> {
            try (var result = session.query("SELECT twin, checksum FROM stream_owners WHERE stream = ?", stream.value())
                    .executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                var owner = result.getBytes(1);
                check(ownerSum(stream.value(), owner), result.getBytes(2));
                return Optional.of(new TwinId(uuid(owner)));
            }
        });
    }

    /** The reservations go with the names: no stream of this name comes again. */
    @Override
    public void forgetStreams(TwinId twin) {
        var owner = bytes(twin.value());
        database.shrink(session -> {
            session.update(
                    "DELETE FROM reservations WHERE stream IN (SELECT stream FROM stream_owners WHERE twin = ?)",
                    owner);
            return session.update("DELETE FROM stream_owners WHERE twin = ?", owner);
        });
    }

    @Override
    public long reserve(StreamName stream, int epoch, int count) {
        return database.change(session -> {
            long first = reserved(session, stream, epoch);
            session.update(
                    """
                    INSERT INTO reservations(stream, epoch, next, checksum) VALUES (?, ?, ?, ?)
                    ON CONFLICT(stream, epoch) DO UPDATE SET next = excluded.next, checksum = excluded.checksum""", stream.value(), epoch, first + count, reservationSum(stream.value(), epoch, first + count));
            return first;
        });
    }

    private static long reserved(Session session, StreamName stream, int epoch) throws SQLException {
        try (var result = session.query(
                        "SELECT next, checksum FROM reservations WHERE stream = ? AND epoch = ?", stream.value(), epoch)
                .executeQuery()) {
            if (!result.next()) {
                return 0;
            }
            long next = result.getLong(1);
            check(reservationSum(stream.value(), epoch, next), result.getBytes(2));
            return next;
        }
    }

    static byte[] rowSum(byte[] id, byte[] twin, byte[] row) {
        return checksum("key_rows", id, twin, row);
    }

    static byte[] ownerSum(String stream, byte[] twin) {
        return checksum("stream_owners", stream.getBytes(StandardCharsets.UTF_8), twin);
    }

    static byte[] reservationSum(String stream, long epoch, long next) {
        return checksum("reservations", stream.getBytes(StandardCharsets.UTF_8), bytes(epoch), bytes(next));
    }
}
