package org.twinkeep.crypto.keys;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

class SharedVaultTest extends VaultContract {

    @TempDir
    private Path home;

    private final Map<Vault, SlotRows> stores = new HashMap<>();

    @Override
    protected Vault create() {
        var store = new InMemorySharedStore();
        var vault = SharedVault.create(store, kek(stores.size()));
        stores.put(vault, store);
        return vault;
    }

    @Override
    protected Vault reopen(Vault vault) {
        return SharedVault.open(stores.get(vault), kek(stores.size() - 1));
    }

    private KekSource kek(int house) {
        return KekSource.keyFile(home.resolve("kek" + house), home.resolve("data"));
    }
}
