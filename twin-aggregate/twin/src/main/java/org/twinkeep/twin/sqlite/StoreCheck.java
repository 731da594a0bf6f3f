package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.store.Chain;

/**
 * Checks the stores of a data folder without any key: recomputes the chain of every stream, compares it with the heads
 * that the trail remembers, and the checksums of every row of keys. It names the file and the event, never what stands
 * in it.
 */
public final class StoreCheck {

    private static final int MOST_DAMAGE = 20;

    /** A head that somebody remembers. @param hash lower-case hexadecimal */
    public record KnownHead(String stream, long sequence, String hash) {}

    /** What is wrong, and in which file. */
    public record Problem(String file, String what) {}

    public record Report(long streams, long events, long keyRows, List<Problem> problems) {}

    private final Set<String> erased;
    private final List<Problem> problems = new ArrayList<>();
    private long streams;
    private long events;
    private long keyRows;

    private StoreCheck(Collection<String> erased) {
        this.erased = Set.copyOf(erased);
    }

    /**
     * @param events the file of events
     * @param keys the file of key rows
     * @param known heads from the trail's leaves, of any time
     * @param erased streams that the erasure ledger says are gone
     */
    public static Report check(Path events, Path keys, Collection<KnownHead> known, Collection<String> erased) {
        var check = new StoreCheck(erased);
        check.in(events, session -> check.events(session, String.valueOf(events.getFileName()), known));
        check.in(keys, session -> check.keys(session, String.valueOf(keys.getFileName())));
        return new Report(check.streams, check.events, check.keyRows, List.copyOf(check.problems));
    }

    private interface Look {
        void at(Session session) throws SQLException;
    }

    private void in(Path file, Look look) {
        var name = String.valueOf(file.getFileName());
        try (var session = Database.at(file).openForReading()) {
            structure(session, name);
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
        var remembered = new HashMap<String, Map<Long, String>>();
        for (var head : known) {
            remembered.computeIfAbsent(head.stream(), _ -> new HashMap<>()).put(head.sequence(), head.hash());
        }
        var found = new HashSet<String>();
        for (var stream : EventTables.streams(session)) {
            found.add(stream.value());
            streams++;
            walk(session, file, stream, remembered.getOrDefault(stream.value(), Map.of()));
        }
        for (var stream : remembered.keySet()) {
            if (!found.contains(stream) && !erased.contains(stream)) {
                problems.add(new Problem(file, "stream " + stream + " is missing"));
            }
        }
        strayChunks(session, file);
    }

    private void walk(Session session, String file, StreamName stream, Map<Long, String> remembered)
            throws SQLException {
        if (erased.contains(stream.value())) {
            problems.add(new Problem(file, "stream " + stream + " was erased and is still there"));
            return;
        }
        var chain = new Chain(stream, remembered);
        for (long first = 0; ; ) {
            var page = EventTables.events(session, stream, first, 256, 16L << 20);
            if (page.isEmpty()) {
                break;
            }
            for (var row : page) {
                chain.next(row);
                events++;
            }
            first = page.getLast().sequence() + 1;
        }
        chain.end().forEach(what -> problems.add(new Problem(file, what)));
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
