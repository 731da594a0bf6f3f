package org.twinkeep.twin.sqlite;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.UUID;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.twin.StoreUnavailable;

/**
 * The file {@code keys.db}: wrapped rows of keys, names of streams, reservations, keyed hashes of identifiers. One
 * connection, one user at a time. What is deleted is overwritten and leaves the write-ahead log at once. Every row carries
 * a checksum, so that {@code verify} finds a flipped byte without any key.
 */
public final class KeysDatabase implements AutoCloseable {

    private static final int SUM_BYTES = 16;

    static final Schema SCHEMA = Schema.of(
            1,
            """
            CREATE TABLE key_rows(
              id BLOB NOT NULL UNIQUE,
              twin BLOB NOT NULL,
              bytes BLOB NOT NULL,
              checksum BLOB NOT NULL) STRICT""",
            "CREATE INDEX key_rows_of_twin ON key_rows(twin)",
            """
            CREATE TABLE stream_owners(
              stream TEXT NOT NULL UNIQUE,
              twin BLOB NOT NULL,
              checksum BLOB NOT NULL) STRICT""",
            "CREATE INDEX stream_owners_of_twin ON stream_owners(twin)",
            """
            CREATE TABLE reservations(
              stream TEXT NOT NULL,
              epoch INTEGER NOT NULL,
              next INTEGER NOT NULL,
              checksum BLOB NOT NULL,
              UNIQUE(stream, epoch)) STRICT""",
            """
            CREATE TABLE identities(
              identifier BLOB NOT NULL UNIQUE,
              twin BLOB,
              checksum BLOB NOT NULL) STRICT""",
            "CREATE INDEX identities_of_twin ON identities(twin)");

    /** Something to do with the file. */
    interface Use<T> {
        T with(Session session) throws SQLException;
    }

    private final Database database;
    private Session session;
    private boolean broken;

    private KeysDatabase(Database database) throws SQLException {
        this.database = database;
        this.session = database.open(SCHEMA);
    }

    /** Opens the file, or makes it. @throws StoreUnavailable when that fails */
    public static KeysDatabase open(Path file) {
        try {
            return new KeysDatabase(Database.at(file));
        } catch (SQLException e) {
            throw new StoreUnavailable("The store " + file.getFileName() + " cannot be opened.", e);
        }
    }

    synchronized <T> T read(Use<T> use) {
        try {
            return use.with(open());
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    /** All of it or nothing, synced when it returns. */
    synchronized <T> T change(Use<T> use) {
        try {
            open().update("BEGIN IMMEDIATE");
            T answer;
            try {
                answer = use.with(session);
            } catch (SQLException | RuntimeException e) {
                session.update("ROLLBACK");
                throw e;
            }
            broken = true;
            session.update("COMMIT");
            broken = false;
            return answer;
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    /** A change after which nothing of what was deleted lies in the file or its log. */
    synchronized void shrink(Use<?> use) {
        change(use);
        try {
            if (!session.emptyLog()) {
                throw new StoreUnavailable(
                        "Another program reads " + database.name() + ": end it, so that deleted keys leave the disk.");
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    /** After a commit of unknown outcome: write the log into the file before anything else. */
    private Session open() throws SQLException {
        if (broken) {
            session.close();
            session = database.openForWriting();
            session.emptyLog();
            broken = false;
        }
        return session;
    }

    private StoreUnavailable unavailable(SQLException e) {
        return new StoreUnavailable(
                "The store " + database.name() + " cannot be used: is the disk full or failing?", e);
    }

    @Override
    public synchronized void close() {
        try {
            session.close();
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    static UUID uuid(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    /** The first 16 bytes of SHA-256 over the table's name and the row's values, each framed. */
    static byte[] checksum(String table, byte[]... values) {
        var writer = new ByteWriter().framed(table);
        for (var value : values) {
            writer.framed(value);
        }
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(writer.toBytes()), SUM_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }

    static byte[] bytes(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    /** @throws StoreUnavailable when the row is not what was written */
    static void check(byte[] expected, byte[] stored) {
        if (!Arrays.equals(expected, stored)) {
            throw new StoreUnavailable("A row of keys.db was altered; verify says which.");
        }
    }
}
