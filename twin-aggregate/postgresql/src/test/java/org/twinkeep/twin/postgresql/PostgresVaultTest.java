package org.twinkeep.twin.postgresql;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.crypto.keys.SharedVault;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.crypto.keys.VaultContract;

@Tag("slow")
class PostgresVaultTest extends VaultContract {

    @RegisterExtension
    static final OnPostgres POSTGRES = new OnPostgres();

    @TempDir
    private Path home;

    private final Map<Vault, String> addresses = new HashMap<>();

    @Override
    protected Vault create() throws Exception {
        var address = POSTGRES.empty();
        var vault = SharedVault.create(PostgresSlots.in(POSTGRES.connect(address)), kek(address));
        addresses.put(vault, address);
        return vault;
    }

    @Override
    protected Vault reopen(Vault vault) {
        var address = addresses.get(vault);
        return SharedVault.open(PostgresSlots.in(POSTGRES.connect(address)), kek(address));
    }

    private KekSource kek(String address) {
        return KekSource.keyFile(home.resolve(address.substring(address.lastIndexOf('=') + 1)), home.resolve("data"));
    }
}
