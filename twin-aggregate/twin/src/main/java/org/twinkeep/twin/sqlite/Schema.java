package org.twinkeep.twin.sqlite;

import java.sql.SQLException;
import java.util.List;
import org.twinkeep.twin.StoreUnavailable;

/** The tables of one file, and the number of their format, which the file carries as its {@code user_version}. */
record Schema(int format, List<String> statements) {

    static Schema of(int format, String... statements) {
        return new Schema(format, List.of(statements));
    }

    /** Makes the tables in an empty file, all at once. @throws StoreUnavailable for a format that is not known here */
    void furnish(Session session, String file) throws SQLException {
        int found = session.number("PRAGMA user_version");
        if (found == 0) {
            session.execute("BEGIN IMMEDIATE");
            for (var statement : statements) {
                session.execute(statement);
            }
            session.execute("PRAGMA user_version = " + format);
            session.execute("COMMIT");
        } else if (found != format) {
            throw new StoreUnavailable(file + " has format " + found + "; this Twinkeep knows format " + format
                    + ". Use the version that wrote it.");
        }
    }
}
