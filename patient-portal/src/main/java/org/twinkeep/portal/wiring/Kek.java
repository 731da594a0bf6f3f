package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

/**
 * Where the key comes from that wraps all others: a key file for its owner only, made at first use, or a passphrase through
 * Argon2id. It is never inside the data folder and never an argument.
 *
 * @param file the key file; null: the usual place in the user's configuration folder
 * @param passphrase whether a new house is to open with a passphrase; an old one knows
 * @param ask for the passphrase; called only where one is needed, with whether the house is new
 * @param tell hears where a new key file was put
 */
public record Kek(@Nullable Path file, boolean passphrase, Function<Boolean, char[]> ask, Consumer<String> tell) {

    /** A key file in the usual place, nobody to ask. */
    public static Kek usual(Consumer<String> tell) {
        return new Kek(
                null,
                false,
                _ -> {
                    throw new HouseRefused(
                            "This house opens with a passphrase: set TWINKEEP_PASSPHRASE or run on a terminal.");
                },
                tell);
    }

    /** Where a house's key file is when nobody says otherwise. */
    public static Path usualFile(String tenant) {
        var configured = System.getenv("XDG_CONFIG_HOME");
        var folder = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".config")
                : Path.of(configured);
        return folder.resolve("twinkeep").resolve(tenant + ".kek");
    }

    Path fileOf(HouseFile house) {
        return file == null ? usualFile(house.tenant()) : file;
    }

    /** The key of this house. */
    Secret of(HouseFile house, DataFolder folder, SecureRandom random) {
        boolean furnished = Files.exists(folder.slots());
        if (house.key().equals(HouseFile.PASSPHRASE)) {
            if (file != null) {
                throw new HouseRefused("This house opens with a passphrase: leave out --kek-file.");
            }
            return stretched(ask.apply(!furnished), Objects.requireNonNull(house.salt()));
        }
        if (passphrase) {
            throw new HouseRefused("This house opens with a key file: leave out --passphrase.");
        }
        return fromFile(fileOf(house), folder, furnished, random);
    }

    private static Secret stretched(char[] passphrase, String salt) {
        try {
            return Passphrases.stretch(passphrase, HexFormat.of().parseHex(salt));
        } finally {
            Arrays.fill(passphrase, ' ');
        }
    }

    private Secret fromFile(Path key, DataFolder folder, boolean furnished, SecureRandom random) {
        if (key.toAbsolutePath()
                .normalize()
                .startsWith(folder.path().toAbsolutePath().normalize())) {
            throw new HouseRefused(
                    "The key file must not lie inside the data folder: whoever copies the folder would have"
                            + " both. Name another place with --kek-file.");
        }
        try {
            if (Files.exists(key)) {
                return Secret.copyOf(
                        HexFormat.of().parseHex(Files.readString(key).strip()));
            }
            if (furnished) {
                throw new HouseRefused("The key file " + key + " is missing. Without it nothing in " + folder.path()
                        + " opens: put it back from a backup, or say where it is with --kek-file.");
            }
            return make(key, random);
        } catch (IOException | IllegalArgumentException e) {
            throw new HouseRefused(
                    "The key file " + key
                            + " cannot be read or written, or is damaged: check its owner and permissions,"
                            + " or put it back from a backup.",
                    e);
        }
    }

    private Secret make(Path key, SecureRandom random) throws IOException {
        var secret = Secret.random(random);
        PrivateFile.createFolder(PrivateFile.folderOf(key));
        PrivateFile.writeWhole(
                key,
                secret.reveal(
                        KeyAccess.TO_WRAP,
                        b -> (HexFormat.of().formatHex(b) + "\n").getBytes(StandardCharsets.US_ASCII)));
        tell.accept("A new key for this house was written to " + key
                + " (readable by you only). Keep a copy apart from the data folder: without it nothing opens.");
        return secret;
    }
}
