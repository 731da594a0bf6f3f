package org.twinkeep.portal.wiring;

import java.sql.SQLException;
import org.twinkeep.integrations.directory.SharedDirectory;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.postgresql.SharedDatabase;

/** The rows of the directory in PostgreSQL; the two rooms do not know each other. It does not close the database. */
final class DirectoryDatabase implements SharedDirectory.Rows {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS listed(handle bytea PRIMARY KEY, kind bytea NOT NULL, sealed bytea NOT NULL);
            CREATE TABLE IF NOT EXISTS names(name bytea NOT NULL, handle bytea NOT NULL, PRIMARY KEY (name, handle));
            CREATE INDEX IF NOT EXISTS listed_by_kind ON listed(kind);
            CREATE INDEX IF NOT EXISTS names_by_handle ON names(handle)""";

    private final SharedDatabase database;

    DirectoryDatabase(SharedDatabase database) {
        this.database = database;
        database.make(TABLES);
    }

    @Override
    public <T> T work(SharedDirectory.Work<T> work) throws SQLException {
        try {
            return database.change(work::with);
        } catch (StoreUnavailable e) {
            throw e.getCause() instanceof SQLException cause ? cause : new SQLException(e);
        }
    }

    /** Its catalogue is PostgreSQL's own to keep. */
    @Override
    public boolean isAsMade() {
        return true;
    }

    @Override
    public void close() {}
}
