package org.twinkeep.crypto.keys;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

/** Where the key comes from that wraps every slot of a vault. It is never in the data folder. */
public abstract sealed class KekSource permits KeyFile, AskedPassphrase, Token {

    /** The kinds of key that a vault may be opened with. */
    public enum Kind {
        FILE(1, "its key file"),
        PASSPHRASE(2, "its passphrase"),
        PKCS11(3, "a key in a PKCS#11 token");

        private final int number;
        private final String words;

        Kind(int number, String words) {
            this.number = number;
            this.words = words;
        }

        int number() {
            return number;
        }

        /** As in "this vault is opened by ...". */
        public String words() {
            return words;
        }
    }

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

    /**
     * A key that never leaves a PKCS#11 token (HSM, smart card): the token is asked to unwrap, and nothing is served while
     * it is away.
     *
     * @param library the token's PKCS#11 library
     * @param slot which of the library's slots with a token, counted from 0
     * @param pin is asked for when the vault is opened; the characters are wiped after use
     */
    public static KekSource token(Path library, int slot, Supplier<char[]> pin) {
        return new Token(library, slot, pin);
    }

    abstract Kind kind();

    /** What a new vault's header says about stretching. */
    Passphrases.Cost cost() {
        return Passphrases.Cost.STANDARD;
    }

    /** The key of a vault that is being made. @throws VaultUnavailable saying what to do */
    abstract Secret forNew(byte[] salt, SecureRandom random);

    /**
     * A new key for a vault that has one.
     *
     * @param old where that one comes from
     * @throws VaultUnavailable saying what to do
     */
    abstract Secret forRotated(KekSource old, byte[] salt, SecureRandom random);

    /** What the vault's header keeps of the key for this source; nothing where it keeps it all. */
    byte[] sealed(UUID vault, Secret kek, SecureRandom random) {
        return new byte[0];
    }

    /** The key of this vault. @throws VaultUnavailable saying what to do */
    abstract Secret forExisting(VaultHeader header);

    /** The vault is now opened by this header: whatever else this source holds for it goes. */
    void settle(VaultHeader header) {}

    /** @throws VaultUnavailable once the source is out of reach */
    void check(VaultHeader header) {}

    void close() {}

    /** What to say when the key is not the one. */
    abstract String wrongKey();
}
