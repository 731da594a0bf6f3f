package org.twinkeep.twin.postgresql;

import static org.twinkeep.twin.postgresql.SharedDatabase.prepared;
import static org.twinkeep.twin.postgresql.SharedDatabase.update;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.SlotRows;

/**
 * The wrapped slots of a shared vault in PostgreSQL. What it replaced lies in the files, the write-ahead log, the standbys
 * and the backups of the database until these are overwritten: wrapped, and opened by the vault's key only.
 */
public final class PostgresSlots implements SlotRows {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS vault(
              one boolean PRIMARY KEY CHECK (one),
              header bytea NOT NULL);
            CREATE TABLE IF NOT EXISTS slots(
              id uuid PRIMARY KEY,
              version bigint NOT NULL,
              box bytea)""";

    private final SharedDatabase database;

    private PostgresSlots(SharedDatabase database) {
        this.database = database;
    }

    /** @throws org.twinkeep.twin.StoreUnavailable when its tables cannot be made */
    public static PostgresSlots in(SharedDatabase database) {
        database.make(TABLES);
        return new PostgresSlots(database);
    }

    @Override
    public Optional<byte[]> header() {
        return database.read(connection -> {
            try (var statement = prepared(connection, "SELECT header FROM vault");
                    var result = statement.executeQuery()) {
                return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
            }
        });
    }

    @Override
    public boolean begin(byte[] header, SlotId first, byte[] box) {
        return database.change(connection -> {
            if (update(connection, "INSERT INTO vault(one, header) VALUES (true, ?) ON CONFLICT DO NOTHING", header)
                    == 0) {
                return false;
            }
            update(connection, "INSERT INTO slots(id, version, box) VALUES (?, 1, ?)", first.value(), box);
            return true;
        });
    }

    @Override
    public Optional<Kept> read(SlotId id) {
        return database.read(connection -> {
            try (var statement = prepared(connection, "SELECT version, box FROM slots WHERE id = ?", id.value());
                    var result = statement.executeQuery()) {
                return result.next() ? Optional.of(new Kept(result.getLong(1), result.getBytes(2))) : Optional.empty();
            }
        });
    }

    @Override
    public long version(SlotId id) {
        return database.read(connection -> {
            try (var statement = prepared(
                            connection, "SELECT version FROM slots WHERE id = ? AND box IS NOT NULL", id.value());
                    var result = statement.executeQuery()) {
                return result.next() ? result.getLong(1) : 0L;
            }
        });
    }

    @Override
    public boolean replace(SlotId id, long before, long after, byte @Nullable [] box) {
        return database.change(connection -> before == 0
                ? update(
                                connection,
                                "INSERT INTO slots(id, version, box) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                id.value(),
                                after,
                                box)
                        == 1
                : update(
                                connection,
                                "UPDATE slots SET version = ?, box = ? WHERE id = ? AND version = ?",
                                after,
                                box,
                                id.value(),
                                before)
                        == 1);
    }
}
