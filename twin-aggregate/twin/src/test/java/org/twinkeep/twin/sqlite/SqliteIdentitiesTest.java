package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.IdentitiesContract;

class SqliteIdentitiesTest extends IdentitiesContract {

    @TempDir
    Path folder;

    private KeysDatabase database;

    @Override
    protected Identities create() {
        database = KeysDatabase.open(folder.resolve("keys.db"));
        return new SqliteIdentities(database, Secret.copyOf(new byte[32]));
    }

    @Override
    protected Identities reopen() {
        close();
        return create();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void no_identifier_lies_on_the_disk() throws Exception {
        identities.link("urn:mrn", "Q-123-plain", new TwinId(new UUID(0, 0xa)));
        close();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("Q-123-plain", "urn:mrn");
            }
        }
        create();
    }
}
