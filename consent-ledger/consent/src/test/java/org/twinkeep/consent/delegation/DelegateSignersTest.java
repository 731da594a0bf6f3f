package org.twinkeep.consent.delegation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Certificate;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.IdentityKey;
import org.twinkeep.consent.InMemoryOpenings;
import org.twinkeep.consent.NotProved;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Provenance;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.delegation.DelegationEvent.Appointed;
import org.twinkeep.consent.delegation.DelegationEvent.Changed;
import org.twinkeep.consent.delegation.DelegationEvent.Confirmed;
import org.twinkeep.consent.delegation.DelegationEvent.ConsentNoted;
import org.twinkeep.consent.delegation.DelegationEvent.Ended;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;

/** Whom the patient appointed shares what the patient signed; who was made up shares nothing. */
class DelegateSignersTest {
    private static final TwinId TWIN = new TwinId(new UUID(3, 3));
    private static final Secret PATIENT = TestOrganisations.seed(21);
    private static final Secret BEN = TestOrganisations.seed(31);
    private static final ConsentHandle DELEGATION = new ConsentHandle("55".repeat(32));
    private static final Acts.Both BOTH =
            new Acts.Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.OVERSIGHT::sign);
    private static final Hand ADA = new Hand("ada", Hand.As.PATIENT);
    private static final Set<Power> POWERS = Set.of(Power.SEE, Power.GRANT);

    @TempDir
    private Path folder;

    private final TestClock clock = new TestClock("2026-11-21T12:00:00Z");
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private EmbeddedLedger ledger;
    private Consents consents;
    private int step;

    @BeforeEach
    void open() {
        ledger = EmbeddedLedger.open(folder, TestOrganisations.three(), Position.NONE, clock);
        Provenance.require(ledger, BOTH);
        consents = new Consents(
                ledger,
                openings,
                Undelivered.in(folder),
                clock,
                TestKeys.seeded(1),
                new DelegateSigners(ledger, openings, AgePolicy.DEFAULT),
                BOTH);
        consents.enrol(TWIN, PATIENT);
        clock.pass(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void whom_the_patient_appointed_shares_and_refuses_what_they_may_and_nothing_else() {
        keep(appointed(), consents.certify(TWIN, DELEGATION, PATIENT));
        consents.recordDelegation(TWIN, DELEGATION, PATIENT);
        var shared = consents.grantFor(TWIN, terms(Chapter.LABS), BEN, DELEGATION);
        assertThat(consents.proof(TWIN, shared.handle())).isEqualTo(Proof.CHOSEN);
        var refused = consents.denyFor(TWIN, new Denial(null, "", null, Set.of(Chapter.LABS)), BEN, DELEGATION);
        assertThat(consents.proof(TWIN, refused.handle())).isEqualTo(Proof.CHOSEN);
        assertThat(refused.delegation()).isEqualTo(DELEGATION);
        notProved(Chapter.VITALS);
    }

    @Test
    void whom_nobody_appointed_shares_nothing_though_the_organisations_vouch() {
        keep(appointed(), null);
        notProved(Chapter.LABS);
        assertThat(ledger.get(DELEGATION).orElseThrow().organisations()).containsExactly("Custodian", "Oversight");
        notProved(Chapter.LABS);
    }

    @Test
    void what_the_patient_changed_counts_once_it_is_signed_and_what_was_made_up_never() {
        keep(appointed(), consents.certify(TWIN, DELEGATION, PATIENT));
        consents.recordDelegation(TWIN, DELEGATION, PATIENT);
        clock.pass(Duration.ofMinutes(1));
        keep(new Changed(DELEGATION, POWERS, Set.of(Chapter.LABS, Chapter.VITALS), ADA, clock.instant()), null);
        notProved(Chapter.VITALS);
        assertThat(consents.grantFor(TWIN, terms(Chapter.LABS), BEN, DELEGATION))
                .isNotNull();
        consents.recordDelegation(TWIN, DELEGATION, PATIENT);
        assertThat(consents.grantFor(TWIN, terms(Chapter.VITALS), BEN, DELEGATION))
                .isNotNull();
    }

    @Test
    void what_was_ended_shares_nothing_more() {
        keep(appointed(), consents.certify(TWIN, DELEGATION, PATIENT));
        consents.recordDelegation(TWIN, DELEGATION, PATIENT);
        var before = consents.grantFor(TWIN, terms(Chapter.LABS), BEN, DELEGATION);
        clock.pass(Duration.ofMinutes(1));
        keep(new Ended(DELEGATION, ADA, clock.instant()), null);
        notProved(Chapter.LABS);
        assertThat(consents.proof(TWIN, before.handle())).isEqualTo(Proof.CHOSEN);
    }

    @Test
    void what_was_ended_stays_ended_though_the_entry_that_says_so_is_erased() {
        keep(appointed(), consents.certify(TWIN, DELEGATION, PATIENT));
        consents.recordDelegation(TWIN, DELEGATION, PATIENT);
        clock.pass(Duration.ofMinutes(1));
        var before = consents.grantFor(TWIN, terms(Chapter.LABS), BEN, DELEGATION);
        keep(new ConsentNoted(DELEGATION, before.handle(), new Hand("ben", Hand.As.DELEGATE), clock.instant()), null);
        clock.pass(Duration.ofMinutes(1));
        erased();
        clock.pass(Duration.ofMinutes(1));
        notProved(Chapter.LABS);
        keep(new Confirmed(DELEGATION, new Hand("kit", Hand.As.CUSTODIAN), clock.instant()), null);
        notProved(Chapter.LABS);
        assertThat(Delegations.of(openings.of(TWIN), AgePolicy.DEFAULT).answer("ben", clock.instant()))
                .isEqualTo(new Delegations.Answer.MayNot(Delegations.Answer.Why.ENDED));
        assertThat(consents.proof(TWIN, before.handle()))
                .as("what was shared before is as it was")
                .isEqualTo(Proof.CHOSEN);
    }

    @Test
    void what_the_ledger_has_as_ended_stays_ended_though_nothing_of_its_end_is_left_in_the_twin() {
        keep(appointed(), consents.certify(TWIN, DELEGATION, PATIENT));
        consents.recordDelegation(TWIN, DELEGATION, PATIENT);
        var before = consents.grantFor(TWIN, terms(Chapter.LABS), BEN, DELEGATION);
        clock.pass(Duration.ofMinutes(1));
        consents.stop(TWIN, DELEGATION, TestOrganisations.CUSTODIAN::sign);
        notProved(Chapter.LABS);
        assertThat(consents.proof(TWIN, before.handle())).isEqualTo(Proof.CHOSEN);
        assertThatThrownBy(() -> consents.recordDelegation(TWIN, DELEGATION, PATIENT))
                .isInstanceOf(LedgerRefused.class);
    }

    /** As a twin that lives answers of an entry whose key is gone. */
    private void erased() {
        step++;
        openings.keep(TWIN, new Opening(DELEGATION, step, new byte[0], new byte[0]));
    }

    private void notProved(Chapter chapter) {
        assertThatThrownBy(() -> consents.grantFor(TWIN, terms(chapter), BEN, DELEGATION))
                .isInstanceOf(NotProved.class);
    }

    private void keep(DelegationEvent event, @Nullable Certificate certificate) {
        step++;
        var salt = new byte[32];
        salt[0] = (byte) step;
        openings.keep(TWIN, new Opening(DELEGATION, step, salt, DelegationJson.write(event), certificate));
    }

    private Appointed appointed() {
        var today = LocalDate.of(2026, 11, 21);
        var appointment = new Appointment(
                "ben",
                "Ben",
                IdentityKey.of(BEN).verifyingKey(),
                "Ada",
                new Authority(Authority.Kind.CHOSEN, null),
                POWERS,
                Set.of(Chapter.LABS),
                new Period(today.minusDays(1), today.plusYears(1), ZoneOffset.UTC),
                today.plusMonths(6),
                null);
        return new Appointed(DELEGATION, appointment, ADA, clock.instant());
    }

    private static Terms terms(Chapter chapter) {
        return new Terms(
                "oak",
                "Dr Oak",
                "Harbour Clinic",
                Purpose.TREATMENT,
                Set.of(chapter),
                null,
                true,
                new Period(null, null, ZoneOffset.UTC));
    }
}
