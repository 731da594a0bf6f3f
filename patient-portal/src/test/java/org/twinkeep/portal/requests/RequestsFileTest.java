package org.twinkeep.portal.requests;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.portal.tables.Tables;

class RequestsFileTest extends RequestsContract {

    @TempDir
    private Path folder;

    @Override
    protected Tables tables() {
        return Tables.in(folder.resolve("accounts.db"));
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
