package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

/** A passphrase that is asked for, stretched and wiped. */
final class AskedPassphrase extends KekSource {

    private final Supplier<char[]> ask;
    private final Passphrases.Cost cost;

    AskedPassphrase(Supplier<char[]> ask, Passphrases.Cost cost) {
        this.ask = ask;
        this.cost = cost;
    }

    @Override
    Kind kind() {
        return Kind.PASSPHRASE;
    }

    @Override
    Passphrases.Cost cost() {
        return cost;
    }

    @Override
    Secret forNew(byte[] salt, SecureRandom random) {
        return stretched(salt, cost);
    }

    @Override
    Secret forRotated(KekSource old, byte[] salt, SecureRandom random) {
        return stretched(salt, cost);
    }

    @Override
    Secret forExisting(VaultHeader header) {
        return stretched(header.salt(), header.cost());
    }

    @Override
    String wrongKey() {
        return "The passphrase is not the one of this vault. Try again; if it was being changed when something broke, try the other.";
    }

    private Secret stretched(byte[] salt, Passphrases.Cost at) {
        var passphrase = ask.get();
        try {
            if (passphrase.length == 0) {
                throw new VaultUnavailable("An empty passphrase opens nothing. Give the passphrase of this house.");
            }
            return Passphrases.stretch(passphrase, salt, at);
        } finally {
            Arrays.fill(passphrase, '\0');
        }
    }
}
