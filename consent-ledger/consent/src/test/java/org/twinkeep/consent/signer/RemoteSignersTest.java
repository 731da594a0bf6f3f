package org.twinkeep.consent.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.InMemoryOpenings;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.embedded.Notary;
import org.twinkeep.consent.embedded.Organisations;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentLedgerContract;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerRefused.Why;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.keys.TestKeys;

/** What every ledger does, with each organisation's key behind a door of its own, reached over the wire. */
class RemoteSignersTest extends ConsentLedgerContract {

    private static final Secret SECRET = TestOrganisations.seed(70);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-05-10T12:00:00Z");
    private final Map<String, Signer> signers = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();

    /** One organisation's process. */
    private record Signer(Notary notary, SignerDoor door) {
        void stop() {
            door.close();
            notary.close();
        }
    }

    @Override
    protected ConsentLedger open() {
        TestOrganisations.KEYS.keySet().forEach(this::start);
        return EmbeddedLedger.open(folder.resolve("house"), organisations(SECRET), Position.NONE, clock);
    }

    @AfterEach
    void stopSigners() {
        Set.copyOf(signers.keySet()).forEach(this::stop);
    }

    @Test
    void verify_checks_it_offline_like_any_other_and_every_signer_has_its_own_copy() throws IOException {
        ledger.submit(grant(1));
        ledger.submit(revoke(1));
        var check = LedgerCheck.of(folder.resolve("house"), ledger.head());
        assertThat(check.problems()).isEmpty();
        assertThat(check.charter()).isEqualTo(TestOrganisations.three().charter());
        ledger.submit(grant(2));
        var house = Files.readAllLines(folder.resolve("house/blocks.ndjson"));
        for (var name : TestOrganisations.KEYS.keySet()) {
            // The last block is taken up with the next one.
            assertThat(Files.readAllLines(folder.resolve(name).resolve("blocks.ndjson")))
                    .isEqualTo(house.subList(0, house.size() - 1));
        }
    }

    @Test
    void while_one_signer_is_away_nothing_is_written_and_nothing_is_lost() {
        ledger.submit(grant(1));
        for (var name : TestOrganisations.KEYS.keySet()) {
            var before = ledger.head();
            stop(name);
            assertThatThrownBy(() -> ledger.submit(revoke(1)))
                    .isInstanceOf(LedgerUnavailable.class)
                    .hasMessageContaining(name + " is out of reach");
            assertThat(ledger.head()).isEqualTo(before);
            start(name);
        }
        ledger.submit(revoke(1));
        assertThat(ledger.get(handle(1)).map(r -> r.status())).contains(Status.REVOKED);
        assertThat(LedgerCheck.of(folder.resolve("house"), ledger.head()).problems())
                .isEmpty();
    }

    @Test
    void what_the_first_signed_before_the_house_stopped_is_what_is_recorded() {
        ledger.submit(grant(1));
        stop(Charter.PROVIDER);
        assertThatThrownBy(() -> ledger.submit(grant(2))).isInstanceOf(LedgerUnavailable.class);
        ledger.close();
        start(Charter.PROVIDER);
        ledger = open();
        clock.pass(Duration.ofSeconds(1));
        ledger.submit(grant(3));
        assertThat(ledger.get(handle(2))).isPresent();
        assertThat(ledger.get(handle(3))).isPresent();
        assertThat(LedgerCheck.of(folder.resolve("house"), ledger.head()).problems())
                .isEmpty();
    }

