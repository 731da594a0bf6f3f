package org.twinkeep.portal.tables;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.twin.postgresql.SharedDatabase;

/**
 * Tables of sealed rows, asked in the SQL that SQLite and PostgreSQL share. What returned is durable. Failure: {@link
 * TablesUnavailable}.
 */
public interface Tables extends AutoCloseable {

    /** Turns one row into a thing. */
    @FunctionalInterface
    interface Read<T> {
        T from(ResultSet row) throws SQLException;
    }

    /** In a file of their own, which one process opens. */
    static Tables in(Path file) {
        return new TablesFile(file);
    }

    /** In the database that the servers of a house share; closing them leaves it open. */
    static Tables in(SharedDatabase database) {
        return new TablesDatabase(database);
    }

    /**
     * Makes what is not there yet. What stands in the clear stands in an index too: SQLite compares the two when it is asked
     * whether a file is sound, so that {@code verify} finds a flipped bit where no seal would.
     *
     * @param statements {@code CREATE ... IF NOT EXISTS}, with PostgreSQL's names of types
     */
    void make(String... statements);

    /** Whether what was asked for stands there as it would be made anew: tables, columns and indexes. */
    boolean isAsMade();

    /** @return how many rows changed; -1 when a unique value was there already */
    int change(String sql, @Nullable Object... values);

    <T> List<T> all(Read<T> read, String sql, @Nullable Object... values);

    default <T> Optional<T> one(Read<T> read, String sql, @Nullable Object... values) {
        return all(read, sql, values).stream().findFirst();
    }

    /** All of it or nothing, and nobody else's in between; not one inside another. */
    <T> T together(Supplier<T> work);

    /** Leaves no older row behind, as far as the store lets it. */
    void cutLog();

    @Override
    void close();
}
