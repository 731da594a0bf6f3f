package org.twinkeep.twin.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.LeafRange;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.erasure.ErasureRecord.Completed;
import org.twinkeep.twin.erasure.ErasureRecord.EntriesRequested;
import org.twinkeep.twin.erasure.ErasureRecord.KeysBackedUp;
import org.twinkeep.twin.erasure.ErasureRecord.Punctured;
import org.twinkeep.twin.erasure.ErasureRecord.Target;
import org.twinkeep.twin.erasure.ErasureRecord.TwinRequested;

class ErasureLedgerTest {

    private static final SigningKey CUSTODIAN = new SigningKey(Secret.copyOf(new byte[32]));
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");
    private static final TwinId TWIN = new TwinId(new UUID(1, 2));
    private static final StreamName STREAM = new StreamName("hdt-" + "a".repeat(40));
    private static final List<Punctured> GONE =
            List.of(new Punctured(STREAM, List.of(new LeafRange(0, 5, 5), new LeafRange(1, 7, 19))));
    private static final List<ErasureRecord> RECORDS = List.of(
            new EntriesRequested(
                    "one",
                    AT,
                    ErasureScope.PERIOD,
                    "00",
                    TWIN,
                    List.of(new Target(STREAM, List.of(new EntryId("b".repeat(32))))),
                    GONE),
            new Completed(
                    "one",
                    AT,
                    ErasureScope.PERIOD,
                    14,
                    "00",
                    "11",
                    (1L << 32) + 3,
                    GONE,
                    "5 root",
                    "a disk",
                    Optional.of(AT)),
            new KeysBackedUp("backup", AT),
            new TwinRequested("two", AT, "11", TWIN, List.of(STREAM), 5));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("erasures.ndjson");
        var ledger = ErasureLedger.open(file, CUSTODIAN);
        RECORDS.forEach(ledger::append);
    }

    @Test
    void what_was_appended_is_read_again() {
        assertThat(ErasureLedger.open(file, CUSTODIAN).lines())
                .extracting(ErasureLedger.Line::record)
                .containsExactlyElementsOf(RECORDS);
        assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey())).isEmpty();
        assertThat(ErasureLedger.erasedStreams(file, CUSTODIAN.verifyingKey())).containsExactly(STREAM.value());
    }

    @Test
    void any_flipped_byte_is_found() throws Exception {
        var bytes = Files.readAllBytes(file);
        for (int i = bytes.length - 1; i >= 0; i -= 7) {
            var flipped = bytes.clone();
            flipped[i] ^= 1;
            Files.write(file, flipped);
            assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey()))
                    .as("byte %d", i)
                    .isNotEmpty();
        }
    }

    @Test
    void a_line_taken_out_is_found_and_the_ledger_refused() throws Exception {
        var lines = Files.readAllLines(file);
        lines.remove(1);
        Files.write(file, lines);
        assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey())).hasSize(1);
        assertThatThrownBy(() -> ErasureLedger.open(file, CUSTODIAN)).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void a_torn_last_line_is_cut_off_and_the_ledger_goes_on() throws Exception {
        Files.writeString(file, "{\"at\":\"2026", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        var ledger = ErasureLedger.open(file, CUSTODIAN);
        ledger.append(RECORDS.get(1));
        assertThat(ErasureLedger.open(file, CUSTODIAN).lines()).hasSize(5);
    }

    @Test
    void the_check_names_the_line_that_was_altered_and_the_one_behind_it() throws Exception {
        var lines = Files.readAllLines(file);
        lines.set(1, lines.get(1).replace("a disk", "a tape"));
        Files.writeString(file, String.join("\n", lines) + "\n{\"torn\"");
        assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey()))
                .containsExactly("line 2 is not what was written", "line 3 is not what was written");
    }

    @Test
    void the_check_tells_a_torn_line_from_one_that_lost_its_end() throws Exception {
        var whole = Files.readAllBytes(file);
        Files.writeString(file, "{", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey())).containsExactly("its last line is torn");
        whole[whole.length - 1] = ' ';
        Files.write(file, whole);
        assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey()))
                .containsExactly("the end of line 4 is not what was written");
    }

    @Test
    void a_ledger_that_cannot_be_read_is_not_an_empty_one() {
        assertThat(ErasureLedger.check(folder, CUSTODIAN.verifyingKey())).containsExactly("it cannot be read");
        assertThatThrownBy(() -> ErasureLedger.open(folder, CUSTODIAN)).isInstanceOf(StoreUnavailable.class);
        assertThat(ErasureLedger.check(folder.resolve("none"), CUSTODIAN.verifyingKey()))
                .isEmpty();
    }

    @Test
    void it_knows_whose_twins_were_erased() {
        var ledger = ErasureLedger.open(file, CUSTODIAN);
        assertThat(ledger.erasedTwins()).containsExactly(TWIN);
        assertThat(ledger.erasedStreams()).containsExactly(STREAM);
    }

    @Test
    void it_holds_the_receipts_of_its_own_completions_and_no_other() {
        var ledger = ErasureLedger.open(file, CUSTODIAN);
        var line = ledger.lines().get(1);
        var receipt = ErasureReceipt.of((Completed) line.record(), line.document(), line.signature());
        var other = ErasureReceipt.of((Completed) line.record(), line.document() + " ", line.signature());
        assertThat(ErasureLedger.holds(file, CUSTODIAN.verifyingKey(), receipt)).isTrue();
        assertThat(ErasureLedger.holds(file, CUSTODIAN.verifyingKey(), other)).isFalse();
        assertThat(receipt.signedBy(CUSTODIAN.verifyingKey())).isTrue();
        assertThat(other.signedBy(CUSTODIAN.verifyingKey())).isFalse();
        assertThat(new ErasureReceipt("1", "twin", 1, AT, Optional.empty(), "", line.document(), "*")
                        .signedBy(CUSTODIAN.verifyingKey()))
                .isFalse();
    }

    @Test
    void the_receipts_of_a_ledger_are_read_with_the_public_key_alone_up_to_where_it_was_altered() throws Exception {
        var line = ErasureLedger.open(file, CUSTODIAN).lines().get(1);
        var receipt = ErasureReceipt.of((Completed) line.record(), line.document(), line.signature());
        var key = CUSTODIAN.verifyingKey();
        assertThat(ErasureLedger.receipts(file, key)).containsExactly(receipt);
        assertThat(ErasureLedger.receipts(Files.readAllBytes(file), key)).containsExactly(receipt);
        assertThat(ErasureLedger.receipts(folder.resolve("none"), key)).isEmpty();
        var altered = Files.readString(file).replace("a disk", "a tape");
        assertThat(ErasureLedger.receipts(altered.getBytes(StandardCharsets.UTF_8), key))
                .isEmpty();
    }

    /** {@code sha256sum} of the document says the same. */
    @Test
    void a_receipt_is_known_elsewhere_by_the_hash_of_its_document() {
        var receipt = new ErasureReceipt("1", "twin", 1, AT, Optional.empty(), "", "abc", "");
        assertThat(receipt.hash()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void another_custodians_ledger_is_refused() {
        var other = new SigningKey(Secret.copyOf("another custodian, 32 bytes long".getBytes(StandardCharsets.UTF_8)));
        assertThatThrownBy(() -> ErasureLedger.open(file, other)).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void a_last_line_that_only_lost_its_end_is_not_cut_off() throws Exception {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] = ' ';
        Files.write(file, bytes);
        assertThatThrownBy(() -> ErasureLedger.open(file, CUSTODIAN)).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void the_form_is_frozen() throws Exception {
        try (var frozen = getClass().getResourceAsStream("erasures-2.ndjson")) {
            assertThat(Files.readString(file)).isEqualTo(new String(frozen.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void a_ledger_of_the_first_version_is_read_and_goes_on() throws Exception {
        try (var frozen = getClass().getResourceAsStream("erasures.ndjson")) {
            Files.write(file, frozen.readAllBytes());
        }
        var ledger = ErasureLedger.open(file, CUSTODIAN);
        assertThat(ledger.lines())
                .hasSize(3)
                .first()
                .satisfies(line -> assertThat(line.record())
                        .isEqualTo(new EntriesRequested(
                                "one",
                                AT,
                                ErasureScope.ENTRIES,
                                "00",
                                TWIN,
                                List.of(new Target(STREAM, List.of(new EntryId("b".repeat(32))))),
                                List.of())));
        ledger.append(RECORDS.getFirst());
        assertThat(ErasureLedger.check(file, CUSTODIAN.verifyingKey())).isEmpty();
    }

    @Test
    void the_last_backup_of_keys_is_remembered() {
        var ledger = ErasureLedger.open(file, CUSTODIAN);
        assertThat(ledger.keysBackedUp()).contains(AT);
        ledger.backingUpKeys(AT.plusSeconds(1));
        assertThat(ErasureLedger.open(file, CUSTODIAN).keysBackedUp()).contains(AT.plusSeconds(1));
    }
}
