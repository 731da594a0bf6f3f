package org.twinkeep.twin.sqlite;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.twin.sqlite.Tails.Tail;
import org.twinkeep.twin.store.AppendRefused;
import org.twinkeep.twin.store.EventRow;
import org.twinkeep.twin.store.Head;
import org.twinkeep.twin.store.SnapshotRow;

/** The tables of {@code events.db} and every statement about them; {@code docs/formats/events-db.md} explains them. */
final class EventTables {

    static final Schema SCHEMA = Schema.of(1, """
            CREATE TABLE streams(
              id INTEGER PRIMARY KEY,
              name TEXT NOT NULL UNIQUE) STRICT""", """
            CREATE TABLE events(
              position INTEGER PRIMARY KEY,
              stream INTEGER NOT NULL,
              sequence INTEGER NOT NULL,
              event_id TEXT NOT NULL UNIQUE,
              type TEXT NOT NULL,
              revision TEXT NOT NULL,
              chunks INTEGER NOT NULL,
              previous BLOB NOT NULL,
              hash BLOB NOT NULL,
              skeleton BLOB NOT NULL,
              body BLOB,
              UNIQUE(stream, sequence)) STRICT""", """
            CREATE TABLE chunks(
              stream INTEGER NOT NULL,
              sequence INTEGER NOT NULL,
              number INTEGER NOT NULL,
              envelope BLOB NOT NULL,
              UNIQUE(stream, sequence, number)) STRICT""", """
            CREATE TABLE snapshots(
              stream TEXT PRIMARY KEY,
              sequence INTEGER NOT NULL,
              event_id TEXT NOT NULL,
              type TEXT NOT NULL,
              revision TEXT NOT NULL,
              sealed BLOB NOT NULL) STRICT""");

    private static final String SKELETON =
            "e.position, e.sequence, e.event_id, e.type, e.revision, e.chunks, e.previous, e.hash, e.skeleton";
    private static final String FROM = " FROM events e JOIN streams s ON s.id = e.stream ";
    private static final String OF_STREAM = " FROM events e WHERE e.stream = (SELECT id FROM streams WHERE name = ?) ";
    private static final String IN_STREAM = OF_STREAM + "AND e.sequence >= ? ORDER BY e.sequence LIMIT ?";

    private EventTables() {}

    static List<EventRow> skeletons(Session session, StreamName stream, long first, int most) throws SQLException {
        var rows = new ArrayList<EventRow>();
        try (var result = session.query("SELECT " + SKELETON + IN_STREAM, stream.value(), first, most)
                .executeQuery()) {
            while (result.next()) {
                rows.add(row(result, stream, null));
            }
        }
        return rows;
    }

    static List<EventRow> skeletonsAfter(Session session, long position, int most) throws SQLException {
        var sql = "SELECT " + SKELETON + ", s.name" + FROM + "WHERE e.position > ? ORDER BY e.position LIMIT ?";
        var rows = new ArrayList<EventRow>();
        try (var result = session.query(sql, position, most).executeQuery()) {
            while (result.next()) {
                rows.add(row(result, new StreamName(result.getString(10)), null));
            }
        }
        return rows;
    }

    /** Whole events, up to a number and about so many bytes, and at least one where there is one. */
    static List<EventRow> events(Session session, StreamName stream, long first, int most, long bytes)
            throws SQLException {
        var found = new ArrayList<EventRow>();
        try (var result = session.query("SELECT " + SKELETON + ", e.body" + IN_STREAM, stream.value(), first, most)
                .executeQuery()) {
            for (long size = 0; size < bytes && result.next(); ) {
                var row = row(result, stream, result.getBytes(10));
                size += size(row);
                found.add(row);
            }
        }
        for (int i = 0; i < found.size(); i++) {
            found.set(i, withChunks(session, found.get(i)));
        }
        return found;
    }

    /** One event with its body's envelope, without the chunks beside it. */
    static Optional<EventRow> event(Session session, StreamName stream, long sequence) throws SQLException {
        var sql = "SELECT " + SKELETON + ", e.body" + OF_STREAM + "AND e.sequence = ?";
        try (var result = session.query(sql, stream.value(), sequence).executeQuery()) {
            return result.next() ? Optional.of(row(result, stream, result.getBytes(10))) : Optional.empty();
        }
    }

