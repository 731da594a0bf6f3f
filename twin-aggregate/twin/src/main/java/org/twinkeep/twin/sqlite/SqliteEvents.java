package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.StoreUnavailable;
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
    private static final int HEADS_REMEMBERED = 10_000;

    /** Something to write, within a savepoint of its own. */
    private interface Work {
        void write(Session session) throws SQLException;

        void written();
    }

    private final Database database;
    private final Sessions readers;
    private final GroupCommit<Work> writers = new GroupCommit<>(MOST_IN_A_COMMIT, this::commit);
    private final Map<StreamName, Head> heads = new Heads();
    private Session writer;
    private boolean broken;

    private SqliteEvents(Database database) throws SQLException {
        this.database = database;
        this.writer = database.open(EventTables.SCHEMA);
        this.readers = new Sessions(database);
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
        writers.commit(new Work() {
            @Override
            public void write(Session session) throws SQLException {
                try {
                    EventTables.append(session, rows, SqliteEvents.this::remembered);
                } catch (AppendRefused e) {
                    rows.forEach(row -> forget(row.stream()));
                    throw e;
                }
            }

            @Override
            public void written() {
                rows.forEach(row -> remember(row));
            }
        });
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
        writers.commit(new Work() {
            @Override
            public void write(Session session) throws SQLException {
                for (var stream : streams) {
                    EventTables.delete(session, stream);
                }
            }

            @Override
            public void written() {
                streams.forEach(SqliteEvents.this::forget);
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
        writers.commit(new Work() {
            @Override
            public void write(Session session) throws SQLException {
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

            @Override
            public void written() {}
        });
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
        var known = remembered(stream);
        return known != null ? Optional.of(known) : read(session -> EventTables.head(session, stream));
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
            var accepted = new ArrayList<GroupCommit.Ticket<Work>>();
            var refused = new LinkedHashMap<GroupCommit.Ticket<Work>, RuntimeException>();
            writer.update("BEGIN IMMEDIATE");
            for (var ticket : group) {
                writer.update("SAVEPOINT one");
                try {
                    ticket.work().write(writer);
                    accepted.add(ticket);
                } catch (AppendRefused e) {
                    writer.update("ROLLBACK TO one");
                    refused.put(ticket, e);
                }
                writer.update("RELEASE one");
            }
            writer.update("COMMIT");
            accepted.forEach(ticket -> ticket.work().written());
            accepted.forEach(GroupCommit.Ticket::accept);
            refused.forEach(GroupCommit.Ticket::refuse);
        } catch (SQLException | RuntimeException e) {
            fail(group, e);
        }
    }

    private void fail(List<GroupCommit.Ticket<Work>> group, Exception cause) {
        broken = true;
        synchronized (heads) {
            heads.clear();
        }
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
        broken = false;
    }

    private @Nullable Head remembered(StreamName stream) {
        synchronized (heads) {
            return heads.get(stream);
        }
    }

    private void remember(EventRow row) {
        synchronized (heads) {
            heads.put(row.stream(), new Head(row.sequence(), row.sealed().hash(), row.type()));
        }
    }

    private void forget(StreamName stream) {
        synchronized (heads) {
            heads.remove(stream);
        }
    }

    @Override
    public void close() {
        try {
            readers.close();
            writer.close();
        } catch (SQLException e) {
            throw new StoreUnavailable("The store " + database.name() + " did not close.", e);
        }
    }

    private static final class Heads extends LinkedHashMap<StreamName, Head> {
        private static final long serialVersionUID = 1;

        Heads() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamName, Head> eldest) {
            return size() > HEADS_REMEMBERED;
        }
    }
}
