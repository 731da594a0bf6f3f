package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.cli.Cli;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand;

/** A house whose provider and oversight keep their own keys. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class HouseWithSignersTest {
    private static final TwinId TWIN = new TwinId(new UUID(4, 4));
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path temp;

    private final Map<String, ServedSigner> signers = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();

    @BeforeEach
    void startSigners() throws IOException {
        start("Oversight");
        start("Provider");
        name();
    }

    @AfterEach
    void stop() {
        System.clearProperty("twinkeep.signers.file");
        signers.values().forEach(ServedSigner::close);
    }

    @Test
    void it_grants_revokes_and_verifies_like_any_other_and_its_keys_are_not_in_it() throws IOException {
        try (var house = open()) {
            made(house);
            var granted = grant(house);
            assertThat(permitted(house)).isTrue();
            house.consents().revoke(TWIN, granted, seed());
            assertThat(permitted(house)).isFalse();
            assertThat(house.consents().standing().keys())
                    .containsEntry("Custodian", "")
                    .containsEntry("Oversight", signers.get("Oversight").address())
                    .containsEntry("Provider", signers.get("Provider").address());
            house.register("a-rule", "1", "ab".repeat(32));
        }
        assertThat(Files.readString(folder().houseFile()))
                .contains(signers.get("Oversight").address());
        var verification = Verification.of(folder(), kek(), CLOCK);
        assertThat(verification.problems()).isEmpty();
    }

    @Test
    void while_a_signer_is_away_a_revocation_denies_and_waits_and_a_grant_fails() throws IOException {
        try (var house = open()) {
            made(house);
            var granted = grant(house);
            stop("Oversight");
            assertThatThrownBy(() -> grant(house)).isInstanceOf(LedgerUnavailable.class);
            assertThat(permitted(house)).isTrue();
            house.consents().revoke(TWIN, granted, seed());
            assertThat(permitted(house)).isFalse();
        }
        try (var house = open()) {
            assertThat(permitted(house)).isFalse();
            assertThat(house.consents().waiting()).isEqualTo(1);
            start("Oversight");
            house.consents().deliver();
            assertThat(house.consents().waiting()).isZero();
        }
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
    }

    @Test
    void it_is_not_opened_without_its_signers_nor_another_house_with_them() throws IOException {
        open().close();
        System.clearProperty("twinkeep.signers.file");
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("TWINKEEP_SIGNERS_FILE");
        var other = new DataFolder(temp.resolve("other"));
        House.open(other, kek("other.kek"), "a test", CLOCK).close();
        name();
        assertThatThrownBy(() -> House.open(other, kek("other.kek"), "a test", CLOCK))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("lies in this house");
    }

    @Test
    void a_house_that_is_there_hands_over_to_a_signer_and_from_then_on_needs_it() throws IOException {
        System.clearProperty("twinkeep.signers.file");
        try (var house = open()) {
            made(house);
            grant(house);
        }
        name("Oversight");
        var done = SignerMigration.run(folder(), kek(), "Oversight", CLOCK);
        assertThat(done.address()).isEqualTo(signers.get("Oversight").address());
        assertThat(Files.readString(folder().houseFile())).contains(done.address());
        try (var house = open()) {
            assertThat(permitted(house)).isTrue();
            assertThat(house.ledger().charter().organisations().get("Oversight").bytes())
                    .isEqualTo(HexFormat.of().parseHex(signers.get("Oversight").publicKey()));
            house.consents().revoke(TWIN, grant(house), seed());
            house.register("a-rule", "1", "ab".repeat(32));
            stop("Oversight");
            assertThatThrownBy(() -> grant(house)).isInstanceOf(LedgerUnavailable.class);
            start("Oversight");
        }
        name("Oversight", "Provider");
        assertThat(migrate("Custodian")).isEqualTo(2);
        assertThat(migrate("Provider")).isZero();
        try (var house = open()) {
            grant(house);
        }
        var verification = Verification.of(folder(), kek(), CLOCK);
        assertThat(verification.problems()).isEmpty();
        System.clearProperty("twinkeep.signers.file");
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("own signer");
    }

    @Test
    void where_the_ledger_was_handed_over_and_the_house_does_not_know_it_says_so_when_asked_again() throws IOException {
        System.clearProperty("twinkeep.signers.file");
        try (var house = open()) {
            made(house);
        }
        var before = Files.readAllBytes(folder().houseFile());
        name("Oversight");
        SignerMigration.run(folder(), kek(), "Oversight", CLOCK);
        try (var house = open()) {
            grant(house);
            grant(house);
        }
        Files.write(folder().houseFile(), before);
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class);
        SignerMigration.run(folder(), kek(), "Oversight", CLOCK);
        try (var house = open()) {
            assertThat(permitted(house)).isTrue();
            grant(house);
        }
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
    }

    @Test
    void without_a_signer_that_signs_nothing_is_handed_over_and_the_house_is_as_before() throws IOException {
        System.clearProperty("twinkeep.signers.file");
        open().close();
        assertThatThrownBy(() -> SignerMigration.run(folder(), kek(), "Oversight", CLOCK))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("TWINKEEP_SIGNERS_FILE");
        name("Oversight");
        stop("Oversight");
        assertThatThrownBy(() -> SignerMigration.run(folder(), kek(), "Oversight", CLOCK))
                .isInstanceOf(LedgerUnavailable.class);
        System.clearProperty("twinkeep.signers.file");
        try (var house = open()) {
            made(house);
            grant(house);
        }
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
        start("Oversight");
        name("Oversight");
        SignerMigration.run(folder(), kek(), "Oversight", CLOCK);
        assertThatThrownBy(() -> SignerMigration.run(folder(), kek(), "Oversight", CLOCK))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("own signer already");
    }

    @Test
    void a_signer_that_moved_is_followed() throws IOException {
        open().close();
        stop("Oversight");
        ports.remove("Oversight");
        start("Oversight");
        name();
        try (var house = open()) {
            made(house);
            grant(house);
        }
        assertThat(Files.readString(folder().houseFile()))
                .contains(signers.get("Oversight").address());
    }

    @Test
    void a_file_that_lacks_something_or_names_the_custodian_is_refused() throws IOException {
        var file = temp.resolve("signers");
        Files.writeString(file, "oversight.address=http://127.0.0.1:1\n");
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("three lines");
        Files.writeString(file, "custodian.address=http://127.0.0.1:1\n");
        assertThatThrownBy(this::open).isInstanceOf(HouseRefused.class).hasMessageContaining("custodian");
        assertThat(folder().isHouse()).isFalse();
    }

    @Test
    void a_signer_does_not_begin_again_without_its_key() throws IOException {
        open().close();
        stop("Oversight");
        Files.delete(temp.resolve("Oversight.key"));
        assertThatThrownBy(() -> start("Oversight"))
                .isInstanceOf(HouseRefused.class)
                .hasMessageContaining("missing");
    }

    private int migrate(String organisation) {
        return Cli.run(
                System.out,
                System.err,
                "migrate",
                "--signer",
                organisation,
                "--data",
                temp.resolve("data").toString(),
                "--kek-file",
                temp.resolve("kek").toString());
    }

    private void start(String organisation) throws IOException {
        var at = new InetSocketAddress("127.0.0.1", ports.getOrDefault(organisation, 0));
        var served = ServedSigner.open(organisation, temp.resolve(organisation + ".key"), at, Set.of(), CLOCK, _ -> {});
        signers.put(organisation, served);
        ports.put(organisation, URI.create(served.address()).getPort());
    }

    private void stop(String organisation) {
        signers.remove(organisation).close();
    }

    /** The file that says how they are reached. */
    private void name(String... organisations) throws IOException {
        var lines = new StringBuilder();
        for (var each : signers.entrySet()) {
            if (organisations.length > 0 && !Set.of(organisations).contains(each.getKey())) {
                continue;
            }
            var name = each.getKey().toLowerCase(Locale.ROOT);
            lines.append("%s.address=%s%n".formatted(name, each.getValue().address()))
                    .append("%s.key=%s%n".formatted(name, each.getValue().publicKey()))
                    .append(Files.readString(each.getValue().secretFile()));
        }
        Files.writeString(temp.resolve("signers"), lines);
        System.setProperty("twinkeep.signers.file", temp.resolve("signers").toString());
    }

    private House open() {
        return House.open(folder(), kek(), "a test", CLOCK);
    }

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private Kek kek() {
        return kek("kek");
    }

    private Kek kek(String name) {
        return new Kek(temp.resolve(name), false, _ -> new char[0], _ -> {});
    }

    private static void made(House house) {
        var operator = new Actor(Actor.Kind.OPERATOR, "operator:test");
        house.twins().create(new TwinCommand.CreateTwin(TWIN, CLOCK.instant(), operator));
    }

    private static ConsentHandle grant(House house) {
        var today = LocalDate.now(ZoneOffset.UTC);
        var terms = new Terms(
                "clinician-1",
                "Dr Test",
                "Clinic",
                Purpose.TREATMENT,
                Set.of(Chapter.LABS),
                null,
                true,
                new Period(today, today.plusDays(30), ZoneOffset.UTC));
        return house.consents().grant(TWIN, terms, seed()).handle();
    }

    private static boolean permitted(House house) {
        var request = new AccessRequest(TWIN, "clinician-1", "clinician", Purpose.TREATMENT, CLOCK.instant());
        return house.consents().decide(request) instanceof Verdict.Permitted;
    }

    private static Secret seed() {
        return Secret.copyOf(new byte[32]);
    }
}