    private static long size(EventRow row) {
        var body = row.sealed().body();
        return row.sealed().skeleton().length + (body == null ? 0 : body.length) + row.chunks() * (512L << 10);
    }

    static EventRow withChunks(Session session, EventRow row) throws SQLException {
        if (row.chunks() == 0) {
            return row;
        }
        var chunks = new ArrayList<byte[]>();
        var sql = """
                SELECT c.envelope FROM chunks c JOIN streams s ON s.id = c.stream
                WHERE s.name = ? AND c.sequence = ? ORDER BY c.number""";
        try (var result =
                session.query(sql, row.stream().value(), row.sequence()).executeQuery()) {
            while (result.next()) {
                chunks.add(result.getBytes(1));
            }
        }
        return row.withChunks(chunks);
    }

    /** The last event of a stream, and the stream's number. */
    static Optional<Tail> tail(Session session, StreamName stream) throws SQLException {
        var sql = "SELECT e.stream, e.sequence, e.hash, e.type" + FROM
                + "WHERE s.name = ? ORDER BY e.sequence DESC LIMIT 1";
        try (var result = session.query(sql, stream.value()).executeQuery()) {
            return result.next()
                    ? Optional.of(new Tail(
                            result.getLong(1), new Head(result.getLong(2), result.getBytes(3), result.getString(4))))
                    : Optional.empty();
        }
    }

    static long count(Session session, StreamName stream) throws SQLException {
        return tail(session, stream).map(tail -> tail.head().sequence() + 1).orElse(0L);
    }

    static long lastPosition(Session session) throws SQLException {
        try (var result =
                session.query("SELECT coalesce(max(position), 0) FROM events").executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    static Optional<SnapshotRow> snapshot(Session session, StreamName stream) throws SQLException {
        var sql = "SELECT sequence, event_id, type, revision, sealed FROM snapshots WHERE stream = ?";
        try (var result = session.query(sql, stream.value()).executeQuery()) {
            return result.next()
                    ? Optional.of(new SnapshotRow(
                            stream,
                            result.getLong(1),
                            result.getString(2),
                            result.getString(3),
                            result.getString(4),
                            result.getBytes(5)))
                    : Optional.empty();
        }
    }

    static List<StreamName> streams(Session session) throws SQLException {
        var found = new ArrayList<StreamName>();
        try (var result = session.query("SELECT name FROM streams ORDER BY id").executeQuery()) {
            while (result.next()) {
                found.add(new StreamName(result.getString(1)));
            }
        }
        return found;
    }

    private static long newStream(Session session, StreamName stream) throws SQLException {
        try (var result = session.query("INSERT INTO streams(name) VALUES (?) RETURNING id", stream.value())
                .executeQuery()) {
            result.next();
            return result.getLong(1);
        }
    }

    /** An event's id, or its place, is taken: seen only while writing, when a part may have been written. */
    static final class Taken extends Exception {
        private static final long serialVersionUID = 1;
        private final AppendRefused refusal;

        private Taken(int index, SQLException cause) {
            super(cause);
            this.refusal = new AppendRefused(index, cause);
        }

        AppendRefused refusal() {
            return refusal;
        }
    }

    /**
     * Appends events that follow the heads of their streams.
     *
     * @throws AppendRefused when one does not follow; nothing was written then
     */
    static void append(Session session, List<EventRow> rows, Tails.Change tails) throws SQLException, Taken {
        if (rows.size() == 1) {
            var row = rows.getFirst();
            var tail = tails.of(session, row.stream());
            requireFollows(row, tail, 0);
            tails.moved(row.stream(), inserted(session, row, tail, 0));
            return;
        }
        var found = new HashMap<StreamName, Optional<Tail>>();
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var tail = found.get(row.stream());
            if (tail == null) {
                tail = tails.of(session, row.stream());
                found.put(row.stream(), tail);
                requireFollows(row, tail, i);
            }
        }
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var tail = found.getOrDefault(row.stream(), Optional.empty());
            found.put(row.stream(), Optional.of(inserted(session, row, tail, i)));
        }
        found.forEach((stream, tail) -> tail.ifPresent(moved -> tails.moved(stream, moved)));
    }

