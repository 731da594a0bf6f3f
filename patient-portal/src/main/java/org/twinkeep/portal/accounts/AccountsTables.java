package org.twinkeep.portal.accounts;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tables of accounts, asked in the SQL that SQLite and PostgreSQL share. What returned is durable. Failure: {@link
 * AccountsUnavailable}.
 */
interface AccountsTables extends AutoCloseable {

    /** Turns one row into a thing. */
    @FunctionalInterface
    interface Read<T> {
        T from(ResultSet row) throws SQLException;
    }

    /** @return how many rows changed; -1 when a unique value was there already */
    int change(String sql, @Nullable Object... values);

    <T> List<T> all(Read<T> read, String sql, @Nullable Object... values);

    default <T> Optional<T> one(Read<T> read, String sql, @Nullable Object... values) {
        return all(read, sql, values).stream().findFirst();
    }

    /** All of it or nothing, and nobody else's in between. */
    <T> T together(Supplier<T> work);

    /** Leaves no older row behind, as far as the store lets it. */
    void cutLog();

    @Override
    void close();
}
