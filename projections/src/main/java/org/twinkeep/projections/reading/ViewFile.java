package org.twinkeep.projections.reading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.twinkeep.twin.sqlite.TableShape;

/**
 * The file {@code views.db}: handles, block numbers and sealed bytes, nothing else. All of it can be built again, so a file
 * that cannot be read answers as an empty one would, says so, and is made anew when something is written.
 */
final class ViewFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViewFile.class);

    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS block(handle BLOB NOT NULL, number INTEGER NOT NULL,"
                    + " sealed BLOB NOT NULL, PRIMARY KEY(handle, number)) WITHOUT ROWID";

    private final Path path;
    private @Nullable Connection connection;

    ViewFile(Path path) {
        this.path = path;
        try {
            connection = open();
        } catch (SQLException e) {
            LOG.warn("{} cannot be read; what stood in it is built again when it is needed", path.getFileName());
        }
    }

    /** The sealed blocks under this handle in order; none where there are none. */
    synchronized List<byte[]> read(String handle) {
        var sealed = new ArrayList<byte[]>();
        var open = connection;
        if (open == null) {
            return sealed;
        }
        try (var query = open.prepareStatement("SELECT sealed FROM block WHERE handle = ? ORDER BY number")) {
            query.setBytes(1, HexFormat.of().parseHex(handle));
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    sealed.add(rows.getBytes(1));
                }
            }
            return sealed;
        } catch (SQLException e) {
            LOG.warn("{} cannot be read; what stood in it is built again", path.getFileName());
            return List.of();
        }
    }

    /** Puts these blocks where others may have stood, all or none. */
    synchronized void replace(String handle, List<byte[]> sealed) {
        try {
            write(handle, sealed);
        } catch (SQLException e) {
            renew();
            try {
                write(handle, sealed);
            } catch (SQLException again) {
                throw new ViewsUnavailable(path.getFileName() + " cannot be written: check space and rights.", again);
            }
        }
    }

    synchronized void delete(String handle) {
        if (connection != null) {
            replace(handle, List.of());
        }
    }

    /** Every handle under which something stands. */
    synchronized Set<String> handles() {
        var handles = new TreeSet<String>();
        var open = connection;
        if (open == null) {
            return handles;
        }
        try (var query = open.createStatement();
                var rows = query.executeQuery("SELECT DISTINCT handle FROM block")) {
            while (rows.next()) {
                handles.add(HexFormat.of().formatHex(rows.getBytes(1)));
            }
        } catch (SQLException e) {
            LOG.warn("{} cannot be read", path.getFileName());
        }
        return handles;
    }

    /** Whether SQLite finds its own structure whole, and the table is as it was made. */
    synchronized boolean isSound() {
        var open = connection;
        if (open == null) {
            return false;
        }
        try (var query = open.createStatement();
                var rows = query.executeQuery("PRAGMA integrity_check(1)")) {
            return rows.next() && "ok".equals(rows.getString(1)) && TableShape.isAsMade(open, List.of(TABLE));
        } catch (SQLException e) {
            return false;
        }
    }

    String name() {
        return path.getFileName().toString();
    }

    private void write(String handle, List<byte[]> sealed) throws SQLException {
        var open = connection;
        if (open == null) {
            throw new SQLException("not open");
        }
        var key = HexFormat.of().parseHex(handle);
        open.setAutoCommit(false);
        try (var delete = open.prepareStatement("DELETE FROM block WHERE handle = ?");
                var insert = open.prepareStatement("INSERT INTO block(handle, number, sealed) VALUES (?, ?, ?)")) {
            delete.setBytes(1, key);
            delete.executeUpdate();
            for (var number = 0; number < sealed.size(); number++) {
                insert.setBytes(1, key);
                insert.setInt(2, number);
                insert.setBytes(3, sealed.get(number));
                insert.executeUpdate();
            }
            open.commit();
        } catch (SQLException e) {
            open.rollback();
            throw e;
        } finally {
            open.setAutoCommit(true);
        }
    }

    /** Everything in it is sealed copies of what the events say: a damaged file is thrown away. */
    private void renew() {
        LOG.warn("{} is damaged and is made anew", path.getFileName());
        close();
        try {
            for (var suffix : List.of("", "-wal", "-shm", "-journal")) {
                Files.deleteIfExists(path.resolveSibling(path.getFileName() + suffix));
            }
            connection = open();
        } catch (IOException | SQLException e) {
            throw new ViewsUnavailable(path.getFileName() + " cannot be made anew: check space and rights.", e);
        }
    }

    private Connection open() throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        var opened = config.createConnection("jdbc:sqlite:" + path);
        try (var statement = opened.createStatement()) {
            statement.execute(TABLE);
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        var open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.warn("{} did not close", path.getFileName());
            }
        }
    }
}
