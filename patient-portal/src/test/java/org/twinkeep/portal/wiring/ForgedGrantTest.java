package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.Certificate;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.IdentityKey;
import org.twinkeep.consent.NotProved;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.DelegationEvent.Appointed;
import org.twinkeep.consent.delegation.DelegationEvent.Confirmed;
import org.twinkeep.consent.delegation.DelegationJson;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.json.CanonicalJson;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.cli.Cli;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody with every file of the operator, the key that opens them and the keys of the organisations that lie in them, and no
 * patient's password, tries to make a grant: nobody who is asked accepts one. Who acts for a patient who never had a key, only
 * the organisations can say; such a grant is named as their word.
 */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class ForgedGrantTest {
    private static final TwinId TWIN = new TwinId(new UUID(5, 5));
    private static final TwinId OTHER = new TwinId(new UUID(6, 6));
    private static final Clock CLOCK = Clock.systemUTC();
    private static final byte[] SALT = new byte[32];

    @TempDir
    Path temp;

    private final Secret patient = Secret.random(new SecureRandom());
    private final Secret thief = Secret.random(new SecureRandom());
    private final SigningKey thiefsIdentity = IdentityKey.of(thief);
    private House house;
    private boolean isOpen;
    private String grantee;
    private @Nullable ServedSigner oversight;

    @AfterEach
    void close() {
        System.clearProperty("twinkeep.signers.file");
        if (oversight != null) {
            oversight.close();
        }
    }

    @Test
    void a_key_of_ones_own_grants_nothing() {
        attempted(() -> forge(handle(1), null));
        attempted(() -> forge(handle(2), certificate(thiefsIdentity, handle(2), Enrol.handleOf(TWIN))));
    }

    @Test
    void a_key_enrolled_beside_the_patients_grants_nothing() {
        attempted(() -> {
            var own = handle(7);
            house.ledger().submit(acts().enrol(own, "0".repeat(64), thiefsIdentity));
            forge(handle(1), certificate(thiefsIdentity, handle(1), own));
        });
        attempted(() -> {
            house.consents().enrol(OTHER, thief);
            forge(handle(2), certificate(thiefsIdentity, handle(2), Enrol.handleOf(OTHER)));
        });
    }

    @Test
    void a_second_first_key_of_the_patient_is_refused() {
        attempted(() ->
                assertThatThrownBy(() -> house.consents().enrol(TWIN, thief)).isInstanceOf(LedgerRefused.class));
    }

    @Test
    void a_certificate_of_another_consent_or_of_another_twin_grants_nothing() {
        attempted(() -> {
            house.consents().grant(OTHER, terms("somebody-else"), thief);
            forge(handle(1), openings().of(TWIN).getFirst().certificate());
            forge(handle(2), openings().of(OTHER).getFirst().certificate());
        });
    }

    @Test
    void the_opening_of_another_twins_consent_grants_nothing_here() {
        attempted(() -> {
            house.consents().grant(OTHER, terms(grantee), thief);
            openings().of(OTHER).forEach(opening -> openings().keep(TWIN, opening));
        });
    }

    @Test
    void the_patients_own_consent_cannot_be_changed_nor_brought_back() {
        attempted(() -> {
            var own = house.consents().of(TWIN).getFirst();
            var record = house.ledger().get(own.handle()).orElseThrow();
            var opening = opening(own.handle(), 2, null);
            openings().keep(TWIN, opening);
            refused(() -> house.ledger().submit(acts().amend(record, commitment(opening), thiefsIdentity)));
            var both = acts().grant(own.handle(), commitment(opening), Optional.empty(), thiefsIdentity);
            refused(() -> house.ledger().submit(both));
            house.stop(TWIN, own.handle());
            refused(() -> house.ledger()
                    .submit(acts().amend(
                                    house.ledger().get(own.handle()).orElseThrow(),
                                    commitment(opening),
                                    thiefsIdentity)));
        });
    }

    @Test
    void a_proposal_accepted_with_a_key_of_ones_own_grants_nothing() {
        attempted(() -> {
            var proposal = house.consents().propose(TWIN, terms(grantee), key(Charter.PROVIDER)::sign);
            var record = house.ledger().get(proposal);
            var opening = opening(proposal, 2, certificate(thiefsIdentity, proposal, Enrol.handleOf(TWIN)));
            openings().keep(TWIN, opening);
            house.ledger().submit(acts().grant(proposal, commitment(opening), record, thiefsIdentity));
        });
    }

    @Test
    void a_delegation_that_a_key_of_ones_own_signed_grants_nothing() {
        attempted(() -> {
            var appointing = appointing(handle(9), Authority.Kind.CHOSEN);
            openings().keep(TWIN, appointing);
            house.ledger().submit(acts().delegate(handle(9), commitment(appointing), thiefsIdentity));
            forge(handle(1), certificate(thiefsIdentity, handle(1), handle(9)));
        });
    }

    @Test
    void another_ledger_in_the_place_of_this_one_is_refused() throws Exception {
        makeHouse();
        house.close();
        var blocks = folder().ledger().resolve("blocks.ndjson");
        var begun = Files.readAllLines(blocks);
        Files.writeString(blocks, begun.getFirst() + "\n");
        assertThat(Verification.of(folder(), kek(), CLOCK).ok()).isFalse();
        assertThatThrownBy(this::open).hasMessageContaining("cut off");
    }

    @Test
    void a_delegate_made_up_with_the_keys_of_both_organisations_grants_nothing() {
        attempted(() -> byDocument(handle(1), bothFromTheVault()));
        attempted(() -> {
            var appointing = appointing(handle(19), Authority.Kind.CHOSEN);
            openings().keep(TWIN, appointing);
            house.ledger().submit(acts().delegate(handle(19), commitment(appointing), bothFromTheVault()));
            forge(handle(11), certificate(thiefsIdentity, handle(11), handle(19)));
        });
    }

    @Test
    void another_key_put_in_the_place_of_the_patients_with_the_keys_of_both_organisations_grants_nothing() {
        attempted(() -> {
            house.consents().enrolAgain(TWIN, thief);
            assertThatThrownBy(() -> house.consents().grant(TWIN, terms(grantee), thief))
                    .isInstanceOf(NotProved.class);
            forge(handle(1), certificate(thiefsIdentity, handle(1), Enrol.handleOf(TWIN)));
        });
    }

    @Test
    void who_acts_for_a_patient_who_never_had_a_key_is_the_organisations_word_and_named_as_that() throws Exception {
        makeHouse();
        try (var _ = house) {
            var child = new TwinId(new UUID(7, 7));
            house.twins()
                    .create(new TwinCommand.CreateTwin(
                            child, CLOCK.instant(), new Actor(Actor.Kind.OPERATOR, "operator:test")));
            var appointing = appointing(handle(9), Authority.Kind.REPRESENTATIVE);
            openings().keep(child, appointing);
            var confirmed = new Confirmed(handle(9), new Hand("a-second", Hand.As.OVERSIGHT), CLOCK.instant());
            openings().keep(child, new Opening(handle(9), 2, SALT, DelegationJson.write(confirmed)));
            var shared = house.consents().grantFor(child, terms(grantee), thief, handle(9));
            assertThat(house.consents().proof(child, shared.handle())).isEqualTo(Proof.DELEGATE);
            assertThat(house.consents()
                            .recorded(child, shared.handle())
                            .orElseThrow()
                            .proof())
                    .isEqualTo(Proof.DELEGATE);
        }
    }

    @Test
    void oversights_place_handed_to_a_signer_of_ones_own_vouches_for_nothing_to_who_had_a_key_before()
            throws Exception {
        makeHouse();
        house.close();
        serveOversight(Set.of());
        SignerMigration.run(folder(), kek(), Charter.OVERSIGHT, CLOCK);
        attempted(() -> {
            house.consents().enrolAgain(TWIN, thief);
            assertThatThrownBy(() -> house.consents().grant(TWIN, terms(grantee), thief))
                    .isInstanceOf(NotProved.class);
            forge(handle(1), certificate(thiefsIdentity, handle(1), Enrol.handleOf(TWIN)));
        });
        attempted(() -> byDocument(handle(2), new Acts.Both(key(Charter.CUSTODIAN)::sign, handedTo()::sign)));
    }

    @Test
    void where_oversight_keeps_its_key_elsewhere_nothing_at_all_is_accepted() throws Exception {
        serveOversight(Set.of("enrol", "delegate"));
        attempted(() -> {
            refused(() -> house.consents().enrolAgain(TWIN, thief));
            refused(() -> byDocument(handle(1), bothFromTheVault()));
            // What lies in the vault under oversight's name is not oversight's key.
            var enrolled = house.ledger().get(Enrol.handleOf(TWIN)).orElseThrow();
            refused(() -> house.ledger()
                    .submit(acts().enrolAgain(enrolled, "0".repeat(64), thiefsIdentity, bothFromTheVault())));
            forge(handle(1), certificate(thiefsIdentity, handle(1), Enrol.handleOf(TWIN)));
        });
    }

    @Test
    void nothing_of_the_operator_lifts_what_the_patient_never_shows_and_the_patient_does() throws Exception {
        makeHouse();
        house.consents().grant(TWIN, terms(grantee), patient);
        var denial = house.consents()
                .deny(TWIN, new Denial(null, "", null, Set.of(Chapter.LABS)), patient)
                .handle();
        closed(() -> {});
        closed(() -> house.stop(TWIN, denial));
        assertThat(decided().path("endedByOthers").has(denial.value())).isTrue();
        assertThat(Verification.of(folder(), kek(), CLOCK).checked()).containsEntry("consentsEndedByOrganisations", 1L);
        closed(() -> {
            house.consents().enrolAgain(TWIN, thief);
            assertThat(house.consents().release(TWIN, denial, thief)).isFalse();
            byDocument(handle(1), bothFromTheVault());
        });
    }

    @Test
    void the_patients_own_key_lifts_what_the_custodian_ended() throws Exception {
        makeHouse();
        house.consents().grant(TWIN, terms(grantee), patient);
        var denial = house.consents()
                .deny(TWIN, new Denial(null, "", null, Set.of(Chapter.LABS)), patient)
                .handle();
        closed(() -> house.stop(TWIN, denial));
        house = open();
        try (var _ = house) {
            assertThat(house.consents().release(TWIN, denial, patient)).isTrue();
        }
        assertThat(decided().path("permitted").asBoolean()).isTrue();
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
    }

    /** Does it, and asks everybody who answers: laboratory results stay closed. */
    private void closed(Runnable attempt) {
        if (!isOpen) {
            house = open();
        }
        isOpen = false;
        try (var _ = house) {
            attempt.run();
            house.consents().forget(TWIN);
            var request = new AccessRequest(TWIN, grantee, "clinician", Purpose.TREATMENT, CLOCK.instant());
            var verdict = house.consents().decide(request);
            assertThat(verdict instanceof Verdict.Permitted(var _, var ruling)
                            && ruling.decide(ConsentPolicy.item(Chapter.LABS)).visible())
                    .isFalse();
        }
        assertThat(decided().path("permitted").asBoolean(true)).isFalse();
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
    }

    /** By a document that nobody ever saw. */
    private void byDocument(ConsentHandle consent, Acts.Both organisations) {
        var appointing = appointing(handle(9), Authority.Kind.REPRESENTATIVE);
        openings().keep(TWIN, appointing);
        var confirmed = new Confirmed(handle(9), new Hand("a-second", Hand.As.OVERSIGHT), CLOCK.instant());
        openings().keep(TWIN, new Opening(handle(9), 2, SALT, DelegationJson.write(confirmed)));
        house.ledger().submit(acts().delegate(handle(9), commitment(appointing), organisations));
        forge(consent, certificate(thiefsIdentity, consent, handle(9)));
    }

    /** @param unsigned acts that it does not sign */
    private void serveOversight(Set<String> unsigned) throws IOException {
        oversight = ServedSigner.open(
                Charter.OVERSIGHT,
                temp.resolve("oversight.key"),
                new InetSocketAddress("127.0.0.1", 0),
                unsigned,
                CLOCK,
                _ -> {});
        Files.writeString(
                temp.resolve("signers"),
                "oversight.address=%s%noversight.key=%s%n%s"
                        .formatted(
                                oversight.address(), oversight.publicKey(), Files.readString(oversight.secretFile())));
        System.setProperty("twinkeep.signers.file", temp.resolve("signers").toString());
    }

    /** The key of that signer. */
    private SigningKey handedTo() {
        try {
            return new SigningKey(Secret.taking(
                    Hex.parse(Files.readString(temp.resolve("oversight.key")).strip())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeHouse() {
        house = open();
        isOpen = true;
        var operator = new Actor(Actor.Kind.OPERATOR, "operator:test");
        for (var twin : Set.of(TWIN, OTHER)) {
            house.twins().create(new TwinCommand.CreateTwin(twin, CLOCK.instant(), operator));
        }
        var person = new Person("Dr Thief", "Clinic", ZoneOffset.UTC, Locale.ENGLISH);
        var link = house.accounts().invite(Role.CLINICIAN, person, null);
        grantee = house.accounts().all().getFirst().id().toString();
        assertThat(link).isNotNull();
        house.consents().grant(TWIN, terms("somebody-else"), patient);
    }

    /** Tries it, and asks everybody who answers whether the grantee may look. */
    private void attempted(Runnable attempt) {
        if (house == null) {
            makeHouse();
        } else {
            house = open();
        }
        try (var _ = house) {
            attempt.run();
            house.consents().forget(TWIN);
            var request = new AccessRequest(TWIN, grantee, "clinician", Purpose.TREATMENT, CLOCK.instant());
            assertThat(house.consents().decide(request)).isInstanceOf(Verdict.Denied.class);
            assertThat(house.consents().of(TWIN))
                    .noneMatch(consent -> consent.terms().granteeId().equals(grantee));
            var looker =
                    house.accounts().find(AccountId.of(grantee)).orElseThrow().looker();
            assertThat(house.door().timeline(looker, TWIN).getClass().getSimpleName())
                    .isNotEqualTo("Shown");
        }
        assertThat(decided().path("permitted").asBoolean(true)).isFalse();
        assertThat(Verification.of(folder(), kek(), CLOCK).problems()).isEmpty();
    }

    /** What {@code twinkeep decide} says. */
    private JsonNode decided() {
        var out = new ByteArrayOutputStream();
        int exit = Cli.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                "decide",
                "--json",
                "--data",
                folder().path().toString(),
                "--kek-file",
                temp.resolve("kek").toString(),
                "--who",
                grantee,
                "--purpose",
                "TREAT",
                "--twin",
                TWIN.toString(),
                "--chapter",
                Chapter.LABS.code(),
                "--reason",
                "a test");
        assertThat(exit).as(out.toString(StandardCharsets.UTF_8)).isZero();
        return JsonMapper.shared().readTree(out.toString(StandardCharsets.UTF_8));
    }

    /** What {@code Consents} would write, with the thief's key as the consent's. */
    private void forge(ConsentHandle handle, @Nullable Certificate certificate) {
        var opening = opening(handle, 1, certificate);
        openings().keep(TWIN, opening);
        house.ledger().submit(acts().grant(handle, commitment(opening), Optional.empty(), thiefsIdentity));
    }

    private Opening opening(ConsentHandle handle, int step, @Nullable Certificate certificate) {
        var bytes = new FhirConsent(handle, TWIN, terms(grantee), CLOCK.instant()).bytes();
        return new Opening(handle, step, SALT, bytes, certificate);
    }

    private Opening appointing(ConsentHandle handle, Authority.Kind kind) {
        var today = LocalDate.now(ZoneOffset.UTC);
        var appointment = new Appointment(
                "thief",
                "Thief",
                thiefsIdentity.verifyingKey(),
                "Patient",
                new Authority(kind, kind.byDocument() ? "d0".repeat(32) : null),
                Set.of(Power.values()),
                Set.of(Chapter.LABS),
                new Period(today.minusDays(1), today.plusYears(1), ZoneOffset.UTC),
                today.plusMonths(6),
                null);
        var hand = new Hand("thief", kind.byDocument() ? Hand.As.CUSTODIAN : Hand.As.PATIENT);
        return new Opening(
                handle, 1, SALT, DelegationJson.write(new Appointed(handle, appointment, hand, CLOCK.instant())));
    }

    /** As docs/formats/consent.md writes it. */
    private Certificate certificate(SigningKey identity, ConsentHandle consent, ConsentHandle signer) {
        var bytes = CanonicalJson.bytes(Map.of(
                "format", "twinkeep-certificate-1",
                "channel", house.tenant(),
                "handle", consent.value(),
                "key", Hex.of(thiefsIdentity.verifyingKey().bytes()),
                "signer", signer.value()));
        return new Certificate(signer, identity.sign(bytes));
    }

    private static String commitment(Opening opening) {
        return Hex.of(FhirConsent.commitment(opening.salt(), opening.consent()));
    }

    private Openings openings() {
        return new LifeOpenings(house.twins(), house.history(), house.trail(), house.ledger()::head, CLOCK);
    }

    /** From the vault, as whoever has all files can. */
    private SigningKey key(String organisation) {
        return new SigningKey(house.vault().houseKey("org/" + organisation));
    }

    private Acts.Both bothFromTheVault() {
        return new Acts.Both(key(Charter.CUSTODIAN)::sign, key(Charter.OVERSIGHT)::sign);
    }

    private Acts acts() {
        return new Acts(house.ledger().charter());
    }

    private static void refused(Runnable what) {
        assertThatThrownBy(what::run).isInstanceOf(LedgerRefused.class);
    }

    private static ConsentHandle handle(int number) {
        return new ConsentHandle("%064x".formatted(number));
    }

    private static Terms terms(String grantee) {
        var today = LocalDate.now(ZoneOffset.UTC);
        return new Terms(
                grantee,
                "Dr Thief",
                "Clinic",
                Purpose.TREATMENT,
                Set.of(Chapter.LABS),
                null,
                true,
                new Period(today, today.plusDays(30), ZoneOffset.UTC));
    }

    private House open() {
        return House.open(folder(), kek(), "a test", CLOCK);
    }

    private DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private Kek kek() {
        return new Kek(temp.resolve("kek"), false, _ -> new char[0], _ -> {});
    }
}
