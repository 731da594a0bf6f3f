package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.fabric.FabricNetwork;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.checks.Checkup;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand;

/** A house on a real network of three organisations, while parts of the network are gone. */
@Tag("slow")
class HouseOnFabricTest {

    private static final Clock CLOCK = Clock.systemUTC();
    private static final String CLINICIAN = "clinician-1";
    private static final String OTHER = "clinician-2";
    private static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "operator:test");

    @TempDir
    static Path shared;

    private static FabricNetwork network;

    @TempDir
    Path temp;

    private final TwinId twin = new TwinId(UUID.randomUUID());
    private final Secret seed = Secret.copyOf(new byte[32]);
    private DataFolder folder;
    private Kek kek;
    private House house;

    @BeforeAll
    static void aNetwork() throws Exception {
        network = FabricNetwork.up(shared);
        System.setProperty("twinkeep.ledger", "fabric");
        System.setProperty("twinkeep.fabric.file", network.properties().toString());
    }

    @AfterAll
    static void away() throws Exception {
        System.clearProperty("twinkeep.ledger");
        System.clearProperty("twinkeep.fabric.file");
        if (network != null) {
            network.close();
        }
    }

    @BeforeEach
    void aHouse() {
        folder = new DataFolder(temp.resolve("data"));
        kek = new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {});
        house = open();
        house.twins().create(new TwinCommand.CreateTwin(twin, CLOCK.instant(), OPERATOR));
    }

    @AfterEach
    void closed() {
        house.close();
    }

    @Test
    void the_orderer_stopped_for_a_minute_what_is_revoked_meanwhile_is_denied_at_once_and_recorded_once()
            throws Exception {
        var ended = grantTo(CLINICIAN);
        grantTo(OTHER);
        assertThat(decide(CLINICIAN)).isTrue();

        network.run("stop", "orderer");
        long stopped = System.nanoTime();
        long asked = System.nanoTime();
        house.consents().revoke(twin, ended, seed);
        long answered = millisSince(asked);
        assertThat(decide(CLINICIAN)).isFalse();
        assertThat(decide(OTHER)).isTrue();
        assertThatThrownBy(() -> grantTo(CLINICIAN)).isInstanceOf(LedgerUnavailable.class);

        house.close();
        house = open();
        assertThat(house.consents().waiting()).isOne();
        assertThat(decide(CLINICIAN)).isFalse();
        assertThat(decide(OTHER)).isTrue();

        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(60) - (System.nanoTime() - stopped));
        assertThat(decide(CLINICIAN)).isFalse();
        network.run("start", "orderer");
        long back = System.nanoTime();
        until(() -> house.consents().waiting() == 0);
        long recorded = millisSince(back);

        assertThat(house.ledger().historyOf(ended))
                .extracting(record -> record.status())
                .containsExactly(Consent.Status.ACTIVE, Consent.Status.REVOKED);
        assertThat(decide(CLINICIAN)).isFalse();
        house.consents().revoke(twin, ended, seed);
        assertThat(house.ledger().historyOf(ended)).hasSize(2);
        house.close();
        assertThat(Verification.of(folder, kek, CLOCK).problems()).isEmpty();
        house = open();
        System.out.println("FIGURE orderer stopped for 60 s: revocation answered after ms " + answered
                + ", recorded after the orderer was back ms " + recorded);
    }

    @Test
    void our_peer_gone_nobody_is_let_in_the_house_opens_and_what_is_revoked_counts_when_it_is_back() throws Exception {
        var ended = grantTo(CLINICIAN);
        grantTo(OTHER);
        network.kill("custodian");
        until(() -> !decide(OTHER));
        house.close();

        house = open();
        assertThat(house.consents().standing().trouble()).isNotEmpty();
        assertThat(ledgerOf(checkup()))
                .allSatisfy(finding -> assertThat(finding.ok()).isFalse());
        assertThat(decide(OTHER)).isFalse();
        house.consents().revoke(twin, ended, seed);
        assertThat(house.consents().waiting()).isOne();

        network.run("start", "custodian");
        until(() -> decide(OTHER));
        assertThat(decide(CLINICIAN)).isFalse();
        until(() -> house.consents().waiting() == 0);
        assertThat(house.ledger().historyOf(ended)).hasSize(2);
        assertThat(ledgerOf(checkup()))
                .allSatisfy(finding -> assertThat(finding.ok()).isTrue());
    }

    @Test
    void a_house_without_its_own_blocks_is_not_opened_while_no_peer_answers() throws Exception {
        grantTo(CLINICIAN);
        house.close();
        Files.delete(folder.ledger().resolve("fabric.blocks"));
        network.run("stop", "custodian");
        try {
            assertThatThrownBy(this::open)
                    .isInstanceOf(LedgerUnavailable.class)
                    .hasMessageContaining("check that the peers");
        } finally {
            network.run("start", "custodian");
        }
        house = open();
        assertThat(decide(CLINICIAN)).isTrue();
    }

    @Test
    void a_house_is_never_opened_on_the_other_ledger() {
        house.close();
        System.setProperty("twinkeep.ledger", "embedded");
        try {
            assertThatThrownBy(this::open)
                    .isInstanceOf(HouseRefused.class)
                    .hasMessageContaining("are on the fabric ledger, not on embedded");
        } finally {
            System.setProperty("twinkeep.ledger", "fabric");
        }
        house = open();
    }

    @Test
    void a_house_goes_over_to_the_network_with_its_whole_past() throws Exception {
        house.close();
        System.clearProperty("twinkeep.ledger");
        try {
            folder = new DataFolder(temp.resolve("embedded"));
            kek = new Kek(temp.resolve("other-key"), false, _ -> new char[0], _ -> {});
            house = open();
            house.twins().create(new TwinCommand.CreateTwin(twin, CLOCK.instant(), OPERATOR));
            var ended = grantTo(CLINICIAN);
            var live = grantTo(OTHER);
            house.consents().revoke(twin, ended, seed);
            var before = house.ledger().head();
            var past = past(before.block(), ended, live);
            long written = transactionsUpTo(before.block());
            house.close();

            assertThatThrownBy(() -> LedgerMigration.toFabric(folder, kek, CLOCK, carried -> {
                        throw new IllegalStateException("broken off");
                    }))
                    .hasMessage("broken off");
            assertThat(HouseFile.read(folder).ledger()).isEqualTo(LedgerStore.EMBEDDED);
            open().close();
            var moved = LedgerMigration.toFabric(folder, kek, CLOCK, _ -> {});
            assertThat(moved.transactions()).isEqualTo(written).isGreaterThanOrEqualTo(3);
            assertThat(moved.carried()).isLessThan(written);
            assertThat(HouseFile.read(folder).ledger()).isEqualTo(LedgerStore.FABRIC);

            house = open();
            assertThat(past(before.block(), ended, live)).isEqualTo(past);
            assertThat(house.ledger().head().block()).isGreaterThan(before.block());
            assertThat(decide(CLINICIAN)).isFalse();
            assertThat(decide(OTHER)).isTrue();
            house.consents().revoke(twin, live, seed);
            assertThat(decide(OTHER)).isFalse();
            assertThat(house.ledger().historyOf(live)).hasSize(2);
            var fresh = grantTo(CLINICIAN);
            assertThat(decide(CLINICIAN)).isTrue();
            house.close();
            house = open();
            assertThat(house.ledger().historyOf(fresh)).hasSize(1);
            assertThat(past(before.block(), ended, live)).isEqualTo(past);
            house.close();
            assertThat(Verification.of(folder, kek, CLOCK).problems()).isEmpty();
            assertThatThrownBy(() -> LedgerMigration.toFabric(folder, kek, CLOCK, _ -> {}))
                    .isInstanceOf(HouseRefused.class);
            refusedWithAnotherPast();
        } finally {
            System.setProperty("twinkeep.ledger", "fabric");
        }
        house = open();
    }

    @Test
    void an_older_copy_of_the_whole_folder_is_told_by_what_is_anchored_on_the_network() throws Exception {
        grantTo(OTHER);
        house.close();
        var older = temp.resolve("older");
        copy(folder.path(), older);
        Backup.data(folder, kek, temp.resolve("data.backup"), CLOCK, _ -> {});
        Backup.keys(folder, kek, temp.resolve("keys.backup"), CLOCK, _ -> {});
        house = open();
        var ended = grantTo(CLINICIAN);
        house.trail().checkpoint();
        house.clockwork().beat();
        house.close();
        assertThat(witness(checkup())).isTrue();

        network.kill("custodian");
        var whole = folder;
        folder = new DataFolder(older);
        house = open();
        assertThat(decide(OTHER)).isFalse();
        network.run("start", "custodian");
        until(() -> house.consents().standing().trouble().contains("older copy"));
        assertThat(decide(OTHER)).isFalse();
        house.close();
        assertThatThrownBy(this::open).isInstanceOf(LedgerUnavailable.class).hasMessageContaining("older copy");
        assertThat(witness(checkup())).isFalse();

        folder = new DataFolder(temp.resolve("restored"));
        assertThatThrownBy(() -> restore(false))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("--lost");
        assertThat(folder.isHouse()).isFalse();
        assertThat(restore(true).lost()).contains("older copy");
        house = open();
        assertThat(decide(OTHER)).isTrue();
        assertThat(house.ledger().get(ended)).isPresent();
        house.close();
        assertThat(witness(checkup())).isTrue();
        folder = whole;
        house = open();
        assertThat(decide(CLINICIAN)).isTrue();
    }

    private Restore restore(boolean lost) {
        var from = new Restore.Sources(temp.resolve("data.backup"), temp.resolve("keys.backup"), List.of(), lost);
        return Restore.run(folder, from, kek, CLOCK, _ -> {});
    }

    private static boolean witness(Checkup checkup) {
        var said = checkup.findings().stream()
                .filter(finding -> finding.name().equals("witness"))
                .toList();
        assertThat(said).hasSize(1);
        return Boolean.TRUE.equals(said.getFirst().ok());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var all = Files.walk(from)) {
            for (var path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }

    private void refusedWithAnotherPast() throws IOException {
        var blocks = folder.ledger().resolve("blocks.ndjson");
        var lines = Files.readAllLines(blocks);
        var cut = String.join("\n", lines.subList(0, lines.size() - 1)) + "\n";
        Files.writeString(blocks, cut);
        assertThatThrownBy(this::open).isInstanceOf(LedgerUnavailable.class);
        assertThat(Verification.of(folder, kek, CLOCK).problems())
                .anySatisfy(problem -> assertThat(problem.file()).isEqualTo("ledger/blocks.ndjson"));
        Files.delete(blocks);
        assertThatThrownBy(this::open).isInstanceOf(LedgerUnavailable.class);
        Files.writeString(blocks, String.join("\n", lines) + "\n");
    }

    /** What the ledger says of these consents as of each block up to this one, and now of what is over. */
    private List<Object> past(long head, ConsentHandle ended, ConsentHandle live) {
        var all = new ArrayList<>();
        for (long block = 0; block <= head; block++) {
            all.add(house.ledger().asOf(ended, block));
            all.add(house.ledger().asOf(live, block));
            all.add(Set.copyOf(house.ledger().recordedBy(block)));
        }
        all.add(house.ledger().historyOf(ended));
        all.add(house.ledger().historyOf(live).getFirst());
        return all;
    }

    /** Each of them came in a block of its own. */
    private long transactionsUpTo(long head) {
        long all = 0;
        for (long block = 0; block <= head; block++) {
            all += house.ledger().recordedBy(block).size();
        }
        return all;
    }

    private Checkup checkup() {
        return Checkup.of(folder, temp.resolve("key"), CLOCK);
    }

    private static List<Checkup.Finding> ledgerOf(Checkup checkup) {
        var ledger = checkup.findings().stream()
                .filter(finding -> finding.name().equals("ledger"))
                .toList();
        assertThat(ledger).hasSize(1);
        return ledger;
    }

    private House open() {
        return House.open(folder, kek, "a test", CLOCK);
    }

    private ConsentHandle grantTo(String grantee) {
        var today = LocalDate.now(ZoneOffset.UTC);
        var terms = new Terms(
                grantee,
                "Dr Test",
                "Clinic",
                Purpose.TREATMENT,
                Set.of(Chapter.LABS),
                null,
                true,
                new Period(today, today.plusDays(30), ZoneOffset.UTC));
        return house.consents().grant(twin, terms, seed).handle();
    }

    private boolean decide(String grantee) {
        var request = new AccessRequest(twin, grantee, "clinician", Purpose.TREATMENT, CLOCK.instant());
        return house.consents().decide(request) instanceof Verdict.Permitted;
    }

    private static void until(BooleanSupplier comesTrue) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!comesTrue.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
