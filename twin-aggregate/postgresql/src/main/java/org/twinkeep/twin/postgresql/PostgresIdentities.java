package org.twinkeep.twin.postgresql;

import static org.twinkeep.twin.postgresql.SharedDatabase.prepared;
import static org.twinkeep.twin.postgresql.SharedDatabase.update;

import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinRefused;

/** Identifiers of sources as HMAC-SHA-256 under a key of the house, in PostgreSQL: of two servers one links. */
public final class PostgresIdentities implements Identities {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS identities(
              identifier bytea PRIMARY KEY,
              twin uuid);
            CREATE INDEX IF NOT EXISTS identities_of_twin ON identities(twin)""";

    private final SharedDatabase database;
    private final Secret key;

    private PostgresIdentities(SharedDatabase database, Secret key) {
        this.database = database;
        this.key = key;
    }

    /**
     * Opens them.
     *
     * @param key the house's key of the label {@code identities}
     * @throws org.twinkeep.twin.StoreUnavailable when its table cannot be made
     */
    public static PostgresIdentities in(SharedDatabase database, Secret key) {
        database.make(TABLES);
        return new PostgresIdentities(database, key);
    }

    @Override
    public Optional<Known> find(String system, String value) {
        return find(pseudonym(system, value));
    }

    private Optional<Known> find(byte[] identifier) {
        return database.read(connection -> {
            try (var statement = prepared(
                            connection, "SELECT twin FROM identities WHERE identifier = ?", (Object) identifier);
                    var result = statement.executeQuery()) {
                if (!result.next()) {
                    return Optional.empty();
                }
                var twin = result.getObject(1, UUID.class);
                return Optional.of(twin == null ? new Known.Gone() : new Known.Living(new TwinId(twin)));
            }
        });
    }

    @Override
    public void link(String system, String value, TwinId twin) {
        var identifier = pseudonym(system, value);
        database.change(connection -> update(
                connection,
                "INSERT INTO identities(identifier, twin) VALUES (?, ?) ON CONFLICT DO NOTHING",
                identifier,
                twin.value()));
        switch (find(identifier).orElseThrow()) {
            case Known.Living(var known) when known.equals(twin) -> {}
            case Known.Living _ -> throw new TwinRefused("This identifier belongs to another twin.");
            case Known.Gone _ -> throw new TwinRefused("The twin of this identifier was erased.");
        }
    }

    @Override
    public void erased(TwinId twin) {
        database.change(
                connection -> update(connection, "UPDATE identities SET twin = NULL WHERE twin = ?", twin.value()));
    }

    private byte[] pseudonym(String system, String value) {
        return Hmac.sha256(key, new ByteWriter().framed(system).framed(value).toBytes());
    }
}
