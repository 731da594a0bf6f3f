package org.twinkeep.portal.tables;

import static org.twinkeep.twin.postgresql.SharedDatabase.prepared;
import static org.twinkeep.twin.postgresql.SharedDatabase.update;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.postgresql.SharedDatabase;

/** Tables in PostgreSQL, where the servers of a house share them. It does not close the database. */
final class TablesDatabase implements Tables {

    /** What is read and then changed is changed by one server at a time. */
    private static final long CHANGING = 0x7477696e61636374L;

    private final SharedDatabase database;

    TablesDatabase(SharedDatabase database) {
        this.database = database;
    }

    @Override
    public void make(String... statements) {
        attempt(() -> {
            database.make(String.join(";\n", statements));
            return database;
        });
    }

    /** Its catalogue is PostgreSQL's own to keep. */
    @Override
    public boolean isAsMade() {
        return true;
    }

    @Override
    public int change(String sql, @Nullable Object... values) {
        try {
            return database.change(connection -> update(connection, sql, values));
        } catch (StoreUnavailable e) {
            if (SharedDatabase.isDuplicate(e)) {
                return -1;
            }
            throw unavailable(e);
        }
    }

    @Override
    public <T> List<T> all(Read<T> read, String sql, @Nullable Object... values) {
        return attempt(() -> database.read(connection -> {
            try (var statement = prepared(connection, sql, values);
                    var rows = statement.executeQuery()) {
                var found = new ArrayList<T>();
                while (rows.next()) {
                    found.add(read.from(rows));
                }
                return found;
            }
        }));
    }

    @Override
    public <T> T together(Supplier<T> work) {
        return attempt(() -> database.together(() -> {
            database.change(connection -> update(connection, "SELECT pg_advisory_xact_lock(?)", CHANGING));
            return work.get();
        }));
    }

    /** Nothing to do: what the database's files and log hold besides is sealed under a slot that is gone. */
    @Override
    public void cutLog() {}

    @Override
    public void close() {}

    private static <T> T attempt(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreUnavailable e) {
            throw unavailable(e);
        }
    }

    private static TablesUnavailable unavailable(StoreUnavailable e) {
        return new TablesUnavailable(
                "The accounts cannot be read or written: is the PostgreSQL of this house reachable?", e);
    }
}
