package org.twinkeep.crypto.keys;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.twinkeep.crypto.Passphrases;

/** Where the key comes from that wraps every slot of a vault. It is never in the data folder. */
public sealed interface KekSource {

    /**
     * A generated key in a file of its own, readable by its owner alone.
     *
     * @param file is made when the vault is made; a lost one is never made anew
     * @param dataFolder the key file is refused inside it, where every copy of the data would carry its own key
     */
    static KekSource keyFile(Path file, Path dataFolder) {
        return new InFile(new KeyFile(file, dataFolder));
    }

    /** A passphrase, through Argon2id. It is asked for when the vault is opened; the characters are wiped after use. */
    static KekSource passphrase(Supplier<char[]> ask) {
        return passphrase(ask, Passphrases.Cost.STANDARD);
    }

    /** The same at a cost of its own; a vault remembers the cost that it was made with. */
    static KekSource passphrase(Supplier<char[]> ask, Passphrases.Cost cost) {
        return new Asked(ask, cost);
    }

    record InFile(KeyFile file) implements KekSource {}

    record Asked(Supplier<char[]> ask, Passphrases.Cost cost) implements KekSource {}
}
