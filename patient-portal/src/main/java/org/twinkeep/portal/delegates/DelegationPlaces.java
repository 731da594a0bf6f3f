package org.twinkeep.portal.delegates;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.portal.tables.Tables;
import tools.jackson.databind.json.JsonMapper;

/**
 * In whose stream the delegations of an account stand, and what waits for two people, so that neither needs a search
 * through all twins. Only a hint: what is true stands in the stream. The rows name nobody: HMACs to find them by, the rest
 * sealed; they go with the twin.
 */
final class DelegationPlaces implements AutoCloseable {
    private static final String[] TABLES = {
        """
        CREATE TABLE IF NOT EXISTS delegation(
          handle bytea PRIMARY KEY, delegate bytea NOT NULL, twin bytea NOT NULL, waits integer NOT NULL,
          sealed bytea NOT NULL)""",
        "CREATE INDEX IF NOT EXISTS delegation_of ON delegation(delegate)",
        "CREATE INDEX IF NOT EXISTS delegation_twin ON delegation(twin, waits)"
    };
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Where one stands. */
    record Place(TwinId twin, ConsentHandle handle) {}

    private record Kept(String twin, String handle) {}

    private final Tables tables;
    private final Secret seals;
    private final Secret names;

    /** @param tables not its own to close */
    DelegationPlaces(Tables tables, Vault vault) {
        this.tables = tables;
        this.seals = vault.houseKey("delegations");
        this.names = vault.houseKey("delegations-names");
        tables.make(TABLES);
    }

    /** @param delegate the account; empty for a death */
    void put(Place place, String delegate, boolean waits) {
        var name = name("handle", place.handle().value());
        var kept = new Kept(place.twin().toString(), place.handle().value());
        tables.together(() -> {
            tables.change("DELETE FROM delegation WHERE handle = ?", (Object) name);
            return tables.change(
                    "INSERT INTO delegation VALUES (?, ?, ?, ?, ?)",
                    name,
                    name("delegate", delegate),
                    name("twin", place.twin().toString()),
                    waits ? 1 : 0,
                    Box.seal(seals, name, JSON.writeValueAsBytes(kept)));
        });
    }

    List<Place> of(String delegate) {
        return places("SELECT handle, sealed FROM delegation WHERE delegate = ?", name("delegate", delegate));
    }

    List<Place> waiting() {
        return places("SELECT handle, sealed FROM delegation WHERE waits = ?", 1);
    }

    List<Place> all() {
        return places("SELECT handle, sealed FROM delegation WHERE waits >= ?", 0);
    }

    void forget(TwinId twin) {
        tables.change("DELETE FROM delegation WHERE twin = ?", (Object) name("twin", twin.toString()));
        tables.cutLog();
    }

    private List<Place> places(String sql, Object value) {
        record Row(byte[] name, byte[] sealed) {}
        return tables.all(row -> new Row(row.getBytes(1), row.getBytes(2)), sql, value).stream()
                .map(row -> JSON.readValue(Box.open(seals, row.name(), row.sealed()), Kept.class))
                .map(kept -> new Place(TwinId.of(kept.twin()), new ConsentHandle(kept.handle())))
                .toList();
    }

    private byte[] name(String label, String value) {
        return Hmac.sha256(names, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }

    @Override
    public void close() {
        seals.close();
        names.close();
    }
}
