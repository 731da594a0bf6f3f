package org.twinkeep.consent.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.durable.Bytes;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentLedgerContract;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction.Revoke;

class EmbeddedLedgerTest extends ConsentLedgerContract {

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-03-01T10:00:00Z");

    @Override
    protected ConsentLedger open() {
        return open(Position.NONE);
    }

    private EmbeddedLedger open(Position remembered) {
        return EmbeddedLedger.open(folder, TestOrganisations.three(), remembered, clock);
    }

    @Test
    void the_genesis_block_is_frozen() throws IOException {
        try (var frozen = EmbeddedLedgerTest.class.getResourceAsStream("blocks.ndjson")) {
            ledger.submit(grant(1));
            ledger.submit(revoke(1));
            assertThat(text()).isEqualTo(new String(frozen.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void every_organisation_signs_every_block() {
        ledger.submit(grant(1));
        assertThat(Stream.of(text().split("\n")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(Block.read(line.getBytes(StandardCharsets.UTF_8))
                                .signatures())
                        .containsOnlyKeys(Charter.CUSTODIAN, Charter.PROVIDER, Charter.OVERSIGHT));
    }

    @Test
    void transactions_that_come_together_share_a_block() throws Exception {
        try (var threads = Executors.newFixedThreadPool(50)) {
            var work = IntStream.range(0, 200)
                    .mapToObj(this::grant)
                    .map(grant -> (Callable<Position>) () -> ledger.submit(grant))
                    .toList();
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        assertThat(ledger.head().block()).isLessThan(200);
        assertThat(LedgerCheck.of(folder, ledger.head()).problems()).isEmpty();
        assertThat(LedgerCheck.of(folder, ledger.head()).consents()).isEqualTo(200);
    }

    @Test
    void a_clock_that_goes_back_takes_no_block_with_it() {
        ledger.submit(grant(1));
        clock.standAt("2026-02-01T10:00:00Z");
        ledger.submit(revoke(1));
        assertThat(ledger.historyOf(handle(1)).get(1).at())
                .isEqualTo(ledger.historyOf(handle(1)).get(0).at());
        assertThat(LedgerCheck.of(folder, Position.NONE).problems()).isEmpty();
    }

    @Test
    void cut_by_its_last_block_it_is_refused() throws IOException {
        ledger.submit(grant(1));
        ledger.submit(revoke(1));
        var head = ledger.head();
        ledger.close();
        var text = text();
        Files.writeString(file(), text.substring(0, text.lastIndexOf('\n', text.length() - 2) + 1));
        unavailable(head, "ends at block 1");
        assertThat(LedgerCheck.of(folder, head).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.file()).isEqualTo("blocks.ndjson"));
        // Nobody who remembers nothing could know.
        ledger = open(Position.NONE);
    }

    @Test
    void an_older_file_put_back_is_refused() throws IOException {
        ledger.submit(grant(1));
        var older = text();
        ledger.submit(revoke(1));
        var head = ledger.head();
        ledger.close();
        Files.writeString(file(), older);
        unavailable(head, "blocks were cut off");
        Files.delete(file());
        unavailable(head, "is missing");
        assertThat(LedgerCheck.of(folder, head).problems()).hasSize(1);
    }

    @Test
    void another_history_of_the_same_length_is_refused() throws IOException {
        ledger.submit(grant(1));
        var head = ledger.head();
        ledger.close();
        Files.delete(file());
        try (var other = open(Position.NONE)) {
            other.submit(grant(2));
        }
        unavailable(head, "not the one that the trail remembers");
        assertThat(LedgerCheck.of(folder, head).problems()).hasSize(1);
    }

    @Test
    void other_organisations_are_refused() {
        ledger.close();
        var strangers = new Organisations(
                TestOrganisations.CHANNEL,
                TestOrganisations.CUSTODIAN,
                TestOrganisations.PROVIDER,
                TestOrganisations.key(99));
        assertThatThrownBy(() -> EmbeddedLedger.open(folder, strangers, Position.NONE, clock))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("other organisations");
    }

    @Test
    void a_torn_last_line_is_cut_off_wherever_it_was_torn() throws IOException {
        ledger.submit(grant(1));
        var acknowledged = Files.readAllBytes(file());
        ledger.submit(revoke(1));
        var whole = Files.readAllBytes(file());
        ledger.close();
        for (int length = acknowledged.length + 1; length < whole.length - 1; length += 41) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThat(LedgerCheck.of(folder, Position.NONE).tornTail()).isTrue();
            assertThat(LedgerCheck.of(folder, Position.NONE).problems()).isEmpty();
            try (var again = open(Position.NONE)) {
                assertThat(again.head().block()).isEqualTo(1);
                again.submit(grant(length));
            }
            assertThat(LedgerCheck.of(folder, Position.NONE).head().block()).isEqualTo(2);
        }
    }

    @Test
    void a_whole_last_line_without_its_end_counts() throws IOException {
        ledger.submit(grant(1));
        var whole = Files.readAllBytes(file());
        ledger.close();
        Files.write(file(), Arrays.copyOf(whole, whole.length - 1));
        ledger = open(Position.NONE);
        assertThat(ledger.get(handle(1))).isPresent();
        assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }

    @Test
    void room_that_was_never_written_is_cut_off() throws IOException {
        ledger.submit(grant(1));
        var whole = Files.readAllBytes(file());
        ledger.close();
        Files.write(file(), Arrays.copyOf(whole, whole.length + 4096));
        ledger = open(Position.NONE);
        ledger.submit(revoke(1));
        assertThat(LedgerCheck.of(folder, ledger.head()).problems()).isEmpty();
    }

    @Test
    void any_flipped_byte_is_found_and_the_file_is_named() throws IOException {
        ledger.submit(grant(1));
        ledger.submit(revoke(1));
        ledger.close();
        var whole = Files.readAllBytes(file());
        for (int at = 0; at < whole.length; at += 5) {
            Bytes.write(file(), Bytes.flipped(whole, at, at % 8));
            assertThat(LedgerCheck.of(folder, Position.NONE).problems())
                    .as("byte %d", at)
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.file()).isEqualTo("blocks.ndjson"));
        }
        Bytes.write(file(), Bytes.flipped(whole, whole.length / 2, 0));
        unavailable(Position.NONE, "block 1");
    }

    @Test
    void a_block_that_breaks_the_contract_is_refused_though_everybody_signed_it() throws IOException {
        ledger.submit(grant(1));
        var forged = new Revoke(handle(1), 2, new byte[64]);
        var block = TestOrganisations.three()
                .sign(Block.after(ledger.head(), clock.instant(), List.of(forged)), _ -> List.of());
        ledger.close();
        Files.writeString(file(), text() + new String(block.line(), StandardCharsets.UTF_8) + "\n");
        unavailable(Position.NONE, "the contract refuses: bad signature");
    }

    @Test
    void a_block_that_one_organisation_did_not_sign_is_refused() throws IOException {
        ledger.submit(grant(1));
        var unsigned = Block.after(ledger.head(), clock.instant(), List.of(revoke(1)));
        var block = unsigned.with(Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.sign(unsigned.header()))
                .with(Charter.PROVIDER, TestOrganisations.PROVIDER.sign(unsigned.header()));
        ledger.close();
        Files.writeString(file(), text() + new String(block.line(), StandardCharsets.UTF_8) + "\n");
        unavailable(Position.NONE, "not signed by every organisation");
    }

    private void unavailable(Position remembered, String why) {
        assertThatThrownBy(() -> open(remembered))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining(why);
    }

    private Path file() {
        return folder.resolve("blocks.ndjson");
    }

    private String text() {
        try {
            return Files.readString(file());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
