package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.store.ChainCheck;
import org.twinkeep.twin.store.ChainCheck.KnownHead;

/**
 * Checks the stores of a data folder without any key: recomputes the chain of every stream, compares it with the heads
 * that the trail remembers, and the checksums of every row of keys. It names the file and the event, never what stands
 * in it.
 */
public final class StoreCheck {

    private static final int MOST_DAMAGE = 20;

    /** What is wrong, and in which file. */
    public record Problem(String file, String what) {}

    public record Report(long streams, long events, long keyRows, List<Problem> problems) {}

    private final ChainCheck chains;
    private final List<Problem> problems = new ArrayList<>();
    private long keyRows;

    private StoreCheck(Collection<String> erased) {
        this.chains = new ChainCheck(erased);
    }

    /**
     * @param events the file of events
     * @param keys the file of key rows
     * @param known heads from the trail's leaves, of any time
     * @param erased streams that the erasure ledger says are gone
     */
    public static Report check(Path events, Path keys, Collection<KnownHead> known, Collection<String> erased) {
        var check = new StoreCheck(erased);
        check.in(
                events,
                EventTables.SCHEMA,
                session -> check.events(session, String.valueOf(events.getFileName()), known));
        check.in(keys, KeysDatabase.SCHEMA, session -> check.keys(session, String.valueOf(keys.getFileName())));
        return check.report();
    }

    /** As {@link #check}, where the events lie elsewhere. */
    public static Report checkKeys(Path keys) {
        var check = new StoreCheck(List.of());
        check.in(keys, KeysDatabase.SCHEMA, session -> check.keys(session, String.valueOf(keys.getFileName())));
        return check.report();
    }

    private Report report() {
        return new Report(chains.streams(), chains.events(), keyRows, List.copyOf(problems));
    }

    private interface Look {
        void at(Session session) throws SQLException;
    }

    private void in(Path file, Schema schema, Look look) {
        var name = String.valueOf(file.getFileName());
        try (var session = Database.at(file).openForReading()) {
            structure(session, name);
            if (!session.hasTables(schema)) {
                problems.add(new Problem(name, "a table of it is not as it was made"));
            }
            look.at(session);
        } catch (SQLException | RuntimeException e) {
            problems.add(new Problem(name, "it cannot be read to the end: the file is damaged"));
        }
    }

    /** What SQLite itself finds: pages, indexes, order (https://www.sqlite.org/pragma.html#pragma_integrity_check). */
    private void structure(Session session, String file) throws SQLException {
        try (var result =
                session.query("PRAGMA integrity_check(" + MOST_DAMAGE + ")").executeQuery()) {
            while (result.next()) {
                if (!"ok".equals(result.getString(1))) {
                    problems.add(new Problem(file, "SQLite finds its structure damaged"));
                    return;
                }
            }
        }
    }

    private void events(Session session, String file, Collection<KnownHead> known) throws SQLException {
        try {
            chains.check(EventTables.streams(session), pages(session), known);
        } finally {
            chains.problems().forEach(what -> problems.add(new Problem(file, what)));
        }
        strayChunks(session, file);
        strayEvents(session, file);
    }

    private static ChainCheck.Pages pages(Session session) {
        return (stream, first) -> {
            try {
                return EventTables.events(session, stream, first, 256, 16L << 20);
            } catch (SQLException e) {
                throw new StoreUnavailable("The file of events is damaged.", e);
            }
        };
    }

    private void strayChunks(Session session, String file) throws SQLException {
        var sql = """
                SELECT count(*) FROM chunks c WHERE NOT EXISTS
                  (SELECT 1 FROM events e WHERE e.stream = c.stream AND e.sequence = c.sequence AND c.number < e.chunks)""";
        try (var result = session.query(sql).executeQuery()) {
            if (result.next() && result.getLong(1) > 0) {
                problems.add(new Problem(file, result.getLong(1) + " chunks belong to no event"));
            }
        }
    }

    /** Of no stream is only the row that keeps the last position: it says the position twice. */
    private void strayEvents(Session session, String file) throws SQLException {
        var sql = """
                SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM streams s WHERE s.id = e.stream)
                  AND (e.stream <> 0 OR e.sequence <> e.position)""";
        try (var result = session.query(sql).executeQuery()) {
            if (result.next() && result.getLong(1) > 0) {
                problems.add(new Problem(file, result.getLong(1) + " events belong to no stream"));
            }
        }
    }

    private void keys(Session session, String file) throws SQLException {
        rows(session, file, "key_rows", "SELECT id, twin, bytes, checksum FROM key_rows", row -> {
            keyRows++;
            return SqliteKeyRows.rowSum(row.getBytes(1), row.getBytes(2), row.getBytes(3));
        });
        rows(
                session,
                file,
                "stream_owners",
                "SELECT stream, twin, NULL, checksum FROM stream_owners",
                row -> SqliteKeyRows.ownerSum(row.getString(1), row.getBytes(2)));
        rows(
                session,
                file,
                "reservations",
                "SELECT stream, epoch, next, checksum FROM reservations",
                row -> SqliteKeyRows.reservationSum(row.getString(1), row.getLong(2), row.getLong(3)));
        rows(
                session,
                file,
                "identities",
                "SELECT identifier, twin, NULL, checksum FROM identities",
                row -> SqliteIdentities.sum(row.getBytes(1), row.getBytes(2)));
    }

    private interface Sum {
        byte[] of(ResultSet row) throws SQLException;
    }

    private void rows(Session session, String file, String table, String sql, Sum sum) throws SQLException {
        long altered = 0;
        try (var row = session.query(sql).executeQuery()) {
            while (row.next()) {
                if (!Arrays.equals(sum.of(row), row.getBytes(4))) {
                    altered++;
                }
            }
        }
        if (altered > 0) {
            problems.add(new Problem(file, altered + " rows of " + table + " are not what was written"));
        }
    }
}
