package org.twinkeep.portal.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.portal.tables.Tables;
import tools.jackson.databind.json.JsonMapper;

/**
 * Programs that may ask for decisions. Each has a secret of 256 random bits, shown once; kept is its SHA-256, which is
 * enough for what nobody can guess. Rows are sealed under the house key of accounts (docs/formats/accounts.md).
 *
 * <p>A secret is compared in constant time. Wrong ones are counted by address, and slowed down; a right one never waits.
 */
public final class Clients {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int SECRET = 32;
    private static final String TABLE = "CREATE TABLE IF NOT EXISTS client(id text PRIMARY KEY, sealed bytea NOT NULL)";

    /** A hash that no secret has: an unknown client takes as long as a known one. */
    private static final byte[] OF_NOBODY = new byte[32];

    private final Tables file;
    private final Secret seals;
    private final BlindNames names;
    private final Throttle throttle;
    private final Clock clock;
    private final SecureRandom random;

    Clients(Tables file, Secret seals, BlindNames names, Throttle throttle, Clock clock, SecureRandom random) {
        this.file = file;
        this.seals = seals;
        this.names = names;
        this.throttle = throttle;
        this.clock = clock;
        this.random = random;
        file.make(TABLE);
    }

    /** A program, as the patient will read it in the trail. */
    public record Client(UUID id, String name, String organisation, Instant since) {

        public Looker looker() {
            return new Looker("client:" + id, name, organisation, "client");
        }

        @Override
        public String toString() {
            return "Client " + id;
        }
    }

    /** @param secret to be shown once */
    public record Added(Client client, String secret) {
        @Override
        public String toString() {
            return "Added " + client.id();
        }
    }

    private record Kept(String name, String organisation, long since, String hash) {}

    public Added add(String name, String organisation) {
        var bytes = new byte[SECRET];
        random.nextBytes(bytes);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var client = new Client(
                new UUID(random.nextLong(), random.nextLong()), name.strip(), organisation.strip(), clock.instant());
        var kept = new Kept(
                client.name(),
                client.organisation(),
                client.since().toEpochMilli(),
                Base64.getEncoder().encodeToString(hash(secret)));
        file.change(
                "INSERT INTO client VALUES (?, ?)",
                client.id().toString(),
                Box.seal(seals, context(client.id().toString()), JSON.writeValueAsBytes(kept)));
        return new Added(client, secret);
    }

    /** Its secret opens nothing from now on. @return whether there was such a client */
    public boolean remove(String id) {
        return file.change("DELETE FROM client WHERE id = ?", id) == 1;
    }

    /** By name. */
    public List<Client> all() {
        record Row(String id, byte[] sealed) {}
        return file.all(row -> new Row(row.getString(1), row.getBytes(2)), "SELECT id, sealed FROM client").stream()
                .map(row -> client(row.id(), kept(row.id(), row.sealed())))
                .sorted(Comparator.comparing(Client::name).thenComparing(Client::since))
                .toList();
    }

    /**
     * Whose credentials these are. Unknown client, wrong secret: answered alike, in the same time.
     *
     * @param remote the network address that asks
     */
    public Proof prove(String id, String secret, String remote) {
        var kept = file.one(row -> row.getBytes(1), "SELECT sealed FROM client WHERE id = ?", id)
                .map(row -> kept(id, row));
        var expected = kept.map(k -> Base64.getDecoder().decode(k.hash())).orElse(OF_NOBODY);
        if (MessageDigest.isEqual(expected, hash(secret))) {
            return new Proof.Proven(client(id, kept.orElseThrow()));
        }
        return throttle.enter(Throttle.What.ADDRESS, names.address("client " + remote))
                ? new Proof.Wrong()
                : new Proof.TooMany();
    }

    /** What became of credentials. */
    public sealed interface Proof {
        record Proven(Client client) implements Proof {}

        record Wrong() implements Proof {}

        /** Wrong too often from this address lately. */
        record TooMany() implements Proof {}
    }

    private Kept kept(String id, byte[] sealed) {
        return JSON.readValue(Box.open(seals, context(id), sealed), Kept.class);
    }

    private static Client client(String id, Kept kept) {
        return new Client(UUID.fromString(id), kept.name(), kept.organisation(), Instant.ofEpochMilli(kept.since()));
    }

    private static byte[] context(String id) {
        return ("client " + id).getBytes(UTF_8);
    }

    private static byte[] hash(String secret) {
        return Sha2.sha256().digest(secret.getBytes(UTF_8));
    }
}
