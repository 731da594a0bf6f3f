package org.twinkeep.integrations.directory;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.twin.sqlite.TableShape;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Organisations, practitioners and places that belong to no patient, as received.
 *
 * <p>Guarantees: what {@link #keep} returned is durable; the file holds keyed hashes and sealed bytes, nothing else. Safe for
 * many threads. Failure: {@link DirectoryUnavailable}. {@code docs/formats/directory.md} gives the format.
 */
public final class SharedDirectory implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS listed (handle BLOB PRIMARY KEY, kind BLOB NOT NULL, sealed BLOB NOT NULL)"
                    + " WITHOUT ROWID",
            "CREATE TABLE IF NOT EXISTS names (name BLOB NOT NULL, handle BLOB NOT NULL, PRIMARY KEY (name, handle))"
                    + " WITHOUT ROWID",
            "CREATE INDEX IF NOT EXISTS listed_by_kind ON listed (kind)",
            "CREATE INDEX IF NOT EXISTS names_by_handle ON names (handle)");

    /** What is done with a connection; all of it is kept or nothing. */
    @FunctionalInterface
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Where the rows lie: tables {@code listed} and {@code names} as the format says. */
    public interface Rows {
        <T> T work(Work<T> work) throws SQLException;

        /** Whether the tables stand there as they would be made anew. */
        boolean isAsMade() throws SQLException;

        void close() throws SQLException;
    }

    private final Rows rows;
    private final Secret sealing;
    private final Secret naming;

    /**
     * One resource of the directory.
     *
     * @param source who says so; ids are unique within a source
     * @param resource its JSON, as received
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Listed(
            String source, String type, String id, @Nullable String fullUrl, byte[] resource) {
        public JsonNode tree() {
            return MAPPER.readTree(resource);
        }

        @Override
        public String toString() {
            return "Listed " + type;
        }
    }

    /** @param unchanged how many were there with the same content */
    public record Outcome(int recorded, int unchanged) {}

    /**
     * @param listed how many it holds
     * @param problems what is not as it was written; empty when all is
     */
    public record Checked(long listed, List<String> problems) {}

    private SharedDirectory(Rows rows, Secret sealing, Secret naming) {
        this.rows = rows;
        this.sealing = sealing;
        this.naming = naming;
    }

    /** @param house a key of the house that is used for nothing else */
    public static SharedDirectory open(Path file, Secret house) {
        try {
            var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
            try (var sql = connection.createStatement()) {
                sql.execute("PRAGMA journal_mode=WAL");
                sql.execute("PRAGMA synchronous=FULL");
                sql.execute("PRAGMA secure_delete=ON");
                for (var table : TABLES) {
                    sql.execute(table);
                }
            }
            connection.setAutoCommit(false);
            return in(new InFile(connection), house);
        } catch (SQLException e) {
            throw new DirectoryUnavailable("The shared directory cannot be opened.", e);
        }
    }

    /**
     * Opens one whose rows lie elsewhere.
     *
     * @param house a key of the house that is used for nothing else
     */
    public static SharedDirectory in(Rows rows, Secret house) {
        return new SharedDirectory(rows, derived(house, "seal"), derived(house, "name"));
    }

    /** One caller at a time. */
    private record InFile(Connection connection) implements Rows {
        @Override
        public synchronized <T> T work(Work<T> work) throws SQLException {
            try {
                var done = work.with(connection);
                connection.commit();
                return done;
            } catch (SQLException | RuntimeException e) {
                try {
                    connection.rollback();
                } catch (SQLException broken) {
                    e.addSuppressed(broken);
                }
                throw e;
            }
        }

        @Override
        public synchronized boolean isAsMade() throws SQLException {
            return work(there -> TableShape.isAsMade(there, TABLES));
        }

        @Override
        public synchronized void close() throws SQLException {
            connection.close();
        }
    }

    /** Keeps these, all or none; a newer content replaces the older one of the same source, type and id. */
    public Outcome keep(Collection<Listed> received) {
        try {
            return rows.work(connection -> {
                int unchanged = 0;
                for (var each : received) {
                    var handle = handle(each);
                    var before = read(connection, handle);
                    if (before.isPresent() && Arrays.equals(before.get().resource(), each.resource())) {
                        unchanged++;
                    } else {
                        write(connection, handle, each);
                    }
                }
                return new Outcome(received.size() - unchanged, unchanged);
            });
        } catch (SQLException e) {
            throw new DirectoryUnavailable("The shared directory cannot be written; is the disk full?", e);
        }
    }

    /** The one resource with this identifier, as a conditional reference means it; nothing when there are several. */
    public Optional<Listed> byIdentifier(String type, String system, String value) {
        return only(identifierName(type, system, value));
    }

    /** What a literal reference means that stood in a resource of this source: by full URL, or by type and id. */
    public Optional<Listed> byReference(String source, String reference) {
        return only(referenceName(source, reference));
    }

    /** Everything of this type. */
    public List<Listed> all(String type) {
        try {
            return rows.work(connection -> {
                try (var sql = connection.prepareStatement("SELECT handle, sealed FROM listed WHERE kind = ?")) {
                    sql.setBytes(1, hash("kind", type));
                    var found = new ArrayList<Listed>();
                    try (var result = sql.executeQuery()) {
                        while (result.next()) {
                            found.add(opened(result.getBytes(1), result.getBytes(2)));
                        }
                    }
                    return found;
                }
            });
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    /** Opens everything and compares under what it is sought with what it says; for {@code verify}. */
    public Checked check() {
        try {
            return rows.isAsMade()
                    ? rows.work(this::checked)
                    : new Checked(0, List.of("a table is not as it was made"));
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private Checked checked(Connection connection) throws SQLException {
        long listed = 0;
        long closed = 0;
        long elsewhere = 0;
        var sought = names(connection);
        try (var sql = connection.prepareStatement("SELECT handle, kind, sealed FROM listed");
                var result = sql.executeQuery()) {
            while (result.next()) {
                listed++;
                var names = sought.remove(ByteBuffer.wrap(result.getBytes(1)));
                try {
                    var each = opened(result.getBytes(1), result.getBytes(3));
                    boolean found = Arrays.equals(result.getBytes(1), handle(each))
                            && Arrays.equals(result.getBytes(2), hash("kind", each.type()))
                            && names(each).equals(names);
                    elsewhere += found ? 0 : 1;
                } catch (Tampered e) {
                    closed++;
                }
            }
        }
        var problems = new ArrayList<String>();
        if (closed > 0) {
            problems.add(closed + " organisations or people in it do not open");
        }
        if (elsewhere + sought.size() > 0) {
            problems.add(elsewhere + sought.size() + " entries of it are not found by what they say");
        }
        return new Checked(listed, problems);
    }

    /** Under which names each is sought, by its handle. */
    private static Map<ByteBuffer, Set<ByteBuffer>> names(Connection connection) throws SQLException {
        try (var sql = connection.prepareStatement("SELECT handle, name FROM names");
                var result = sql.executeQuery()) {
            var names = new HashMap<ByteBuffer, Set<ByteBuffer>>();
            while (result.next()) {
                names.computeIfAbsent(ByteBuffer.wrap(result.getBytes(1)), _ -> new HashSet<>())
                        .add(ByteBuffer.wrap(result.getBytes(2)));
            }
            return names;
        }
    }

    /**
     * How to call whom or what a reference means, in words for people; nothing when the directory does not know.
     *
     * @param reference as written: {@code Practitioner/1}, a full URL, or {@code Practitioner?identifier=system|value}
     */
    public Optional<String> nameOf(String source, String reference) {
        return byWritten(source, reference).map(Listed::tree).flatMap(DisplayName::of);
    }

    /** What a reference means, literal or conditional. */
    public Optional<Listed> byWritten(String source, String reference) {
        int mark = reference.indexOf("?identifier=");
        if (mark < 0) {
            return byReference(source, reference);
        }
        var token = decoded(reference.substring(mark + "?identifier=".length()));
        int bar = token.indexOf('|');
        return bar < 0
                ? Optional.empty()
                : byIdentifier(reference.substring(0, mark), token.substring(0, bar), token.substring(bar + 1));
    }

    private static String decoded(String token) {
        try {
            return token.indexOf('%') < 0 ? token : URLDecoder.decode(token, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return token;
        }
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (SQLException e) {
            throw new DirectoryUnavailable("The shared directory cannot be closed.", e);
        } finally {
            sealing.close();
            naming.close();
        }
    }

    private void write(Connection connection, byte[] handle, Listed each) throws SQLException {
        try (var sql = connection.prepareStatement("INSERT INTO listed (handle, kind, sealed) VALUES (?,?,?)"
                + " ON CONFLICT (handle) DO UPDATE SET kind = excluded.kind, sealed = excluded.sealed")) {
            sql.setBytes(1, handle);
            sql.setBytes(2, hash("kind", each.type()));
            sql.setBytes(3, Box.seal(sealing, handle, framed(each)));
            sql.executeUpdate();
        }
        try (var sql = connection.prepareStatement("DELETE FROM names WHERE handle = ?")) {
            sql.setBytes(1, handle);
            sql.executeUpdate();
        }
        try (var sql =
                connection.prepareStatement("INSERT INTO names (name, handle) VALUES (?,?) ON CONFLICT DO NOTHING")) {
            for (var name : names(each)) {
                sql.setBytes(1, name.array());
                sql.setBytes(2, handle);
                sql.executeUpdate();
            }
        }
    }

    private Set<ByteBuffer> names(Listed each) {
        var names = new HashSet<ByteBuffer>();
        var literal = Stream.of(each.type() + "/" + each.id(), each.fullUrl() == null ? "" : each.fullUrl());
        literal.filter(name -> !name.isEmpty())
                .forEach(name -> names.add(ByteBuffer.wrap(referenceName(each.source(), name))));
        for (var identifier : each.tree().path("identifier")) {
            var system = identifier.path("system").stringValue("");
            var value = identifier.path("value").stringValue("");
            if (!system.isEmpty() && !value.isEmpty()) {
                names.add(ByteBuffer.wrap(identifierName(each.type(), system, value)));
            }
        }
        return names;
    }

    private Optional<Listed> only(byte[] name) {
        try {
            return rows.work(connection -> {
                try (var sql = connection.prepareStatement("SELECT handle FROM names WHERE name = ? LIMIT 2")) {
                    sql.setBytes(1, name);
                    try (var result = sql.executeQuery()) {
                        if (!result.next()) {
                            return Optional.empty();
                        }
                        var handle = result.getBytes(1);
                        return result.next() ? Optional.empty() : read(connection, handle);
                    }
                }
            });
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private Optional<Listed> read(Connection connection, byte[] handle) throws SQLException {
        try (var sql = connection.prepareStatement("SELECT sealed FROM listed WHERE handle = ?")) {
            sql.setBytes(1, handle);
            try (var rows = sql.executeQuery()) {
                return rows.next() ? Optional.of(opened(handle, rows.getBytes(1))) : Optional.empty();
            }
        }
    }

    private Listed opened(byte[] handle, byte[] sealed) {
        var framed = ByteBuffer.wrap(Box.open(sealing, handle, sealed));
        var about = new byte[framed.getInt()];
        framed.get(about);
        var resource = new byte[framed.remaining()];
        framed.get(resource);
        var fields = MAPPER.readTree(about);
        return new Listed(
                fields.path("source").stringValue(""),
                fields.path("type").stringValue(""),
                fields.path("id").stringValue(""),
                fields.path("fullUrl").stringValue(null),
                resource);
    }

    /** The length of a small JSON object, it, and the resource's own bytes. */
    private static byte[] framed(Listed each) {
        var fields = MAPPER.createObjectNode()
                .put("source", each.source())
                .put("type", each.type())
                .put("id", each.id());
        if (each.fullUrl() != null) {
            fields.put("fullUrl", each.fullUrl());
        }
        var about = MAPPER.writeValueAsBytes(fields);
        return ByteBuffer.allocate(Integer.BYTES + about.length + each.resource().length)
                .putInt(about.length)
                .put(about)
                .put(each.resource())
                .array();
    }

    private byte[] handle(Listed each) {
        return hash("handle", each.source(), each.type(), each.id());
    }

    private byte[] referenceName(String source, String reference) {
        return hash("reference", source, reference);
    }

    private byte[] identifierName(String type, String system, String value) {
        return hash("identifier", type, system, value);
    }

    private byte[] hash(String... parts) {
        return naming.reveal(KeyAccess.TO_DERIVE, key -> hmac(key, parts));
    }

    private static Secret derived(Secret house, String label) {
        var bytes = house.reveal(KeyAccess.TO_DERIVE, key -> hmac(key, "twinkeep directory", label));
        var secret = Secret.copyOf(bytes);
        Arrays.fill(bytes, (byte) 0);
        return secret;
    }

    /** HMAC-SHA-256 over the parts, each behind its length, so that no two lists of parts read the same. */
    private static byte[] hmac(byte[] key, String... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (var part : parts) {
                var bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static DirectoryUnavailable unreadable(SQLException e) {
        return new DirectoryUnavailable("The shared directory cannot be read.", e);
    }
}
