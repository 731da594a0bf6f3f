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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sign.SigningKey;
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
        copyAll(folder().keys(), temp.resolve("old-keys"));
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
        }
        copyAll(temp.resolve("old-keys"), folder().keys());
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class).hasMessageContaining("restore --keys");
        var restored = restore(null, null);
        assertThat(restored.again()).isEqualTo(1);
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha", "gamma").doesNotContain("beta");
        }
        assertVerifies();
    }

    @Test
    void an_old_file_of_slots_put_back_by_hand_is_refused_and_the_newest_backup_of_keys_mends_it() throws IOException {
        var twin = aTwinWithOlderSlots();
        assertThatThrownBy(this::open).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(this::backupKeys).isInstanceOf(VaultUnavailable.class);
        var restored = restoreKeys();
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
        var restored = restoreKeys();
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

    @Test
    void a_backup_says_what_it_is_and_what_is_in_it() throws IOException {
        aTwin("alpha");
        var named = new ArrayList<String>();
        var data = Backup.data(folder(), kek(), dataFile(), CLOCK, named::add);
        assertThat(data).isEqualTo(new Backup("data", dataFile(), NOON, named.size(), Files.size(dataFile())));
        assertThat(named)
                .contains("accounts.db", "directory.db", "events.db", "house.json", "ledger/blocks.ndjson")
                .noneMatch(part -> part.startsWith("keys/"));
        named.clear();
        var keys = Backup.keys(folder(), kek(), keysFile(), CLOCK, named::add);
        assertThat(keys).isEqualTo(new Backup("keys", keysFile(), NOON, 4, Files.size(keysFile())));
        assertThat(named).containsExactlyInAnyOrder("erasures.ndjson", "house.json", "keys/keys.db");
        loseTheDisk();
        named.clear();
        Restore.run(folder(), sources(), kek(), CLOCK, named::add);
        assertThat(named).contains("checking " + dataFile(), "events.db", "keys/keys.db", "keys/slots");
    }

    @Test
    void a_backup_whose_list_another_key_signed_is_refused() throws IOException {
        aTwin("alpha");
        backup();
        backupKeys();
        loseTheDisk();
        signedByAnother(dataFile());
        assertThatThrownBy(this::restore).isInstanceOf(HouseRefused.class).hasMessageContaining("not signed by this");
        assertNothingIsThere();
    }

    @Test
    void keys_with_a_twin_that_was_deleted_since_are_older() throws IOException {
        var gone = aTwin("alpha");
        var other = aTwin("omega");
        backupKeys();
        try (var house = open()) {
            house.erasure().eraseTwin(gone, OPERATOR);
        }
        assertThat(restoreKeys().keysTaken()).isFalse();
        try (var house = open()) {
            assertThat(house.history().twins()).containsExactly(other);
            assertThat(house.keyRing().holds(gone)).isFalse();
        }
    }

    @Test
    void keys_without_a_twin_that_came_since_are_older() throws IOException {
        var before = aTwin("alpha");
        backupKeys();
        var after = aTwin("omega");
        assertThat(restoreKeys().keysTaken()).isFalse();
        try (var house = open()) {
            assertThat(export(house, before)).contains("alpha");
            assertThat(export(house, after)).contains("omega");
        }
    }

    @Test
    void keys_as_old_as_those_in_the_folder_stay() throws IOException {
        var twin = aTwin("alpha");
        backupKeys();
        assertThat(restoreKeys().keysTaken()).isFalse();
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha");
        }
    }

    @Test
    void slots_that_are_gone_or_damaged_are_taken_from_the_backup() throws IOException {
        var twin = aTwin("alpha");
        backupKeys();
        Files.delete(folder().slots());
        assertThat(restoreKeys().keysTaken()).isTrue();
        Files.write(folder().slots(), new byte[4_096]);
        assertThat(restoreKeys().keysTaken()).isTrue();
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha");
        }
        assertVerifies();
    }

    @Test
    void two_histories_of_a_house_are_never_mixed() throws IOException {
        var one = aTwin("alpha", "beta");
        var two = aTwin("gamma", "delta");
        backup();
        backupKeys();
        var origin = sources();
        try (var house = open()) {
            house.erasure().eraseEntries(one, labs(house, one, "beta"), OPERATOR);
        }
        var first = new Restore.Sources(temp.resolve("first.data"), temp.resolve("first.keys"), List.of());
        Backup.data(folder(), kek(), first.data(), CLOCK, _ -> {});
        Backup.keys(folder(), kek(), first.keys(), CLOCK, _ -> {});
        loseTheDisk();
        Restore.run(folder(), origin, kek(), CLOCK, _ -> {});
        try (var house = open()) {
            house.erasure().eraseEntries(two, labs(house, two, "delta"), OPERATOR);
        }
        assertThatThrownBy(() -> restore(null, first.keys())).hasMessageContaining("two histories");
        try (var house = open()) {
            assertThat(export(house, one)).contains("alpha", "beta");
            assertThat(export(house, two)).contains("gamma").doesNotContain("delta");
        }
        backupKeys();
        loseTheDisk();
        assertThatThrownBy(() -> restore(first.data(), keysFile()))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("contradict each other");
        assertThat(folder().isHouse()).isFalse();
        restore(first.data(), first.keys());
        try (var house = open()) {
            assertThat(export(house, one)).contains("alpha").doesNotContain("beta");
        }
    }

    @Test
    void a_twin_that_only_the_folder_has_is_not_lost_to_keys_that_are_newer_of_another() throws IOException {
        var one = aTwin("alpha", "beta");
        var newer = keysOfAnotherHistory(one, "beta");
        var two = aTwin("omega");
        assertThatThrownBy(() -> restore(null, newer)).hasMessageContaining("some are older and some newer");
        try (var house = open()) {
            assertThat(export(house, one)).contains("alpha", "beta");
            assertThat(export(house, two)).contains("omega");
        }
    }

    @Test
    void a_twin_that_only_the_folder_deleted_does_not_come_back_by_keys_that_are_newer_of_another() throws IOException {
        var one = aTwin("alpha", "beta");
        var gone = aTwin("omega");
        var newer = keysOfAnotherHistory(one, "beta");
        try (var house = open()) {
            house.erasure().eraseTwin(gone, OPERATOR);
        }
        assertThatThrownBy(() -> restore(null, newer)).hasMessageContaining("some are older and some newer");
        try (var house = open()) {
            assertThat(house.keyRing().holds(gone)).isFalse();
            assertThat(export(house, one)).contains("alpha", "beta");
        }
    }

    /** Keys from which this entry was deleted; then the whole folder is put back by hand as it was before. */
    private Path keysOfAnotherHistory(TwinId twin, String word) throws IOException {
        var before = temp.resolve("before");
        copyAll(folder().path(), before);
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, word), OPERATOR);
        }
        var newer = temp.resolve("newer.keys");
        Backup.keys(folder(), kek(), newer, CLOCK, _ -> {});
        loseTheDisk();
        copyAll(before, folder().path());
        return newer;
    }

    private static void copyAll(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                var there = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(there);
                } else {
                    Files.copy(path, there, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    @Test
    void what_a_broken_off_restore_left_beside_the_backup_is_swept() throws IOException {
        aTwin("alpha");
        backup();
        backupKeys();
        loseTheDisk();
        breakOff(sources());
        var left = folder().trail().resolve("left-over");
        Files.writeString(left, "of the first run");
        Files.writeString(folder().views(), "of the first run");
        restore();
        assertThat(left).doesNotExist();
        assertVerifies();
    }

    @Test
    void a_folder_that_forgot_which_restore_it_was_still_says_that_it_is_unfinished() throws IOException {
        aTwin("alpha");
        Files.writeString(folder().restoring(), "not JSON");
        assertThatThrownBy(this::open).hasMessageContaining("twinkeep restore FILE --keys FILE");
    }

    @Test
    void what_does_not_fit_is_refused_before_anything_is_touched() throws IOException {
        aTwin("alpha");
        backup();
        backupKeys();
        loseTheDisk();
        var letter = Files.writeString(temp.resolve("letter"), "a letter");
        refused("is not there", temp.resolve("nothing"), keysFile());
        refused("is no backup of the keys", dataFile(), dataFile());
        refused("is no backup of the data", keysFile(), keysFile());
        refused("opens nothing without its keys", dataFile(), null);
        refused("There is no Twinkeep data folder", null, keysFile());
        assertThatThrownBy(() -> Restore.run(
                        folder(), new Restore.Sources(dataFile(), keysFile(), List.of(letter)), kek(), CLOCK, _ -> {}))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("is no receipt");
        assertThat(folder().path()).doesNotExist();
    }

    private void refused(String why, @Nullable Path data, @Nullable Path keys) {
        assertThatThrownBy(() -> restore(data, keys))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining(why);
    }

    @Test
    void the_backups_and_receipts_of_another_house_are_refused() throws IOException {
        var elsewhere = new DataFolder(temp.resolve("elsewhere"));
        var othersData = temp.resolve("others.data");
        var othersKeys = temp.resolve("others.keys");
        var receipt = temp.resolve("others.receipt");
        try (var house = House.open(elsewhere, kek(), "test", CLOCK)) {
            var twin = new TwinId(UUID.randomUUID());
            house.twins().create(new TwinCommand.CreateTwin(twin, NOON, OPERATOR));
            var erased = house.erasure().eraseTwin(twin, OPERATOR);
            Files.write(
                    receipt,
                    JsonMapper.shared()
                            .writeValueAsBytes(Map.of("document", erased.document(), "signature", erased.signature())));
        }
        Backup.data(elsewhere, kek(), othersData, CLOCK, _ -> {});
        Backup.keys(elsewhere, kek(), othersKeys, CLOCK, _ -> {});
        var twin = aTwin("alpha");
        backup();
        backupKeys();
        refused("the keys of another house", null, othersKeys);
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha");
        }
        loseTheDisk();
        refused("backups of two houses", dataFile(), othersKeys);
        refused("backups of two houses", othersData, keysFile());
        assertThatThrownBy(() -> Restore.run(
                        folder(), new Restore.Sources(dataFile(), keysFile(), List.of(receipt)), kek(), CLOCK, _ -> {}))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("was not signed by this house");
        assertNothingIsThere();
        restore();
        assertVerifies();
    }

    @Test
    void a_key_file_that_opens_nothing_leaves_nothing_behind() throws IOException {
        aTwin("alpha");
        backup();
        backupKeys();
        loseTheDisk();
        var another = new Kek(temp.resolve("another-key"), false, _ -> new char[0], _ -> {});
        House.open(new DataFolder(temp.resolve("elsewhere")), another, "test", CLOCK)
                .close();
        assertThatThrownBy(() -> Restore.run(folder(), sources(), another, CLOCK, _ -> {}))
                .isInstanceOf(VaultUnavailable.class);
        assertNothingIsThere();
        restore();
        assertVerifies();
    }

    @Test
    void keys_alone_broken_off_are_finished_by_the_same_command_and_no_other() throws IOException {
        var twin = aTwinWithOlderSlots();
        breakOff(new Restore.Sources(null, keysFile(), List.of()));
        assertThatThrownBy(this::open).hasMessageContaining("twinkeep restore --keys " + keysFile());
        assertThatThrownBy(() -> restore(null, null)).hasMessageContaining("twinkeep restore --keys " + keysFile());
        assertThat(restoreKeys().keysTaken()).isTrue();
        try (var house = open()) {
            assertThat(export(house, twin)).contains("alpha").doesNotContain("beta");
        }
    }

    /** A twin of which "beta" was deleted, and its keys backed up; then the slots of before are put back by hand. */
    private TwinId aTwinWithOlderSlots() throws IOException {
        var twin = aTwin("alpha", "beta");
        Files.copy(folder().slots(), temp.resolve("old-slots"));
        try (var house = open()) {
            house.erasure().eraseEntries(twin, labs(house, twin, "beta"), OPERATOR);
        }
        backupKeys();
        Files.copy(temp.resolve("old-slots"), folder().slots(), StandardCopyOption.REPLACE_EXISTING);
        return twin;
    }

    /** Stops once everything is put back and before any erasure is carried out again. */
    private void breakOff(Restore.Sources from) {
        assertThatThrownBy(() -> Restore.run(folder(), from, kek(), CLOCK, part -> {
                    if (part.equals("carrying out erasures again")) {
                        throw new IllegalStateException("a crash");
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    /** The same parts under a list that somebody else signed. */
    private static void signedByAnother(Path file) throws IOException {
        var archive = Archive.open(file);
        var contents = new TreeMap<String, Archive.Content>();
        for (var part : archive.parts()) {
            var bytes = archive.bytes(part.name());
            contents.put(part.name(), out -> out.write(bytes));
        }
        try (var out = Files.newOutputStream(file);
                var seed = Secret.copyOf(new byte[32])) {
            Archive.write(out, archive.kind(), archive.tenant(), archive.at(), contents, new SigningKey(seed));
        }
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

    /** But the lock, whose text is for people. */
    private void assertNothingIsThere() throws IOException {
        try (var inside = Files.list(folder().path())) {
            assertThat(inside).containsExactly(folder().lock());
        }
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
        return restore(dataFile(), keysFile());
    }

    private Restore restoreKeys() {
        return restore(null, keysFile());
    }

    private Restore restore(@Nullable Path data, @Nullable Path keys) {
        return Restore.run(folder(), new Restore.Sources(data, keys, List.of()), kek(), CLOCK, _ -> {});
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

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private Kek kek() {
        return new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
    }
}
