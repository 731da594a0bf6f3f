package org.twinkeep.twin.postgresql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A PostgreSQL for the tests of one class; each asks it for an empty schema. */
public final class OnPostgres implements BeforeAllCallback, AfterAllCallback {

    private final List<SharedDatabase> open = new ArrayList<>();
    private PostgresServer server;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server = PostgresServer.start();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        open.forEach(SharedDatabase::close);
        if (server != null) {
            server.close();
        }
    }

    public PostgresServer server() {
        return server;
    }

    public String empty() throws SQLException {
        return server.empty();
    }

    /** Connected until the end of the class. */
    public SharedDatabase connect(String address) {
        var database = SharedDatabase.open(address);
        open.add(database);
        return database;
    }
}
