package org.twinkeep.twin.sqlite;

import static org.twinkeep.twin.sqlite.KeysDatabase.bytes;
import static org.twinkeep.twin.sqlite.KeysDatabase.check;
import static org.twinkeep.twin.sqlite.KeysDatabase.checksum;
import static org.twinkeep.twin.sqlite.KeysDatabase.uuid;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinRefused;

/** Identifiers of sources as HMAC-SHA-256 under a key of the house, in {@code keys.db}. */
public final class SqliteIdentities implements Identities {

    private static final byte[] NOBODY = {};

    private final KeysDatabase database;
    private final Secret key;

    /** @param key the house's key of the label {@code identities} */
    public SqliteIdentities(KeysDatabase database, Secret key) {
        this.database = database;
        this.key = key;
    }

    @Override
    public Optional<Known> find(String system, String value) {
        var identifier = pseudonym(system, value);
        return database.read(session -> find(session, identifier));
    }

    @Override
    public void link(String system, String value, TwinId twin) {
        var identifier = pseudonym(system, value);
        var refusal =
                database.change(session -> switch (find(session, identifier).orElse(null)) {
                    case null -> {
                        session.update(
                                "INSERT INTO identities(identifier, twin, checksum) VALUES (?, ?, ?)",
                                identifier,
                                bytes(twin.value()),
                                sum(identifier, bytes(twin.value())));
                        yield Optional.<String>empty();
                    }
                    case Known.Living(var known) when known.equals(twin) -> Optional.<String>empty();
                    case Known.Living _ -> Optional.of("This identifier belongs to another twin.");
                    case Known.Gone _ -> Optional.of("The twin of this identifier was erased.");
                });
        if (refusal.isPresent()) {
            throw new TwinRefused(refusal.get());
        }
    }

    @Override
    public void erased(TwinId twin) {
        database.shrink(session -> {
            var identifiers = new ArrayList<byte[]>();
            try (var result = session.query("SELECT identifier FROM identities WHERE twin = ?", bytes(twin.value()))
                    .executeQuery()) {
                while (result.next()) {
                    identifiers.add(result.getBytes(1));
                }
            }
            for (var identifier : identifiers) {
                session.update(
                        "UPDATE identities SET twin = NULL, checksum = ? WHERE identifier = ?",
                        sum(identifier, null),
                        identifier);
            }
            return identifiers;
        });
    }

    private static Optional<Known> find(Session session, byte[] identifier) throws SQLException {
        try (var result = session.query("SELECT twin, checksum FROM identities WHERE identifier = ?", identifier)
                .executeQuery()) {
            if (!result.next()) {
                return Optional.empty();
            }
            var twin = result.getBytes(1);
            check(sum(identifier, twin), result.getBytes(2));
            return Optional.of(twin == null ? new Known.Gone() : new Known.Living(new TwinId(uuid(twin))));
        }
    }

    private byte[] pseudonym(String system, String value) {
        return Hmac.sha256(key, new ByteWriter().framed(system).framed(value).toBytes());
    }

    static byte[] sum(byte[] identifier, byte @Nullable [] twin) {
        return checksum("identities", identifier, twin == null ? NOBODY : twin);
    }
}
