package org.twinkeep.crypto.keys;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.function.Supplier;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

/** Where the key comes from that wraps every slot of a vault. It is never in the data folder. */
public abstract sealed class KekSource permits KeyFile, AskedPassphrase {

    KekSource() {}

    /**
     * A generated key in a file of its own, readable by its owner alone.
     *
     * @param file is made when the vault is made; a lost one is never made anew
     * @param dataFolder the key file is refused inside it, where every copy of the data would carry its own key
     */
    public static KekSource keyFile(Path file, Path dataFolder) {
        return new KeyFile(file, dataFolder);
    }

    /** A passphrase, through Argon2id. It is asked for when the vault is opened; the characters are wiped after use. */
    public static KekSource passphrase(Supplier<char[]> ask) {
        return passphrase(ask, Passphrases.Cost.STANDARD);
    }

    /** The same at a cost of its own; a vault remembers the cost that it was made with. */
    public static KekSource passphrase(Supplier<char[]> ask, Passphrases.Cost cost) {
        return new AskedPassphrase(ask, cost);
    }

    abstract VaultHeader.KekKind kind();

    /** What a new vault's header says about stretching. */
    abstract Passphrases.Cost cost();

    /** @throws VaultUnavailable saying what to do */
    abstract Secret forNew(byte[] salt, SecureRandom random);

    /** @throws VaultUnavailable saying what to do */
    abstract Secret forExisting(VaultHeader header);

    /** What to say when the key is not the one. */
    abstract String wrongKey();
}
