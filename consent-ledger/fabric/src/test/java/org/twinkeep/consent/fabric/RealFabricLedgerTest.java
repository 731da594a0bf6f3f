package org.twinkeep.consent.fabric;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.hyperledger.fabric.client.CommitException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.contract.EveryAct;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentLedgerContract;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Expire;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/** The contract of ledgers on a real network of three organisations, and what only a network can go through. */
@Tag("slow")
class RealFabricLedgerTest extends ConsentLedgerContract {

    @TempDir
    static Path folder;

    private static FabricNetwork network;
    private static FabricAccess access;

    /** Each test is a house of its own. */
    private final String house = UUID.randomUUID().toString();

    @BeforeAll
    static void startIt() throws Exception {
        network = FabricNetwork.up(folder);
        access = network.access();
    }

    @AfterAll
    static void stopIt() throws Exception {
        if (network != null) {
            network.close();
        }
    }

    @Override
    protected ConsentLedger open() {
        return open(Position.NONE);
    }

    private FabricLedger open(Position remembered) {
        return FabricLedger.open(access, charter(house), blocks(), remembered);
    }

    /** A server's own folder, each time an empty one. */
    private static Path blocks() {
        try {
            return Files.createTempDirectory(folder, "blocks");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Charter charter(String house) {
        return Charter.of(
                house,
                ConsentPolicy.VERSION,
                Map.of(
                        Charter.CUSTODIAN, TestOrganisations.CUSTODIAN.verifyingKey(),
                        Charter.PROVIDER, TestOrganisations.PROVIDER.verifyingKey(),
                        Charter.OVERSIGHT, TestOrganisations.OVERSIGHT.verifyingKey()));
    }

    @Test
    void a_stranger_s_organisation_writes_nothing_down() {
        ledger.submit(grant(1));
        var expire = new Expire(handle(1), 2, "Stranger", new byte[64]);
        assertThatThrownBy(() -> ledger.submit(expire))
                .isInstanceOfSatisfying(
                        LedgerRefused.class, e -> assertThat(e.why()).isEqualTo(Why.NO_SUCH_ORGANISATION));
    }

    @Test
    void without_the_custodian_s_peer_no_consent_changes() {
        ledger.submit(grant(1));
        var before = ledger.historyOf(handle(1));
        try (var line = new Line(access)) {
            var proposal = line.contract()
                    .newProposal(KeyedContract.SUBMIT)
                    .addArguments(house.getBytes(UTF_8), CanonicalJson.bytes(TransactionJson.write(revoke(1))))
                    .setEndorsingOrganizations("ProviderMSP", "OversightMSP")
                    .build();
            assertThatThrownBy(() -> proposal.endorse().submit())
                    .isInstanceOfSatisfying(
                            CommitException.class,
                            e -> assertThat(e.getCode()).isEqualTo(TxValidationCode.ENDORSEMENT_POLICY_FAILURE));
        }
        ledger.submit(grant(2));
        assertThat(ledger.historyOf(handle(1))).isEqualTo(before);
    }

    @Test
    void a_house_is_founded_once_and_only_on_its_own_keys() {
        var others = Charter.of(
                house,
                ConsentPolicy.VERSION,
                Map.of(
                        Charter.CUSTODIAN, KEY.verifyingKey(),
                        Charter.PROVIDER, KEY.verifyingKey(),
                        Charter.OVERSIGHT, KEY.verifyingKey()));
        assertThatThrownBy(() -> FabricLedger.open(access, others, blocks(), Position.NONE))
                .isInstanceOf(LedgerUnavailable.class);
        assertThatThrownBy(() -> open(new Position(ledger.head().block(), "00".repeat(32))))
                .isInstanceOf(LedgerUnavailable.class);
    }

    @Test
    void two_servers_race_for_one_step_and_one_of_them_counts() throws Exception {
        ledger.submit(grant(1));
        try (var other = open(Position.NONE);
                var threads = Executors.newFixedThreadPool(2)) {
            var both = threads.invokeAll(
                    List.<Callable<Position>>of(() -> ledger.submit(revoke(1)), () -> other.submit(revoke(1))));
            for (var one : both) {
                one.get();
            }
            assertThat(other.historyOf(handle(1))).hasSize(2);
        }
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
    }

    @Test
    void of_two_amendments_that_race_one_counts_and_the_other_hears_out_of_order() throws Exception {
        ledger.submit(grant(1));
        var granted = ledger.get(handle(1)).orElseThrow();
        try (var other = open(Position.NONE);
                var threads = Executors.newFixedThreadPool(2)) {
            var both = threads.invokeAll(List.<Callable<String>>of(
                    () -> outcome(ledger, acts().amend(granted, "a1".repeat(32), KEY)),
                    () -> outcome(other, acts().amend(granted, "a2".repeat(32), KEY))));
            assertThat(List.of(both.get(0).get(), both.get(1).get()))
                    .containsExactlyInAnyOrder("recorded", Why.OUT_OF_ORDER.name());
        }
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
    }

    private static String outcome(ConsentLedger ledger, Transaction transaction) {
        try {
            ledger.submit(transaction);
            return "recorded";
        } catch (LedgerRefused e) {
            return e.why().name();
        }
    }

    @Test
    void every_act_is_recorded_and_executed_again() {
        var acts = EveryAct.on(ledger.charter());
        acts.values().forEach(ledger::submit);
        try (var another = open(Position.NONE)) {
            acts.values().stream()
                    .map(Transaction::handle)
                    .distinct()
                    .forEach(handle ->
                            assertThat(another.historyOf(handle)).isNotEmpty().isEqualTo(ledger.historyOf(handle)));
        }
        acts.values()
                .forEach(transaction -> assertThat(ledger.historyOf(transaction.handle()))
                        .as(transaction.getClass().getSimpleName())
                        .hasSizeGreaterThanOrEqualTo(transaction.step()));
    }

    @Test
    void blocks_that_were_kept_serve_while_the_peer_is_gone_and_cut_off_ones_do_not() throws Exception {
        ledger.submit(grant(1));
        var kept = blocks();
        Position head;
        try (var once = FabricLedger.open(access, charter(house), kept, Position.NONE)) {
            head = once.head();
        }
        network.run("stop", "custodian");
        try {
            try (var blind = FabricLedger.open(access, charter(house), kept, head)) {
                assertThat(blind.get(handle(1)).map(ConsentRecord::status)).contains(Status.ACTIVE);
                assertThatThrownBy(blind::requireCurrent).isInstanceOf(LedgerUnavailable.class);
                assertThat(blind.standing().trouble()).isNotEmpty();
            }
            assertThat(FabricCheck.of(kept, house, access.chaincode(), head).problems())
                    .isEmpty();
            var file = kept.resolve(KeptBlocks.NAME);
            var bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
            assertThatThrownBy(() -> FabricLedger.open(access, charter(house), kept, head))
                    .isInstanceOf(LedgerUnavailable.class);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
            assertThat(FabricCheck.of(kept, house, access.chaincode(), head).problems())
                    .isNotEmpty();
        } finally {
            network.run("start", "custodian");
        }
        try (var whole = FabricLedger.open(access, charter(house), kept, head)) {
            assertThat(whole.head().block()).isGreaterThanOrEqualTo(head.block());
        }
    }

    @Test
    void our_peer_killed_decisions_fail_closed_and_go_on_when_it_is_back() throws Exception {
        ledger.submit(grant(1));
        ledger.requireCurrent();
        long killed = System.nanoTime();
        network.kill("custodian");
        while (isCurrent()) {
            LockSupport.parkNanos(50_000_000);
        }
        long blind = (System.nanoTime() - killed) / 1_000_000;
        assertThat(blind).isLessThan(FabricLedger.STALE_AFTER.toMillis() + 3_000);
        assertThat(ledger.get(handle(1)).map(ConsentRecord::status)).contains(Status.ACTIVE);
        assertThatThrownBy(() -> ledger.submit(revoke(1))).isInstanceOf(LedgerUnavailable.class);
        network.run("start", "custodian");
        untilSubmitted(revoke(1));
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
        while (!isCurrent()) {
            LockSupport.parkNanos(50_000_000);
        }
        System.out.println("FIGURE our peer killed: decisions closed after ms " + blind);
    }

    @Test
    void another_organisation_s_peer_killed_consents_are_still_given_and_ended() throws Exception {
        network.kill("provider");
        ledger.submit(grant(1));
        ledger.submit(revoke(1));
        network.run("start", "provider");
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
    }

    @Test
    void while_the_orderer_is_gone_nothing_is_recorded_and_then_once() throws Exception {
        ledger.submit(grant(1));
        network.run("stop", "orderer");
        assertThatThrownBy(() -> ledger.submit(revoke(1))).isInstanceOf(LedgerUnavailable.class);
        assertThat(ledger.get(handle(1)).map(ConsentRecord::status)).contains(Status.ACTIVE);
        network.run("start", "orderer");
        untilSubmitted(revoke(1));
        ledger.submit(revoke(1));
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
    }

    @Test
    void upgraded_the_chaincode_goes_on_with_what_was_recorded() throws Exception {
        ledger.submit(grant(1));
        network.run("upgrade");
        untilSubmitted(revoke(1));
        assertThat(ledger.historyOf(handle(1))).hasSize(2);
    }

    @Test
    void figures() throws Exception {
        var alone = new ArrayList<Long>();
        for (int i = 0; i < 20; i++) {
            var grant = grant(1_000 + i);
            long from = System.nanoTime();
            ledger.submit(grant);
            alone.add((System.nanoTime() - from) / 1_000_000);
        }
        alone.sort(null);
        int count = 640;
        var work = new ArrayList<Callable<Position>>();
        for (int i = 0; i < count; i++) {
            var grant = grant(2_000 + i);
            work.add(() -> ledger.submit(grant));
        }
        long from = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(64)) {
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
        }
        double seconds = (System.nanoTime() - from) / 1e9;
        System.out.printf(
                "FIGURE fabric one after the other: p50 ms %d, max ms %d; 64 callers: %.0f grants/s%n",
                alone.get(10), alone.getLast(), count / seconds);
        assertThat(ledger.get(handle(2_000 + count - 1))).isPresent();
    }

    private boolean isCurrent() {
        try {
            ledger.requireCurrent();
            return true;
        } catch (LedgerUnavailable e) {
            return false;
        }
    }

    /** As whoever delivers an end does: again until the ledger takes it. */
    private void untilSubmitted(Revoke revoke) {
        LedgerUnavailable last = null;
        for (int i = 0; i < 60; i++) {
            try {
                ledger.submit(revoke);
                return;
            } catch (LedgerUnavailable e) {
                last = e;
                LockSupport.parkNanos(500_000_000);
            }
        }
        throw last;
    }
}
