package org.twinkeep.portal.wiring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.KekSource;

/**
 * Where the key comes from that wraps all others: a key file for its owner only, made at first use, or a passphrase. It is
 * never inside the data folder and never an argument.
 *
 * @param file the key file; null: the usual place in the user's configuration folder
 * @param passphrase whether a new house is to open with a passphrase; an old one knows
 * @param ask for the passphrase; called only where one is needed, with whether the house is new
 * @param tell hears where a new key file was put
 */
public record Kek(@Nullable Path file, boolean passphrase, Function<Boolean, char[]> ask, Consumer<String> tell) {

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

    KekSource of(HouseFile house, DataFolder folder) {
        boolean fresh = !Files.exists(folder.slots());
        if (house.key().equals(HouseFile.PASSPHRASE)) {
            if (file != null) {
                throw new HouseRefused("This house opens with a passphrase: leave out --kek-file.");
            }
            return KekSource.passphrase(() -> ask.apply(fresh));
        }
        if (passphrase) {
            throw new HouseRefused("This house opens with a key file: leave out --passphrase.");
        }
        return KekSource.keyFile(fileOf(house), folder.path());
    }

    /** Says once where a new key was put. */
    void tellIfNew(HouseFile house, boolean wasThere) {
        if (house.key().equals(HouseFile.KEY_FILE) && !wasThere && Files.exists(fileOf(house))) {
            tell.accept("A new key for this house was written to " + fileOf(house)
                    + " (readable by you only). Keep a copy apart from the data folder: without it nothing opens.");
        }
    }
}
