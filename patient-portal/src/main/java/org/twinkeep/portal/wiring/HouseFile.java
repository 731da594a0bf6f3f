package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code house.json}: what a house is, nothing secret.
 *
 * @param format of the data folder
 * @param tenant the random name of this house; bound into every envelope
 * @param key {@code file} or {@code passphrase}: where the key that wraps all others comes from
 * @param demo whether the demo made it, and so may delete it
 */
public record HouseFile(int format, String tenant, String key, boolean demo) {
    static final String KEY_FILE = "file";
    static final String PASSPHRASE = "passphrase";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    static HouseFile fresh(boolean passphrase, boolean demo) {
        return new HouseFile(DataFolder.FORMAT, UUID.randomUUID().toString(), passphrase ? PASSPHRASE : KEY_FILE, demo);
    }

    /** @throws HouseRefused when it is damaged, or newer than this program */
    public static HouseFile read(DataFolder folder) {
        try {
            var tree = JSON.readTree(Files.readString(folder.houseFile()));
            int format = tree.path("format").asInt(0);
            if (format > DataFolder.FORMAT) {
                throw new HouseRefused(
                        "%s was written by a newer Twinkeep (format %d; this one reads up to %d). Nothing was"
                                        .formatted(folder.path(), format, DataFolder.FORMAT)
                                + " changed. Update Twinkeep and run this again.");
            }
            var file = new HouseFile(
                    format,
                    UUID.fromString(tree.path("tenant").asString("")).toString(),
                    tree.path("key").asString(KEY_FILE),
                    tree.path("demo").asBoolean(false));
            if (format < 1) {
                throw new IllegalArgumentException();
            }
            return file;
        } catch (IOException | JacksonException | IllegalArgumentException e) {
            throw new HouseRefused(
                    folder.houseFile() + " cannot be read or is damaged. Put the file back from a backup: it holds the"
                            + " name of this house, without which nothing in the folder opens.",
                    e);
        }
    }

    public boolean opensWithPassphrase() {
        return key.equals(PASSPHRASE);
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
        var tree = JSON.createObjectNode()
                .put("format", format)
                .put("tenant", tenant)
                .put("key", key);
        if (demo) {
            tree.put("demo", true);
        }
        PrivateFile.writeWhole(
                folder.houseFile(), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
    }
}
