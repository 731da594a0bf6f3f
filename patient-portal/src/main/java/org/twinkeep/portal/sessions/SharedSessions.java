package org.twinkeep.portal.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.twinkeep.twin.postgresql.SharedDatabase.prepared;
import static org.twinkeep.twin.postgresql.SharedDatabase.update;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.SessionRepository;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.twin.postgresql.SharedDatabase;

/**
 * Sessions in PostgreSQL, so that any server of the house answers a signed-in person.
 *
 * <p>Promise: each is sealed under a key that is made of a key of the house <em>and</em> of the session's id, and only the
 * person's browser has the id: the table keeps an HMAC of it. Whoever has the database and every key of the house opens no
 * session, so a patient's seed in it stays out of reach there. A session that was ended does not come back when a request
 * that was under way is done.
 */
public final class SharedSessions implements SessionRepository<SharedSession> {

    private static final String TABLES = """
            CREATE TABLE IF NOT EXISTS sessions(
              name bytea PRIMARY KEY,
              sealed bytea NOT NULL,
              until bigint NOT NULL);
            CREATE INDEX IF NOT EXISTS sessions_until ON sessions(until)""";

    private static final byte[] SEALED_AS = "twinkeep.session.v1".getBytes(UTF_8);

    private final SharedDatabase database;
    private final Secret key;
    private final Duration inactive;
    private final Clock clock;
    private final SessionIdGenerator ids;

    /**
     * Opens them.
     *
     * @param key the house's key of the label {@code sessions}
     * @param inactive how long a session lives that nobody uses
     */
    public SharedSessions(SharedDatabase database, Secret key, Duration inactive, Clock clock, SecureRandom random) {
        this.database = database;
        this.key = key;
        this.inactive = inactive;
        this.clock = clock;
        this.ids = () -> {
            var id = new byte[32];
            random.nextBytes(id);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        };
        database.make(TABLES);
    }

    @Override
    public SharedSession createSession() {
        database.change(connection -> update(connection, "DELETE FROM sessions WHERE until <= ?", clock.millis()));
        var session = new MapSession(ids);
        session.setMaxInactiveInterval(inactive);
        return new SharedSession(session, null);
    }

    @Override
    public void save(SharedSession session) {
        var before = session.storedAs();
        var name = name(session.getId());
        var sealed = sealed(session);
        long until = session.getLastAccessedTime()
                .plus(session.getMaxInactiveInterval())
                .toEpochMilli();
        database.change(connection -> before == null
                ? update(connection, "INSERT INTO sessions(name, sealed, until) VALUES (?, ?, ?)", name, sealed, until)
                : update(
                        connection,
                        "UPDATE sessions SET name = ?, sealed = ?, until = ? WHERE name = ?",
                        name,
                        sealed,
                        until,
                        name(before)));
        session.stored();
    }

    private byte[] sealed(SharedSession session) {
        var plain = SessionForm.write(session);
        try (var own = keyOf(session.getId())) {
            return Box.seal(own, SEALED_AS, plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    @Override
    public @Nullable SharedSession findById(String id) {
        return database.<Optional<byte[]>>read(connection -> {
                    try (var statement = prepared(
                                    connection,
                                    "SELECT sealed FROM sessions WHERE name = ? AND until > ?",
                                    name(id),
                                    clock.millis());
                            var result = statement.executeQuery()) {
                        return result.next() ? Optional.of(result.getBytes(1)) : Optional.empty();
                    }
                })
                .flatMap(box -> opened(id, box))
                .orElse(null);
    }

    private Optional<SharedSession> opened(String id, byte[] sealed) {
        try (var own = keyOf(id)) {
            return SessionForm.read(id, ids, Box.open(own, SEALED_AS, sealed))
                    .map(session -> new SharedSession(session, id));
        }
    }

    @Override
    public void deleteById(String id) {
        database.change(connection -> update(connection, "DELETE FROM sessions WHERE name = ?", (Object) name(id)));
    }

    private byte[] name(String id) {
        return Hmac.sha256(key, new ByteWriter().framed("name").framed(id).toBytes());
    }

    private Secret keyOf(String id) {
        return Secret.taking(
                Hmac.sha256(key, new ByteWriter().framed("key").framed(id).toBytes()));
    }
}
