package org.twinkeep.twin.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Identities.Known;
import org.twinkeep.twin.TwinRefused;

class SqliteIdentitiesTest {

    private static final TwinId ANNA = new TwinId(new UUID(0, 0xa));
    private static final TwinId BERT = new TwinId(new UUID(0, 0xb));

    @TempDir
    Path folder;

    private KeysDatabase database;
    private SqliteIdentities identities;

    @BeforeEach
    void open() {
        database = KeysDatabase.open(folder.resolve("keys.db"));
        identities = new SqliteIdentities(database, Secret.copyOf(new byte[32]));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void an_identifier_is_found_again_and_others_are_not() {
        identities.link("urn:mrn", "123", ANNA);
        identities.link("urn:mrn", "123", ANNA);
        close();
        open();
        assertThat(identities.find("urn:mrn", "123")).contains(new Known.Living(ANNA));
        assertThat(identities.find("urn:mrn1", "23")).isEmpty();
    }

    @Test
    void an_identifier_of_one_twin_is_not_linked_to_another() {
        identities.link("urn:mrn", "123", ANNA);
        assertThatThrownBy(() -> identities.link("urn:mrn", "123", BERT)).isInstanceOf(TwinRefused.class);
        assertThat(identities.find("urn:mrn", "123")).contains(new Known.Living(ANNA));
    }

    @Test
    void an_erased_twin_is_remembered_as_gone_and_never_linked_again() {
        identities.link("urn:mrn", "1", ANNA);
        identities.link("urn:mrn", "2", ANNA);
        identities.link("urn:mrn", "3", BERT);
        identities.erased(ANNA);
        identities.erased(ANNA);
        assertThat(identities.find("urn:mrn", "1")).contains(new Known.Gone());
        assertThat(identities.find("urn:mrn", "2")).contains(new Known.Gone());
        assertThat(identities.find("urn:mrn", "3")).contains(new Known.Living(BERT));
        assertThatThrownBy(() -> identities.link("urn:mrn", "1", BERT)).isInstanceOf(TwinRefused.class);
    }

    @Test
    void no_identifier_lies_on_the_disk() throws Exception {
        identities.link("urn:mrn", "Q-123-plain", ANNA);
        close();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain("Q-123-plain", "urn:mrn");
            }
        }
        open();
    }
}
