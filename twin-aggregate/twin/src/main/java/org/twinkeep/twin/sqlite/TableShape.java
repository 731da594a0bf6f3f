package org.twinkeep.twin.sqlite;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a SQLite file keeps its rows in: tables, columns, indexes. SQLite keeps a table as the text that made it, takes many
 * other texts for one, and its {@code integrity_check} asks no further; so a flipped bit there is found by making the tables
 * anew beside it.
 */
public final class TableShape {

    /** Older folders say BLOB and INTEGER, and keep their rows by their keys: the shape is the same. */
    private static final String SHAPE = """
            SELECT t.name || ' ' || c.name || ' ' || (c.pk > 0 OR c."notnull" > 0) || ' ' || c.pk || ' ' ||
                CASE lower(c.type) WHEN 'blob' THEN 'bytea' WHEN 'integer' THEN 'bigint' ELSE lower(c.type) END
            FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'
            UNION ALL SELECT i.name || ' on ' || i.tbl_name || ' ' || c.seqno || ' ' || c.name
            FROM sqlite_schema i JOIN pragma_index_info(i.name) c WHERE i.type = 'index' AND i.sql IS NOT NULL""";

    /** Indexes that SQLite makes by itself are numbered by table (https://www.sqlite.org/fileformat2.html#intschema). */
    private static final String STRAY = """
            SELECT count(*) FROM sqlite_schema i WHERE i.sql IS NULL AND NOT EXISTS
              (SELECT 1 FROM sqlite_schema t WHERE t.type = 'table' AND t.name = i.tbl_name AND i.type = 'index'
               AND i.name GLOB 'sqlite_autoindex_' || t.name || '_[0-9]*')""";

    private TableShape() {}

    /** Whether everything that these statements make stands there as they would make it anew. */
    public static boolean isAsMade(Connection there, List<String> statements) throws SQLException {
        try (var anew = DriverManager.getConnection("jdbc:sqlite::memory:");
                var statement = anew.createStatement()) {
            for (var each : statements) {
                statement.execute(each);
            }
            return shape(there).containsAll(shape(anew)) && !hasStray(there);
        }
    }

    private static Set<String> shape(Connection of) throws SQLException {
        try (var statement = of.createStatement();
                var rows = statement.executeQuery(SHAPE)) {
            var shape = new HashSet<String>();
            while (rows.next()) {
                shape.add(rows.getString(1));
            }
            return shape;
        }
    }

    private static boolean hasStray(Connection there) throws SQLException {
        try (var statement = there.createStatement();
                var rows = statement.executeQuery(STRAY)) {
            return rows.next() && rows.getLong(1) > 0;
        }
    }
}
