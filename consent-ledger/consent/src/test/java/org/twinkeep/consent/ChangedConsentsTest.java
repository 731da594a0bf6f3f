package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.decision.ConsentIndex.Past;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.keys.TestKeys;

/** Consents that are asked for, answered and changed. */
class ChangedConsentsTest {

    private static final Secret SEED = TestOrganisations.seed(9);
    private static final Secret OTHER_SEED = TestOrganisations.seed(8);
    private static final Terms ALL = aConsent().terms();
    private static final Terms LESS = aConsent().chapters(Chapter.VITALS).terms();

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-05-10T12:00:00Z");
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private EmbeddedLedger ledger;
    private Consents consents;

    @BeforeEach
    void start() {
        ledger = EmbeddedLedger.open(folder, TestOrganisations.three(), Position.NONE, clock);
        consents = new Consents(ledger, openings, Undelivered.in(folder), clock, TestKeys.seeded(1));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void an_amendment_holds_from_the_next_decision_on_and_the_past_keeps_to_what_was_said() {
        var consent = consents.grant(TWIN, ALL, SEED);
        long then = ledger.head().block();
        assertThat(sees(Chapter.LABS)).isTrue();
        clock.pass(Duration.ofDays(1));
        var amended = consents.amend(TWIN, consent.handle(), LESS, SEED);
        assertThat(amended.terms()).isEqualTo(LESS);
        assertThat(amended.step()).isEqualTo(2);
        assertThat(amended.grantedAt()).isEqualTo(consent.grantedAt());
        assertThat(sees(Chapter.LABS)).isFalse();
        assertThat(sees(Chapter.VITALS)).isTrue();
        assertThat(saw(then, Chapter.LABS)).isTrue();
        assertThat(saw(ledger.head().block(), Chapter.LABS)).isFalse();
        assertThat(consents.of(TWIN)).hasSize(1);
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.PATIENT);
    }

    @Test
    void every_version_of_a_consent_can_be_read_with_when_it_held() {
        var consent = consents.grant(TWIN, ALL, SEED);
        clock.pass(Duration.ofDays(1));
        consents.amend(TWIN, consent.handle(), LESS, SEED);
        clock.pass(Duration.ofDays(1));
        consents.revoke(TWIN, consent.handle(), SEED);
        assertThat(consents.versions(TWIN, consent.handle()))
                .extracting(Consents.Version::terms)
                .containsExactly(ALL, LESS);
        assertThat(consents.versions(TWIN, consent.handle()))
                .extracting(Consents.Version::from)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void nobody_amends_with_another_seed_or_after_the_end() {
        var consent = consents.grant(TWIN, ALL, SEED);
        assertThatThrownBy(() -> consents.amend(TWIN, consent.handle(), LESS, OTHER_SEED))
                .isInstanceOf(LedgerRefused.class);
        consents.revoke(TWIN, consent.handle(), SEED);
        assertThatThrownBy(() -> consents.amend(TWIN, consent.handle(), LESS, SEED))
                .isInstanceOf(LedgerRefused.class)
                .hasMessage("already ended");
    }

    @Test
    void what_is_asked_for_allows_nothing_until_the_patient_grants_it_or_less() {
        var asked = consents.propose(TWIN, ALL, TestOrganisations.PROVIDER::sign);
        assertThat(consents.proposals(TWIN)).containsEntry(asked, ALL);
        assertThat(consents.of(TWIN)).isEmpty();
        assertThat(sees(Chapter.VITALS)).isFalse();
        consents.accept(TWIN, asked, LESS, SEED);
        assertThat(consents.proposals(TWIN)).isEmpty();
        assertThat(consents.of(TWIN)).singleElement().satisfies(consent -> {
            assertThat(consent.handle()).isEqualTo(asked);
            assertThat(consent.terms()).isEqualTo(LESS);
            assertThat(consent.status()).isEqualTo(Status.ACTIVE);
        });
        assertThat(sees(Chapter.VITALS)).isTrue();
        assertThat(sees(Chapter.LABS)).isFalse();
    }

    @Test
    void what_was_declined_is_gone() {
        var asked = consents.propose(TWIN, ALL, TestOrganisations.PROVIDER::sign);
        consents.decline(TWIN, asked, TestOrganisations.CUSTODIAN::sign);
        assertThat(consents.proposals(TWIN)).isEmpty();
        assertThat(consents.of(TWIN)).isEmpty();
        assertThatThrownBy(() -> consents.accept(TWIN, asked, ALL, SEED)).hasMessage("already ended");
    }

    @Test
    void a_consent_older_than_certificates_counts_says_so_and_can_be_confirmed() {
        var consent = consents.grant(TWIN, ALL, SEED);
        var opening = openings.of(TWIN).getFirst();
        var older = new InMemoryOpenings();
        older.keep(TWIN, new Openings.Opening(consent.handle(), 1, opening.salt(), opening.consent()));
        clock.pass(Duration.ofDays(1));
        Provenance.require(ledger, new Acts.Both(TestOrganisations.CUSTODIAN::sign, TestOrganisations.OVERSIGHT::sign));
        consents = new Consents(ledger, older, Undelivered.in(folder), clock, TestKeys.seeded(2));
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.BEFORE);
        assertThat(sees(Chapter.LABS)).isTrue();
        consents.amend(TWIN, consent.handle(), ALL, SEED);
        assertThat(consents.proof(TWIN, consent.handle())).isEqualTo(Proof.PATIENT);
    }

    private boolean sees(Chapter chapter) {
        var ask = ConsentPolicy.ask(AConsent.GRANTEE, Purpose.TREATMENT, clock.instant());
        return consents.decide(TWIN, ask, item(chapter), Implicit.DENY)
                .decision()
                .visible();
    }

    private boolean saw(long block, Chapter chapter) {
        var ask = ConsentPolicy.ask(AConsent.GRANTEE, Purpose.TREATMENT, clock.instant());
        return consents.asOf(TWIN, block, ask, item(chapter), Implicit.DENY) instanceof Past.Again again
                && again.decision().visible();
    }

    private Item item(Chapter chapter) {
        return ConsentPolicy.item(new Facts(chapter, Set.of(), null, null, AConsent.GRANTED_AT));
    }
}
