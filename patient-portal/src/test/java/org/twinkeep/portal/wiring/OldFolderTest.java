package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinHistory;

/** A data folder of a synthetic person, written before erasures knew the versions of keys, is opened and verified for ever. */
class OldFolderTest {
    private static final Looker LOOKER = new Looker("operator:test", "test", "This service", "operator");
    private static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "operator:test");

    @TempDir
    Path temp;

    @BeforeEach
    void unpack() throws IOException {
        try (var zip = new ZipInputStream(resource("folder-1.zip"))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                var to = temp.resolve("data").resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(to);
                } else {
                    Files.createDirectories(to.getParent());
                    Files.copy(zip, to);
                }
            }
        }
        Files.copy(resource("folder-1.kek"), temp.resolve("key"));
        Files.setPosixFilePermissions(temp.resolve("key"), PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void it_verifies() {
        var verification = Verification.of(folder(), kek(), Clock.systemUTC());
        assertThat(verification.problems()).isEmpty();
        assertThat(verification.checked()).containsEntry("consents", 2L).containsEntry("accounts", 1L);
    }

    @Test
    void its_entries_open_its_erased_ones_do_not_and_it_goes_on() {
        try (var house = open()) {
            var twin = house.history().twins().iterator().next();
            var out = new ByteArrayOutputStream();
            house.fhirExport().write(twin, LOOKER, "asked for", out);
            assertThat(out.toString(StandardCharsets.UTF_8))
                    .contains("Ottilie")
                    .doesNotContain("\"id\":\"cond-depression\"");
            assertThat(house.erasure().receipts()).hasSize(2);
            assertThat(house.erasure().receiptsOf(twin)).hasSize(1);
            var left = house.history().entries(twin, Chapter.LABS).stream()
                    .map(TwinHistory.EntryState::entry)
                    .toList();
            assertThat(left).hasSize(2);
            house.erasure().eraseEntries(twin, Map.of(Chapter.LABS, List.of(left.getFirst())), OPERATOR);
            assertThat(house.accounts().bySignIn("golden")).isPresent();
        }
        assertThat(Verification.of(folder(), kek(), Clock.systemUTC()).problems())
                .isEmpty();
    }

    private House open() {
        return House.open(folder(), kek(), "test", Clock.systemUTC());
    }

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private Kek kek() {
        return new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(OldFolderTest.class.getResourceAsStream(name));
    }
}
