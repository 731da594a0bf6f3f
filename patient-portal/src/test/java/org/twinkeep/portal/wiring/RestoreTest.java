package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.portal.checks.Checkup;
import org.twinkeep.portal.checks.KeptCheckpoint;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.checks.Witness;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.erasure.ErasureReceipt;
import tools.jackson.databind.json.JsonMapper;

class RestoreTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "operator:test");
    private static final Looker LOOKER = new Looker("operator:test", "test", "This service", "operator");

    @TempDir
    Path temp;

    @Test
    void an_entry_deleted_since_the_backup_stays_closed_and_everything_else_opens() throws IOException {
        var twin = aTwin("alpha", "beta", "gamma");
        backup();
        ErasureReceipt receipt;
        try (var house = open()) {
            receipt = house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
        }
        backupKeys();
        loseTheDisk();
        assertThat(restore().again()).isZero();
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha", "gamma").doesNotContain("beta");
            record(house, twin, "beta", "delta");
            assertThat(export(house, twin)).contains("alpha", "gamma", "delta").doesNotContain("beta");
            assertThat(house.erasure().receipts()).contains(receipt);
        }
        assertVerifies();
    }

    @Test
    void keys_from_before_a_deletion_close_it_again_when_the_newer_ledger_of_erasures_is_there() throws IOException {
        var twin = aTwin("alpha", "beta", "gamma");
        backupKeys();
        copy(folder().keys(), temp.resolve("old-keys"));
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
        }
        copy(temp.resolve("old-keys"), folder().keys());
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("restore --keys");
        var restored = Restore.run(folder(), new Restore.Sources(null, null, List.of()), kek(), CLOCK, _ -> {});
        assertThat(restored.again()).isEqualTo(1);
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha", "gamma").doesNotContain("beta");
        }
        assertVerifies();
    }

    @Test
    void an_old_file_of_slots_put_back_by_hand_is_refused_and_the_newest_backup_of_keys_mends_it() throws IOException {
        var twin = aTwin("alpha", "beta");
        Files.copy(folder().slots(), temp.resolve("old-slots"));
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
        }
        backupKeys();
        Files.copy(temp.resolve("old-slots"), folder().slots(), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(this::backupKeys).isInstanceOf(VaultUnavailable.class);
        var restored = Restore.run(folder(), new Restore.Sources(null, keysFile(), List.of()), kek(), CLOCK, _ -> {});
        assertThat(restored.keysTaken()).isTrue();
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha").doesNotContain("beta");
        }
    }

    @Test
    void a_deleted_twin_stays_deleted_after_a_restore() throws IOException {
        var gone = aTwin("alpha");
        var other = aTwin("omega");
        backup();
        try (var house = open()) {
            house.erasure().eraseTwin(gone, OPERATOR);
        }
        backupKeys();
        loseTheDisk();
        assertThat(restore().again()).isEqualTo(1);
        try (var house = open()) {
            assertThat(house.history().twins()).containsExactly(other);
            assertThat(house.keyRing().holds(gone)).isFalse();
            assertThat(export(house, other)).contains("omega");
        }
        assertVerifies();
    }

    @Test
    void older_keys_never_replace_newer_ones() throws IOException {
        var twin = aTwin("alpha", "beta");
        backupKeys();
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
            record(house, twin, "gamma");
        }
        var restored = Restore.run(folder(), new Restore.Sources(null, keysFile(), List.of()), kek(), CLOCK, _ -> {});
        assertThat(restored.keysTaken()).isFalse();
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha", "gamma").doesNotContain("beta");
        }
    }

    @Test
    void a_house_that_is_there_is_never_replaced_by_data() throws IOException {
        aTwin("alpha");
        backup();
        backupKeys();
        assertThatThrownBy(this::restore).isInstanceOf(HouseRefused.class).hasMessageContaining("not empty");
        assertThatThrownBy(this::backup).isInstanceOf(HouseRefused.class).hasMessageContaining("there already");
    }

    @Test
    void keys_older_than_the_data_are_refused_and_the_folder_stays_unfinished() throws IOException {
        aTwin("alpha");
        backupKeys();
        aTwin("beta");
        backup();
        loseTheDisk();
        assertThatThrownBy(this::restore).isInstanceOf(HouseRefused.class).hasMessageContaining("older than this data");
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("not finished");
    }

    @Test
    void a_restore_that_was_broken_off_says_so_and_the_same_command_finishes_it() throws IOException {
        var twin = aTwin("alpha", "beta");
        backup();
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
        }
        backupKeys();
        for (int steps = 1; steps < 14; steps += 3) {
            loseTheDisk();
            int left = steps;
            var count = new int[1];
            assertThatThrownBy(() -> Restore.run(folder(), sources(), kek(), CLOCK, _ -> {
                        if (count[0]++ == left) {
                            throw new IllegalStateException("a crash");
                        }
                    }))
                    .isInstanceOf(IllegalStateException.class);
            if (Files.exists(folder().restoring())) {
                assertThatThrownBy(this::open)
                        .isInstanceOf(HouseRefused.class)
                        .hasMessageContaining("twinkeep restore " + dataFile());
            }
            restore();
            try (var house = open()) {
                assertThat(export(house, twin)).contains("alpha").doesNotContain("beta");
            }
        }
    }

    @Test
    void a_damaged_backup_is_refused_with_the_name_of_the_part_and_nothing_is_done() throws IOException {
        aTwin("alpha");
        backup();
        backupKeys();
        loseTheDisk();
        var bytes = Files.readAllBytes(dataFile());
        int named = 0;
        for (int at = 100; at < bytes.length - 3000; at += bytes.length / 20) {
            var flipped = bytes.clone();
            flipped[at] ^= 4;
            Files.write(dataFile(), flipped);
            try {
                restore();
                // The byte belongs to the ZIP's own bookkeeping, which nobody reads.
                assertVerifies();
                loseTheDisk();
            } catch (HouseRefused e) {
                named += e.getMessage().contains(" is not what was written") ? 1 : 0;
                assertThat(folder().path()).doesNotExist();
            }
        }
        assertThat(named).isGreaterThan(5);
        Files.write(dataFile(), Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(this::restore).isInstanceOf(HouseRefused.class).hasMessageContaining("cut off");
    }

    @Test
    void a_receipt_that_the_backups_do_not_know_refuses_them() throws IOException {
        var twin = aTwin("alpha", "beta");
        backup();
        backupKeys();
        try (var house = open()) {
            var receipt = house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
            var file = JsonMapper.shared()
                    .writeValueAsBytes(Map.of("document", receipt.document(), "signature", receipt.signature()));
            Files.write(temp.resolve("receipt.json"), file);
        }
        assertThat(Witness.of(folder(), temp.resolve("receipt.json")).ok()).isTrue();
        loseTheDisk();
        restore();
        var witness = Witness.of(folder(), temp.resolve("receipt.json"));
        assertThat(witness.signed()).isTrue();
        assertThat(witness.known()).isFalse();
        assertThat(Checkup.of(
                                folder(),
                                temp.resolve("key"),
                                Clock.systemUTC(),
                                List.of(temp.resolve("receipt.json")),
                                List.of())
                        .findings())
                .anyMatch(finding -> finding.name().equals("witness") && Boolean.FALSE.equals(finding.ok()));
        loseTheDisk();
        var from = new Restore.Sources(dataFile(), keysFile(), List.of(temp.resolve("receipt.json")));
        assertThatThrownBy(() -> Restore.run(folder(), from, kek(), CLOCK, _ -> {}))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("would come back");
        assertThat(folder().isHouse()).isFalse();
    }

    @Test
    void a_checkpoint_that_somebody_kept_tells_an_older_copy_of_the_whole_folder() throws IOException {
        var twin = aTwin("alpha");
        backup();
        backupKeys();
        var kept = temp.resolve("checkpoint");
        try (var house = open()) {
            export(house, twin);
            house.trail().checkpoint();
            Files.writeString(kept, house.trail().checkpointNote());
        }
        assertThat(KeptCheckpoint.of(folder(), kept).ok()).isTrue();
        loseTheDisk();
        restore();
        assertThat(KeptCheckpoint.of(folder(), kept).inWords()).contains("older copy");
        assertThat(Checkup.of(folder(), temp.resolve("key"), Clock.systemUTC(), List.of(), List.of(kept))
                        .findings())
                .anyMatch(finding -> finding.name().equals("witness") && Boolean.FALSE.equals(finding.ok()));
        Files.writeString(kept, Files.readString(kept).replaceFirst("\n\\d+\n", "\n1\n"));
        assertThat(KeptCheckpoint.of(folder(), kept).inWords()).contains("not signed by the trail's key");
    }

    @Test
    void a_later_receipt_names_the_date_of_the_backup_of_keys_whose_old_bytes_are_overwritten() throws IOException {
        var twin = aTwin("alpha", "beta");
        backupKeys();
        try (var old = Files.newByteChannel(keysFile())) {
            backupKeys();
            var buffer = ByteBuffer.allocate(100);
            old.read(buffer);
            assertThat(buffer.array()).containsOnly(0);
        }
        try (var house = open()) {
            assertThat(house.erasure()
                            .eraseEntries(twin, labs(house, twin, "beta"), OPERATOR)
                            .horizon())
                    .contains(NOON);
        }
    }

    @Test
    void a_new_backup_of_keys_never_goes_over_another_file() throws IOException {
        aTwin("alpha");
        Files.writeString(keysFile(), "a letter");
        assertThatThrownBy(this::backupKeys).isInstanceOf(HouseRefused.class);
        assertThat(keysFile()).hasContent("a letter");
    }

    private TwinId aTwin(String... said) {
        try (var house = open()) {
            var twin = new TwinId(UUID.randomUUID());
            house.twins().create(new TwinCommand.CreateTwin(twin, NOON, OPERATOR));
            record(house, twin, said);
            return twin;
        }
    }

    private static void record(House house, TwinId twin, String... said) {
        var entries = Arrays.stream(said)
                .map(word -> new TwinCommand.Incoming(entry(house, twin, word), body(word)))
                .toList();
        house.twins()
                .record(new TwinCommand.RecordEntries(
                        twin, Chapter.LABS, entries, NOON.plus(Duration.ofMinutes(1)), OPERATOR));
    }

    private static EntryId entry(House house, TwinId twin, String word) {
        return house.twins().entryId(twin, "test", "Observation", word);
    }

    private static Body body(String word) {
        var about = "{\"source\":\"test\",\"type\":\"Observation\",\"id\":\"%s\",\"format\":\"json\"}".formatted(word);
        var content = "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\"}".formatted(word);
        return new Body(1, about.getBytes(StandardCharsets.UTF_8), content.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<Chapter, List<EntryId>> labs(House house, TwinId twin, String word) {
        return Map.of(Chapter.LABS, List.of(entry(house, twin, word)));
    }

    private static String export(House house, TwinId twin) {
        var out = new ByteArrayOutputStream();
        house.fhirExport().write(twin, LOOKER, "asked for", out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private void assertVerifies() {
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
    }

    private House open() {
        return House.open(folder(), kek(), "test", CLOCK);
    }

    private void backup() {
        Backup.data(folder(), kek(), dataFile(), CLOCK, _ -> {});
    }

    private void backupKeys() {
        Backup.keys(folder(), kek(), keysFile(), CLOCK, _ -> {});
    }

    private Restore restore() {
        return Restore.run(folder(), sources(), kek(), CLOCK, _ -> {});
    }

    private Restore.Sources sources() {
        return new Restore.Sources(dataFile(), keysFile(), List.of());
    }

    private Path dataFile() {
        return temp.resolve("data.backup");
    }

    private Path keysFile() {
        return temp.resolve("keys.backup");
    }

    private void loseTheDisk() throws IOException {
        try (var all = Files.walk(folder().path())) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private Kek kek() {
        return new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
    }
}
