package org.twinkeep.twin.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLState;
import org.twinkeep.twin.StoreUnavailable;

/**
 * The PostgreSQL database that the servers of one house share. A change is one transaction that waits for its commit record
 * to be flushed, whatever the cluster's own setting.
 *
 * <p>Failure: {@link StoreUnavailable}; of a change it is then unknown whether it was kept.
 */
public final class SharedDatabase implements AutoCloseable {

    private static final int MOST_CONNECTIONS = 16;
    private static final long WAIT_MILLIS = 5_000;

    /** Two servers that start at the same time make the tables one after the other. */
    private static final long MAKING_TABLES = 0x7477696e6b656570L;

    /** What is done with a connection. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    private final HikariDataSource pool;
    private final ThreadLocal<@Nullable Connection> whole = new ThreadLocal<>();

    private SharedDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /**
     * Connects.
     *
     * @param url as PostgreSQL's JDBC driver documents it ({@code jdbc:postgresql://...}); it may hold a password and is
     *     quoted nowhere
     * @throws StoreUnavailable when the database cannot be reached
     */
    public static SharedDatabase open(String url) {
        var config = new HikariConfig();
        config.setPoolName("twinkeep");
        config.setMaximumPoolSize(MOST_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(WAIT_MILLIS);
        config.setConnectionInitSql("SET lock_timeout TO '10s'; SET statement_timeout TO '30s'");
        config.addDataSourceProperty("socketTimeout", "40");
        try {
            config.setJdbcUrl(url);
            return new SharedDatabase(new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            throw new StoreUnavailable(
                    "The PostgreSQL database cannot be reached: is it started, are its address, user"
                            + " and password right?",
                    e);
        } catch (RuntimeException quoting) {
            throw new StoreUnavailable("The address of the PostgreSQL database cannot be read. It is like"
                    + " jdbc:postgresql://host:5432/twinkeep?user=...&password=...");
        }
    }

    /** Makes tables that are not there yet. */
    public void make(String tables) {
        change(connection -> {
            update(connection, "SELECT pg_advisory_xact_lock(?)", MAKING_TABLES);
            return update(connection, tables);
        });
    }

    /** Does all of the work, whatever of this database it uses in this thread, in one transaction. */
    public <T> T together(Supplier<T> work) {
        return whole.get() != null
                ? work.get()
                : change(connection -> {
                    whole.set(connection);
                    try {
                        return work.get();
                    } finally {
                        whole.remove();
                    }
                });
    }

    public <T> T read(Work<T> work) {
        var open = whole.get();
        try {
            if (open != null) {
                return work.with(open);
            }
            try (var connection = pool.getConnection()) {
                return work.with(connection);
            }
        } catch (SQLException e) {
            throw new StoreUnavailable("PostgreSQL cannot be read.", e);
        }
    }

    public <T> T change(Work<T> work) {
        var open = whole.get();
        try {
            if (open != null) {
                return work.with(open);
            }
            try (var connection = pool.getConnection()) {
                return transaction(connection, work);
            }
        } catch (SQLException e) {
            throw new StoreUnavailable("PostgreSQL cannot be written. Whether this was kept is unknown.", e);
        }
    }

    private static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            update(connection, "SET LOCAL synchronous_commit TO on");
            var done = work.with(connection);
            connection.commit();
            return done;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
            } catch (SQLException broken) {
                e.addSuppressed(broken);
            }
            throw e;
        } finally {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
            }
        }
    }

    /** Whether a change was refused because a unique value was there already. */
    public static boolean isDuplicate(StoreUnavailable refused) {
        return refused.getCause() instanceof SQLException e
                && PSQLState.UNIQUE_VIOLATION.getState().equals(e.getSQLState());
    }

    public static PreparedStatement prepared(Connection connection, String sql, @Nullable Object... values)
            throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** @return how many rows changed; -1 where it was no change of rows */
    public static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (var statement = prepared(connection, sql, values)) {
            statement.execute();
            return statement.getUpdateCount();
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