    private static void requireFollows(EventRow row, Optional<Tail> tail, int index) {
        if (tail.isPresent()) {
            var head = tail.get().head();
            if (row.sequence() != head.sequence() + 1
                    || !Arrays.equals(row.sealed().previousHash(), head.hash())) {
                throw new AppendRefused(index);
            }
        }
    }

    /** The tail of the stream after it. */
    private static Tail inserted(Session session, EventRow row, Optional<Tail> tail, int index)
            throws SQLException, Taken {
        try {
            long stream = tail.isPresent() ? tail.get().stream() : newStream(session, row.stream());
            insert(session, row, stream);
            return new Tail(stream, new Head(row.sequence(), row.sealed().hash(), row.type()));
        } catch (SQLException e) {
            if ((e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                throw new Taken(index, e);
            }
            throw e;
        }
    }

    private static void insert(Session session, EventRow row, long stream) throws SQLException {
        var sealed = row.sealed();
        session.update(
                """
                INSERT INTO events(stream, sequence, event_id, type, revision, chunks, previous, hash, skeleton, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                stream,
                row.sequence(),
                row.id(),
                row.type(),
                row.revision(),
                sealed.chunks().size(),
                sealed.previousHash(),
                sealed.hash(),
                sealed.skeleton(),
                sealed.body());
        for (int i = 0; i < sealed.chunks().size(); i++) {
            session.update(
                    "INSERT INTO chunks(stream, sequence, number, envelope) VALUES (?, ?, ?, ?)",
                    stream,
                    row.sequence(),
                    i,
                    sealed.chunks().get(i));
        }
    }

    /** Keeps a snapshot unless a newer one of its stream is there. */
    static void keep(Session session, SnapshotRow snapshot) throws SQLException {
        session.update(
                """
                INSERT INTO snapshots(stream, sequence, event_id, type, revision, sealed)
                VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT(stream) DO UPDATE SET sequence = excluded.sequence, event_id = excluded.event_id,
                  type = excluded.type, revision = excluded.revision, sealed = excluded.sealed
                WHERE excluded.sequence > sequence""",
                snapshot.stream().value(),
                snapshot.sequence(),
                snapshot.id(),
                snapshot.type(),
                snapshot.revision(),
                snapshot.sealed());
    }

    /** Deletes a stream. Where that takes the last event, its position is kept: SQLite gives out the next one. */
    static void delete(Session session, StreamName stream) throws SQLException {
        long last = lastPosition(session);
        for (var table : List.of("chunks", "events")) {
            session.update(
                    "DELETE FROM " + table + " WHERE stream = (SELECT id FROM streams WHERE name = ?)", stream.value());
        }
        session.update("DELETE FROM snapshots WHERE stream = ?", stream.value());
        session.update("DELETE FROM streams WHERE name = ?", stream.value());
        if (lastPosition(session) < last) {
            keepPosition(session, last);
        }
    }

    /** One row of no stream, instead of SQLite's AUTOINCREMENT, which would write a page more with every event. */
    private static void keepPosition(Session session, long last) throws SQLException {
        session.update("""
                INSERT OR REPLACE INTO events(
                  position, stream, sequence, event_id, type, revision, chunks, previous, hash, skeleton)
                VALUES (?, 0, ?, '', '', '', 0, x'', x'', x'')""", last, last);
    }

    private static EventRow row(ResultSet result, StreamName stream, byte @Nullable [] body) throws SQLException {
        return new EventRow(
                result.getLong(1),
                stream,
                result.getLong(2),
                result.getString(3),
                result.getString(4),
                result.getString(5),
                result.getInt(6),
                new SealedEvent(result.getBytes(9), body, List.of(), result.getBytes(7), result.getBytes(8)));
    }
}
