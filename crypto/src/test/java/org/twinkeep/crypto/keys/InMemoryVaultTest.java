package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import org.twinkeep.crypto.Secret;

class InMemoryVaultTest extends VaultContract {
    @Override
    protected Vault create() {
        return new InMemoryVault(Secret.random(new SecureRandom()));
    }

    @Override
    protected Vault reopen(Vault vault) {
        return vault;
    }
}
