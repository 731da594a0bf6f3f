package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.durable.Hex;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction.Enrol;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.sign.SigningKey;

/** Who has every file and key of the operator, and no patient's seed, tries to grant. */
class ProvenanceTest {

    private static final Secret PATIENT = TestOrganisations.seed(21);
    private static final Secret THIEF = TestOrganisations.seed(66);
    private static final Secret DELEGATE = TestOrganisations.seed(31);
    private static final Acts.Both BOTH =
            new Acts.Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.OVERSIGHT::sign);
    private static final byte[] SALT = new byte[32];

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock(AConsent.GRANTED_AT.toString());
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private EmbeddedLedger ledger;
    private Consents consents;
    private Acts acts;

    @BeforeEach
    void openAHouseWithAPatient() {
        ledger = EmbeddedLedger.open(folder, TestOrganisations.three(), Position.NONE, clock);
        acts = new Acts(ledger.charter());
        consents = consents(Signers.PATIENTS_ONLY, BOTH);
        Provenance.require(ledger, BOTH);
        consents.enrol(TWIN, PATIENT);
        clock.pass(Duration.ofSeconds(60));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void what_the_patient_grants_is_provably_the_patients() {
        var consent = consents.grant(TWIN, aConsent().terms(), PATIENT);
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.PATIENT);
        assertThat(permitted()).isTrue();
    }

    @Test
    void a_key_of_ones_own_without_a_certificate_grants_nothing() {
        forge(null);
        assertNothingIsShared();
    }

    @Test
    void a_consent_of_another_shape_that_is_not_the_patients_permits_nothing() {
        var permitsAll = "{\"decision\":\"permit\",\"resourceType\":\"Consent\",\"status\":\"active\"}";
        var kept = new KeptConsent(handle("01"), TWIN, Dialect.R5, permitsAll);
        forge(kept.bytes(), null, THIEF);
        assertNothingIsShared();
        assertThat(consents.others(TWIN)).isEmpty();
    }

    @Test
    void a_certificate_by_ones_own_identity_key_grants_nothing() {
        forge(certificate(THIEF, Enrol.handleOf(TWIN), handle("01")));
        assertNothingIsShared();
    }

    @Test
    void an_enrolment_of_ones_own_beside_the_patients_grants_nothing() {
        var own = handle("77");
        ledger.submit(acts.enrol(own, "0".repeat(64), IdentityKey.of(THIEF)));
        forge(certificate(THIEF, own, handle("01")));
        assertNothingIsShared();
    }

    @Test
    void nobody_enrols_a_second_key_of_a_patient_without_both_organisations() {
        var signer = Enrol.handleOf(TWIN);
        assertThatThrownBy(() -> ledger.submit(acts.enrol(signer, "0".repeat(64), IdentityKey.of(THIEF))))
                .isInstanceOf(LedgerRefused.class)
                .hasMessage("out of order");
        var custodianAlone = new Acts.Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.CUSTODIAN::sign);
        assertThatThrownBy(() -> ledger.submit(acts.enrolAgain(
                        ledger.get(signer).orElseThrow(), "0".repeat(64), IdentityKey.of(THIEF), custodianAlone)))
                .hasMessage("bad signature");
        assertThatThrownBy(() -> consents(Signers.PATIENTS_ONLY, null)
                        .grant(TWIN, aConsent().terms(), THIEF))
                .hasMessage("bad signature");
        assertNothingIsShared();
    }

    @Test
    void a_certificate_of_another_consent_grants_nothing() {
        var own = consents.grant(
                TWIN, aConsent().chapters(Chapter.LABS).to("somebody").terms(), PATIENT);
        var stolen = openings.of(TWIN).stream()
                .filter(opening -> opening.handle().equals(own.handle()))
                .findFirst()
                .orElseThrow()
                .certificate();
        forge(stolen);
        assertNothingIsShared();
    }

    @Test
    void nobody_amends_a_consent_of_the_patient_with_another_key() {
        var own = consents.grant(
                TWIN, aConsent().chapters(Chapter.LABS).to("somebody").terms(), PATIENT);
        var record = ledger.get(own.handle()).orElseThrow();
        assertThatThrownBy(() -> ledger.submit(acts.amend(record, "0".repeat(64), ConsentKey.of(THIEF, own.handle()))))
                .hasMessage("bad signature");
        assertThatThrownBy(() -> ledger.submit(
                        acts.grant(own.handle(), "0".repeat(64), Optional.empty(), ConsentKey.of(THIEF, own.handle()))))
                .hasMessage("out of order");
    }

    @Test
    void the_opening_of_one_twin_says_nothing_of_another() {
        var own = consents.grant(new TwinId(new UUID(8, 8)), aConsent().terms(), THIEF);
        openings.of(own.twin()).forEach(opening -> openings.keep(TWIN, opening));
        assertThat(consents.of(TWIN)).isEmpty();
    }

    @Test
    void a_key_that_both_organisations_put_in_the_place_of_the_first_grants_nothing_where_they_are_one_hand() {
        consents.enrolAgain(TWIN, THIEF);
        assertThat(consents.isProved(TWIN)).isFalse();
        assertThatThrownBy(() -> consents.grant(TWIN, aConsent().terms(), THIEF))
                .isInstanceOf(NotProved.class);
        forge(certificate(THIEF, Enrol.handleOf(TWIN), handle("01")));
        assertThat(consents.proof(TWIN, handle("01"))).isEqualTo(Proof.ONE_HAND);
        assertNothingIsShared();
        assertThat(consents.inOneHand(TWIN)).extracting(Consent::handle).containsExactly(handle("01"));
        consents.stop(TWIN, handle("01"), TestOrganisations.CUSTODIAN::sign);
        assertThat(consents.inOneHand(TWIN)).isEmpty();
    }

    @Test
    void what_the_patient_granted_before_goes_on_beside_it() {
        var own = consents.grant(TWIN, aConsent().terms(), PATIENT);
        clock.pass(Duration.ofSeconds(60));
        consents.enrolAgain(TWIN, THIEF);
        forge(certificate(THIEF, Enrol.handleOf(TWIN), handle("01")));
        assertThat(permitted()).isTrue();
        assertThat(consents.of(TWIN)).containsExactly(own);
    }

    @Test
    void such_a_key_refuses_and_what_it_refuses_holds() {
        consents.grant(TWIN, aConsent().terms(), PATIENT);
        consents.enrolAgain(TWIN, THIEF);
        var denial = consents.deny(TWIN, new Denial(null, "", null, Set.of()), THIEF);
        assertThat(permitted()).isFalse();
        assertThat(consents.others(TWIN)).containsExactly(denial);
    }

    @Test
    void such_a_key_is_named_as_that_where_oversight_keeps_its_own_elsewhere() {
        consents = apart(Signers.PATIENTS_ONLY);
        consents.enrolAgain(TWIN, THIEF);
        var consent = consents.grant(TWIN, aConsent().terms(), THIEF);
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.RESET);
        assertThat(ledger.historyOf(Enrol.handleOf(TWIN)).getLast().organisations())
                .containsExactly("Custodian", "Oversight");
    }

    @Test
    void whom_oversights_place_was_handed_to_vouches_for_nothing_to_a_patient_who_had_a_key_before() {
        consents = apart(delegate(TWIN, false), clock.instant());
        clock.pass(Duration.ofSeconds(60));
        consents.enrolAgain(TWIN, THIEF);
        assertThatThrownBy(() -> consents.grant(TWIN, aConsent().terms(), THIEF))
                .isInstanceOf(NotProved.class);
        forge(certificate(THIEF, Enrol.handleOf(TWIN), handle("01")));
        assertThat(consents.proof(TWIN, handle("01"))).isEqualTo(Proof.ONE_HAND);
        assertThatThrownBy(() -> consents.grantFor(TWIN, aConsent().terms(), DELEGATE, handle("55")))
                .isInstanceOf(NotProved.class);
        assertNothingIsShared();
    }

    @Test
    void to_a_patient_whose_first_key_came_after_it_such_a_key_is_named_and_counts() {
        consents = apart(Signers.PATIENTS_ONLY, clock.instant());
        clock.pass(Duration.ofSeconds(60));
        var later = new TwinId(new UUID(8, 8));
        consents.enrol(later, PATIENT);
        clock.pass(Duration.ofSeconds(60));
        consents.enrolAgain(later, THIEF);
        var consent = consents.grant(later, aConsent().terms(), THIEF);
        assertThat(consents.proof(later, consent.handle())).isEqualTo(Proof.RESET);
    }

    @Test
    void what_the_first_key_signed_before_it_was_replaced_still_counts_and_nothing_after() {
        var before = consents.grant(TWIN, aConsent().terms(), PATIENT);
        clock.pass(Duration.ofSeconds(60));
        consents.enrolAgain(TWIN, THIEF);
        clock.pass(Duration.ofSeconds(60));
        assertThat(consents.proof(TWIN, before.handle())).isEqualTo(Proof.PATIENT);
        forge(certificate(PATIENT, Enrol.handleOf(TWIN), handle("01")), PATIENT);
        assertThat(consents.proof(TWIN, handle("01"))).isEqualTo(Proof.NONE);
    }

    @Test
    void a_delegate_whom_the_patient_appointed_grants_with_a_key_of_their_own_while_they_may() {
        consents = consents(delegate(TWIN, true), null);
        var consent = consents.grantFor(TWIN, aConsent().terms(), DELEGATE, handle("55"));
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.CHOSEN);
        assertThat(permitted()).isTrue();
        consents = consents(Signers.PATIENTS_ONLY, null);
        assertNothingIsShared();
    }

    @Test
    void a_delegate_by_the_organisations_word_grants_for_who_had_a_key_only_where_they_are_two_hands() {
        consents = consents(delegate(TWIN, false), BOTH);
        assertThatThrownBy(() -> consents.grantFor(TWIN, aConsent().terms(), DELEGATE, handle("55")))
                .isInstanceOf(NotProved.class);
        assertNothingIsShared();
        consents = apart(delegate(TWIN, false));
        var consent = consents.grantFor(TWIN, aConsent().terms(), DELEGATE, handle("55"));
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.DELEGATE);
        consents = consents(delegate(TWIN, false), BOTH);
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.ONE_HAND);
        assertNothingIsShared();
    }

    @Test
    void of_who_never_had_a_key_only_the_organisations_can_say_who_acts_and_it_is_named_as_that() {
        var child = new TwinId(new UUID(8, 8));
        consents = consents(delegate(child, false), BOTH);
        var consent = consents.grantFor(child, aConsent().terms(), DELEGATE, handle("55"));
        assertThat(consents.proof(child, consent.handle())).isEqualTo(Proof.DELEGATE);
    }

    private Signers delegate(TwinId of, boolean byPatient) {
        var since = clock.instant();
        return (twin, by, _, _) -> twin.equals(of) && by.equals(handle("55"))
                ? Optional.of(new Signers.Delegate(IdentityKey.of(DELEGATE).verifyingKey(), byPatient, since))
                : Optional.empty();
    }

    private Consents apart(Signers delegates) {
        return apart(delegates, Instant.EPOCH);
    }

    private Consents apart(Signers delegates, Instant since) {
        var two = new Outage(ledger);
        two.oversightApartSince = since;
        return new Consents(two, openings, Undelivered.in(folder), clock, TestKeys.seeded(4), delegates, BOTH);
    }

    private void assertNothingIsShared() {
        assertThat(consents.of(TWIN))
                .noneMatch(consent -> consent.terms().granteeId().equals(AConsent.GRANTEE));
        assertThat(permitted()).isFalse();
        var ask = ConsentPolicy.ask(AConsent.GRANTEE, Purpose.TREATMENT, clock.instant());
        assertThat(consents.decide(TWIN, ask, anyLab(), Implicit.DENY)
                        .decision()
                        .visible())
                .isFalse();
    }

    private static Item anyLab() {
        return ConsentPolicy.item(new Facts(Chapter.LABS, Set.of(), null, null, AConsent.GRANTED_AT));
    }

    private boolean permitted() {
        var request = new AccessRequest(TWIN, AConsent.GRANTEE, "clinician", Purpose.TREATMENT, clock.instant());
        return consents.decide(request) instanceof Verdict.Permitted;
    }

    /** Writes what {@link Consents} would, with the thief's keys. */
    private void forge(@Nullable Certificate certificate) {
        forge(certificate, THIEF);
    }

    private void forge(@Nullable Certificate certificate, Secret seed) {
        forge(new FhirConsent(handle("01"), TWIN, aConsent().terms(), clock.instant()).bytes(), certificate, seed);
    }

    private void forge(byte[] bytes, @Nullable Certificate certificate, Secret seed) {
        var handle = handle("01");
        openings.keep(TWIN, new Opening(handle, 1, SALT, bytes, certificate));
        ledger.submit(acts.grant(
                handle, Hex.of(FhirConsent.commitment(SALT, bytes)), Optional.empty(), ConsentKey.of(seed, handle)));
        consents.forget(TWIN);
    }

    private Certificate certificate(Secret seed, ConsentHandle signer, ConsentHandle consent) {
        SigningKey own = ConsentKey.of(seed, consent);
        return Certificate.of(TestOrganisations.CHANNEL, consent, own.verifyingKey(), signer, IdentityKey.of(seed));
    }

    private Consents consents(Signers delegates, Acts.@Nullable Both organisations) {
        return new Consents(
                ledger, openings, Undelivered.in(folder), clock, TestKeys.seeded(1), delegates, organisations);
    }

    private static ConsentHandle handle(String twoDigits) {
        return new ConsentHandle(twoDigits.repeat(32));
    }
}
