package org.twinkeep.portal.accounts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class AccountsFileTest extends AccountsContract {

    @TempDir
    private Path folder;

    @Override
    protected Accounts create() {
        return new Accounts(folder.resolve("accounts.db"), vault, clock, random);
    }

    @Override
    protected AccountsTables tables() {
        return new AccountsFile(folder.resolve("accounts.db"));
    }

    @Override
    protected String stored() throws Exception {
        var all = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}
