package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.crypto.sign.VerifyingKey;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code house.json}: what a house is, nothing secret. Its {@code check} shows a damaged byte; it proves nothing.
 *
 * @param format of the data folder
 * @param tenant the random name of this house; bound into every envelope
 * @param key where the key that wraps all others comes from: {@code file}, {@code passphrase} or {@code pkcs11}
 * @param trailKey the public key of the trail, hexadecimal, so that the trail is verified without opening anything; empty
 *     until the house is made
 * @param demo whether the demo made it, and so may delete it
 * @param events where the events lie; not written where they lie in the folder, as they always did
 * @param views where keys and accounts lie; not written where they lie in the folder
 * @param ledger which ledger records the consents; not written where it lies in the folder
 * @param signers the addresses of the organisations' own signers, by organisation; not written where there are none
 */
public record HouseFile(
        int format,
        String tenant,
        KekSource.Kind key,
        String trailKey,
        boolean demo,
        EventStore events,
        ViewStore views,
        LedgerStore ledger,
        SortedMap<String, String> signers) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public HouseFile {
        signers = Collections.unmodifiableSortedMap(new TreeMap<>(signers));
    }

    static HouseFile fresh(
            KekSource.Kind key,
            boolean demo,
            EventStore events,
            ViewStore views,
            LedgerStore ledger,
            SortedMap<String, String> signers) {
        var tenant = UUID.randomUUID().toString();
        return new HouseFile(DataFolder.FORMAT, tenant, key, "", demo, events, views, ledger, signers);
    }

    HouseFile with(KekSource.Kind other) {
        return new HouseFile(format, tenant, other, trailKey, demo, events, views, ledger, signers);
    }

    HouseFile with(VerifyingKey trail) {
        return new HouseFile(
                format, tenant, key, HexFormat.of().formatHex(trail.bytes()), demo, events, views, ledger, signers);
    }

    HouseFile with(EventStore store) {
        return new HouseFile(format, tenant, key, trailKey, demo, store, views, ledger, signers);
    }

    HouseFile with(LedgerStore other) {
        return new HouseFile(format, tenant, key, trailKey, demo, events, views, other, signers);
    }

    HouseFile with(SortedMap<String, String> others) {
        return new HouseFile(format, tenant, key, trailKey, demo, events, views, ledger, others);
    }

    /** Whether several servers may serve it at once. */
    public boolean isShared() {
        return views == ViewStore.POSTGRESQL;
    }

    /** @throws HouseRefused when it is: the command is for what lies in files */
    void refuseShared(String command) {
        if (isShared()) {
            throw new HouseRefused("Keys and accounts of this house lie in PostgreSQL, where twinkeep " + command
                    + " does not reach. docs/decisions/0206-several-servers.md says how to keep such a house safe.");
        }
    }

    /** Whether making the house was broken off: it has a name, and nothing was kept in it yet. */
    public boolean unfinished() {
        return trailKey.isEmpty();
    }

    /** @throws HouseRefused when it is damaged, or newer than this program */
    public static HouseFile read(DataFolder folder) {
        try {
            return parse(Files.readAllBytes(folder.houseFile()));
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new HouseRefused(
                    folder.houseFile() + " cannot be read or is damaged. Put the file back from a backup: it holds the"
                            + " name of this house, without which nothing in the folder opens.",
                    e);
        }
    }

    /** @throws RuntimeException when it is damaged. @throws HouseRefused when it is newer than this program */
    static HouseFile parse(byte[] bytes) {
        var tree = JSON.readTree(bytes);
        int format = tree.path("format").asInt(0);
        if (format > DataFolder.FORMAT) {
            throw new HouseRefused("This house was written by a newer Twinkeep (format %d; this one reads up to %d)."
                            .formatted(format, DataFolder.FORMAT)
                    + " Nothing was changed. Update Twinkeep and run this again.");
        }
        var file = new HouseFile(
                format,
                tree.path("tenant").asString(""),
                KekSource.Kind.valueOf(tree.path("key").asString("").toUpperCase(Locale.ROOT)),
                tree.path("trailKey").asString(""),
                tree.path("demo").asBoolean(false),
                EventStore.of(tree.path("events").asString(EventStore.EMBEDDED.word())),
                ViewStore.of(tree.path("views").asString(ViewStore.EMBEDDED.word())),
                LedgerStore.of(tree.path("ledger").asString(LedgerStore.EMBEDDED.word())),
                signers(tree.path("signers")));
        if (!tree.path("check").asString("").equals(file.check())) {
            throw new IllegalArgumentException("check");
        }
        return file;
    }

    private static SortedMap<String, String> signers(JsonNode named) {
        var signers = new TreeMap<String, String>();
        named.properties()
                .forEach(each -> signers.put(each.getKey(), each.getValue().asString("")));
        return signers;
    }

    /** The name that the trail signs under (C2SP tlog-checkpoint, origin). */
    public String trailOrigin() {
        return "twinkeep/" + tenant;
    }

    public VerifyingKey trailVerifyingKey() {
        return new VerifyingKey(HexFormat.of().parseHex(trailKey));
    }

    /** Where the key file is when nobody says otherwise. */
    public Path usualKeyFile() {
        var configured = System.getenv("XDG_CONFIG_HOME");
        var folder = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".config")
                : Path.of(configured);
        return folder.resolve("twinkeep").resolve(tenant + ".kek");
    }

    void write(DataFolder folder) throws IOException {
        var whole = fields();
        whole.put("check", check());
        PrivateFile.writeWhole(
                folder.houseFile(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(whole));
    }

    private String check() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CanonicalJson.bytes(fields())));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private TreeMap<String, Object> fields() {
        var fields = new TreeMap<String, Object>();
        fields.put("format", format);
        fields.put("tenant", tenant);
        fields.put("key", key.name().toLowerCase(Locale.ROOT));
        fields.put("trailKey", trailKey);
        fields.put("demo", demo);
        if (events != EventStore.EMBEDDED) {
            fields.put("events", events.word());
        }
        if (views != ViewStore.EMBEDDED) {
            fields.put("views", views.word());
        }
        if (ledger != LedgerStore.EMBEDDED) {
            fields.put("ledger", ledger.word());
        }
        if (!signers.isEmpty()) {
            fields.put("signers", signers);
        }
        return fields;
    }
}