    @Test
    void a_revocation_denies_at_once_while_a_signer_is_away_and_is_delivered_later() {
        var openings = new InMemoryOpenings();
        var house = folder.resolve("house");
        var consents = new Consents(ledger, openings, Undelivered.in(house), clock, TestKeys.seeded(1));
        var granted = consents.grant(TWIN, aConsent().terms(), TestOrganisations.seed(9));
        stop(Charter.OVERSIGHT);
        assertThatThrownBy(() -> consents.grant(TWIN, aConsent().terms(), TestOrganisations.seed(9)))
                .isInstanceOf(LedgerUnavailable.class);
        consents.revoke(TWIN, granted.handle(), TestOrganisations.seed(9));
        assertThat(consents.of(TWIN))
                .first()
                .satisfies(c -> assertThat(c.status()).isEqualTo(Status.REVOKED));
        assertThat(consents.waiting()).isEqualTo(1);
        start(Charter.OVERSIGHT);
        var again = new Consents(ledger, openings, Undelivered.in(house), clock, TestKeys.seeded(2));
        assertThat(again.waiting()).isZero();
        assertThat(ledger.get(granted.handle()).map(r -> r.status())).contains(Status.REVOKED);
    }

    @Test
    void a_house_that_was_put_back_to_an_older_ledger_writes_no_second_history() throws IOException {
        ledger.submit(grant(1));
        var older = Files.readAllBytes(folder.resolve("house/blocks.ndjson"));
        ledger.submit(revoke(1));
        ledger.submit(grant(2));
        ledger.close();
        Files.write(folder.resolve("house/blocks.ndjson"), older);
        ledger = open();
        assertThatThrownBy(() -> ledger.submit(grant(3)))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("shorter than what was signed");
    }

    @Test
    void a_signer_that_came_late_is_brought_every_block() throws IOException {
        for (int i = 0; i < 5; i++) {
            ledger.submit(grant(i));
        }
        stop(Charter.OVERSIGHT);
        var copy = folder.resolve(Charter.OVERSIGHT).resolve("blocks.ndjson");
        var first = Files.readAllLines(copy).getFirst() + "\n";
        Files.writeString(copy, first);
        Files.delete(copy.resolveSibling("promised.json"));
        start(Charter.OVERSIGHT);
        ledger.submit(grant(9));
        assertThat(Files.readAllLines(copy)).hasSize(6);
    }

    @Test
    void a_house_with_another_secret_is_told_nothing() {
        var stranger = organisations(TestOrganisations.seed(71));
        assertThatThrownBy(() -> stranger.oversight().signAct(new byte[] {1}))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("same secret");
    }

    @Test
    void an_organisation_signs_acts_of_its_own_and_no_others() {
        var channel = ledger.charter();
        var acts = new Acts(channel);
        var house = organisations(SECRET);
        ledger.submit(acts.propose(handle(1), COMMITMENT, house.provider()::signAct));
        refused(() -> acts.propose(handle(2), COMMITMENT, house.oversight()::signAct), Why.NO_SUCH_ORGANISATION);
        refused(() -> house.provider().signAct("a blank sheet".getBytes()), Why.MALFORMED);
    }

    private static void refused(Runnable what, Why why) {
        assertThatThrownBy(what::run)
                .isInstanceOfSatisfying(
                        LedgerRefused.class, e -> assertThat(e.why()).isEqualTo(why));
    }

    private Organisations organisations(Secret secret) {
        return new Organisations(
                TestOrganisations.CHANNEL,
                far(Charter.CUSTODIAN, secret),
                far(Charter.PROVIDER, secret),
                far(Charter.OVERSIGHT, secret));
    }

    private FarOrganisation far(String name, Secret secret) {
        var address = URI.create(signers.get(name).door().address());
        var key = TestOrganisations.KEYS.get(name).verifyingKey();
        return new FarOrganisation(name, new SignerAccess(address, key, secret), TestKeys.seeded(5));
    }

    private void start(String name) {
        if (!signers.containsKey(name)) {
            var notary = Notary.open(name, TestOrganisations.KEYS.get(name), folder.resolve(name), Set.of(), clock);
            signers.put(name, new Signer(notary, door(name, notary)));
        }
    }

    /** Where it was before, if that was anywhere. */
    private SignerDoor door(String name, Notary notary) {
        try {
            var at = new InetSocketAddress("127.0.0.1", ports.getOrDefault(name, 0));
            var door = SignerDoor.open(at, notary, SECRET);
            ports.put(name, URI.create(door.address()).getPort());
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop(String name) {
        signers.remove(name).stop();
    }
}
