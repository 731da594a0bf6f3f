package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.sqlite.EventTables.Taken;
import org.twinkeep.twin.sqlite.Tails.Tail;
import org.twinkeep.twin.store.AppendRefused;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.EventRow;
import org.twinkeep.twin.store.Head;
import org.twinkeep.twin.store.Moved;
import org.twinkeep.twin.store.Moved.StreamHead;
import org.twinkeep.twin.store.SnapshotRow;

/**
 * The file of events: ciphertext in the order of its positions. Positions never go back, and nothing becomes visible
 * before a smaller position does: one writer at a time, whose commit is what readers see.
 *
 * <p>Guarantees: what {@link #append} returned from is synced to the medium. Appends that come at the same time share a
 * commit; one that is refused leaves the others be. After a commit that failed its outcome is unknown, and nothing is
 * appended until the file was opened anew and all of the log written into it.
 */
public final class SqliteEvents implements EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteEvents.class);

    private static final int MOST_IN_A_COMMIT = 1024;

    /**
     * Pages of the write-ahead log before they are copied into the file, once many write at the same time. SQLite's own 1,000
     * are a few of their commits, and every copying is synced twice; a page that several commits wrote is copied once.
     */
    private static final int LOG_OF_MANY = 8_000;

    /** From so many on it is many who write at the same time. */
    private static final int MANY = 16;

    /** Something to write within a transaction. */
    private interface Work {
        /** @throws AppendRefused when it was refused and nothing of it written */
        void write(Session session, Tails.Change tails) throws SQLException, Taken;

        /** Whether it asks nothing and says one statement, which is a transaction by itself. */
        default boolean isOneStatement() {
            return false;
        }
    }

    /** Events of one call. */
    private final class Append implements Work {
        private final List<EventRow> rows;

        private Append(List<EventRow> rows) {
            this.rows = rows;
        }

        @Override
        public void write(Session session, Tails.Change change) throws SQLException, Taken {
            EventTables.append(session, rows, change);
        }

        @Override
        public boolean isOneStatement() {
            return rows.size() == 1 && rows.getFirst().chunks() == 0 && tails.of(rows.getFirst().stream()) != null;
        }
    }

    private final Database database;
    private final Sessions readers;
    private final GroupCommit<Work> writers;
    private final Tails tails = new Tails();
    private Session writer;
    private boolean broken;
    private boolean logOfMany;

    private SqliteEvents(Database database) throws SQLException {
        this.database = database;
        this.writer = database.open(EventTables.SCHEMA);
        this.readers = new Sessions(database);
        this.writers = new GroupCommit<>("writer of " + database.name(), MOST_IN_A_COMMIT, this::commit);
    }

    /** Opens the file, or makes it. @throws StoreUnavailable when that fails */
    public static SqliteEvents open(Path file) {
        return open(file, SynchronousMode.FULL);
    }

    static SqliteEvents open(Path file, SynchronousMode durability) {
        try {
            return new SqliteEvents(new Database(file, durability));
        } catch (SQLException e) {
            throw new StoreUnavailable("The store " + file.getFileName() + " cannot be opened.", e);
        }
    }

    @Override
    public void append(List<EventRow> rows) {
        writers.commit(new Append(rows));
    }

    @Override
    public List<LeafAddress> leavesOf(StreamName stream, Collection<Long> sequences) {
        return read(session -> {
            var leaves = new ArrayList<LeafAddress>();
            for (long sequence : sequences) {
                EventTables.event(session, stream, sequence)
                        .flatMap(row -> Optional.ofNullable(row.sealed().body()))
                        .map(Sealing::addressOf)
                        .ifPresent(leaves::add);
            }
            return leaves;
        });
    }

    @Override
    public long count(Collection<StreamName> streams) {
        return read(session -> {
            long count = 0;
            for (var stream : streams) {
                count += EventTables.count(session, stream);
            }
            return count;
        });
    }

    /** Deletes whole streams, overwrites what they held, and empties the write-ahead log of it. */
    @Override
    public void delete(Collection<StreamName> streams) {
        writers.commit((session, change) -> {
            for (var stream : streams) {
                EventTables.delete(session, stream);
                change.gone(stream);
            }
        });
        emptyLog();
    }

    /** A reader may hold the log for a while: then closing the store empties it. */
    private void emptyLog() {
        try (var session = database.openForWriting()) {
            if (!session.emptyLog()) {
                LOG.warn("The log of {} is being read and was not emptied yet.", database.name());
            }
        } catch (SQLException e) {
            throw new StoreUnavailable("The write-ahead log could not be emptied of what was deleted.", e);
        }
    }

    @Override
    public void keep(SnapshotRow snapshot) {
        writers.commit((session, _) -> EventTables.keep(session, snapshot));
    }

    <T> T read(Sessions.Question<T> question) {
        return readers.read(question);
    }

    @Override
    public List<EventRow> skeletons(StreamName stream, long first, int most) {
        return read(session -> EventTables.skeletons(session, stream, first, most));
    }

    @Override
    public List<EventRow> skeletonsAfter(long position, int most) {
        return read(session -> EventTables.skeletonsAfter(session, position, most));
    }

    @Override
    public List<EventRow> events(StreamName stream, long first, int most, long bytes) {
        return read(session -> EventTables.events(session, stream, first, most, bytes));
    }

    @Override
    public Optional<EventRow> event(StreamName stream, long sequence) {
        return read(session -> EventTables.event(session, stream, sequence));
    }

    @Override
    public EventRow withChunks(EventRow row) {
        return row.chunks() == 0 ? row : read(session -> EventTables.withChunks(session, row));
    }

    @Override
    public long lastPosition() {
        return read(EventTables::lastPosition);
    }

    @Override
    public List<StreamName> streams() {
        return read(EventTables::streams);
    }

    @Override
    public Optional<SnapshotRow> snapshot(StreamName stream) {
        return read(session -> EventTables.snapshot(session, stream));
    }

    @Override
    public Optional<Head> head(StreamName stream) {
        var known = tails.of(stream);
        return known != null
                ? Optional.of(known.head())
                : read(session -> EventTables.tail(session, stream)).map(Tail::head);
    }

    @Override
    public Moved movedSince(long position) {
        return read(session -> {
            var moved = new ArrayList<StreamHead>();
            long last = position;
            var sql = """
                    SELECT s.name, e.sequence, e.hash, max(e.position) FROM events e JOIN streams s ON s.id = e.stream
                    WHERE e.position > ? GROUP BY e.stream ORDER BY e.stream""";
            try (var result = session.query(sql, position).executeQuery()) {
                while (result.next()) {
                    moved.add(
                            new StreamHead(new StreamName(result.getString(1)), result.getLong(2), result.getBytes(3)));
                    last = Math.max(last, result.getLong(4));
                }
            }
            return new Moved(last, moved);
        });
    }

    private void commit(List<GroupCommit.Ticket<Work>> group) {
        try {
            if (broken) {
                reopen();
            }
            if (group.size() == 1 && group.getFirst().work().isOneStatement()) {
                alone(group.getFirst());
                return;
            }
            var refused = new HashMap<GroupCommit.Ticket<Work>, AppendRefused>();
            try {
                together(group, refused);
            } catch (Taken e) {
                writer.update("ROLLBACK");
                refused.clear();
                oneByOne(group, refused);
            }
            for (var ticket : group) {
                var refusal = refused.get(ticket);
                if (refusal == null) {
                    ticket.accept();
                } else {
                    ticket.refuse(refusal);
                }
            }
        } catch (SQLException | RuntimeException e) {
            fail(group, e);
        }
    }

    /** Outside a transaction SQLite commits each statement when it is done. */
    private void alone(GroupCommit.Ticket<Work> ticket) throws SQLException {
        var change = tails.new Change();
        try {
            ticket.work().write(writer, change);
            change.committed();
            ticket.accept();
        } catch (AppendRefused e) {
            ticket.refuse(e);
        } catch (Taken e) {
            ticket.refuse(e.refusal());
        }
    }

    private void together(List<GroupCommit.Ticket<Work>> group, Map<GroupCommit.Ticket<Work>, AppendRefused> refused)
            throws SQLException, Taken {
        if (group.size() >= MANY && !logOfMany) {
            writer.execute("PRAGMA wal_autocheckpoint = " + LOG_OF_MANY);
            logOfMany = true;
        }
        var change = tails.new Change();
        writer.update("BEGIN IMMEDIATE");
        for (var ticket : group) {
            try {
                ticket.work().write(writer, change);
            } catch (AppendRefused e) {
                refused.put(ticket, e);
            }
        }
        writer.update("COMMIT");
        change.committed();
    }

    /** Each with a savepoint of its own, so that one which is refused when a part of it was written rolls back alone. */
    private void oneByOne(List<GroupCommit.Ticket<Work>> group, Map<GroupCommit.Ticket<Work>, AppendRefused> refused)
            throws SQLException {
        var change = tails.new Change();
        writer.update("BEGIN IMMEDIATE");
        for (var ticket : group) {
            writer.update("SAVEPOINT one");
            try {
                ticket.work().write(writer, change);
            } catch (AppendRefused e) {
                refused.put(ticket, e);
            } catch (Taken e) {
                writer.update("ROLLBACK TO one");
                refused.put(ticket, e.refusal());
            }
            writer.update("RELEASE one");
        }
        writer.update("COMMIT");
        change.committed();
    }

    private void fail(List<GroupCommit.Ticket<Work>> group, Exception cause) {
        broken = true;
        tails.forgetAll();
        try {
            writer.update("ROLLBACK");
        } catch (SQLException rolledBackAlready) {
            cause.addSuppressed(rolledBackAlready);
        }
        LOG.error("A commit to {} failed; its outcome is unknown.", database.name(), cause);
        var unknown = new StoreUnavailable(
                "The store could not be written: is the disk full or failing? Whether this was kept is unknown; "
                        + "repeating it is safe.",
                cause);
        group.forEach(ticket -> ticket.refuse(unknown));
    }

    /** A failed sync may have lost what the system's cache still shows: write the log into the file before going on. */
    private void reopen() throws SQLException {
        writer.close();
        writer = database.openForWriting();
        writer.emptyLog();
        logOfMany = false;
        broken = false;
    }

    @Override
    public void close() {
        writers.close();
        try {
            readers.close();
            writer.close();
        } catch (SQLException e) {
            throw new StoreUnavailable("The store " + database.name() + " did not close.", e);
        }
    }
}
