package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.AConsent.GRANTEE;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.decision.Ask;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.decision.ConsentIndex.Past;
import org.twinkeep.consent.decision.Decision;
import org.twinkeep.consent.decision.Decision.Answer;
import org.twinkeep.consent.decision.Decision.Because;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;

class ConsentIndexTest {

    private static final Secret SEED = TestOrganisations.seed(9);
    private static final TwinId OTHER_TWIN = new TwinId(new UUID(8, 8));
    private static final Duration BOUND = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-05-10T12:00:00Z");
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private Outage ledger;
    private Consents consents;

    @BeforeEach
    void start() {
        ledger = new Outage(EmbeddedLedger.open(folder, TestOrganisations.three(), ConsentLedger.Position.NONE, clock));
        consents = consents();
    }

    private Consents consents() {
        return new Consents(ledger, openings, Undelivered.in(folder), clock, TestKeys.seeded(1));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void the_index_follows_a_grant_and_a_revocation_and_says_as_of_which_block() {
        assertThat(answer()).isEqualTo(Answer.NO_CONSENT);
        var granted = grant();
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        consents.revoke(TWIN, granted.handle(), SEED);
        assertThat(answer()).isEqualTo(Answer.NO_CONSENT);
        assertThat(ask().asOf()).isEqualTo(ledger.head());
    }

    @Test
    void what_is_granted_stays_when_something_else_is_revoked() {
        var first = grant();
        grant();
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        consents.revoke(TWIN, first.handle(), SEED);
        assertThat(answer()).isEqualTo(Answer.PERMIT);
    }

    @Test
    void it_says_the_same_as_the_page() {
        assertThat(page()).isFalse();
        var granted = grant();
        assertThat(page()).isTrue();
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        consents.revoke(TWIN, granted.handle(), SEED);
        assertThat(page()).isFalse();
    }

    @Test
    void a_warm_twin_is_answered_without_the_ledger_and_without_its_openings() {
        grant();
        answer();
        int reads = openings.reads();
        ledger.unreadable = true;
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        assertThat(openings.reads()).isEqualTo(reads);
    }

    @Test
    void a_ledger_that_is_out_of_reach_for_longer_than_the_bound_lets_nobody_in_until_it_is_back() {
        grant();
        answer();
        ledger.unreadable = true;
        clock.pass(BOUND);
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        clock.pass(Duration.ofMillis(1));
        assertThat(answer()).isEqualTo(Answer.DENY);
        assertThat(ask().decision().because()).containsExactly(new Because.OfQuestion("ledger"));
        ledger.unreadable = false;
        assertThat(answer()).isEqualTo(Answer.PERMIT);
    }

    @Test
    void a_revocation_that_the_ledger_cannot_take_denies_at_once_and_after_a_restart() {
        var granted = grant();
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        ledger.fails = true;
        consents.revoke(TWIN, granted.handle(), SEED);
        assertThat(answer()).isEqualTo(Answer.NO_CONSENT);
        consents = consents();
        assertThat(answer()).isEqualTo(Answer.NO_CONSENT);
    }

    @Test
    void a_revocation_by_another_server_reaches_it_with_the_block() {
        var granted = grant();
        var other = consents();
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        other.revoke(TWIN, granted.handle(), SEED);
        assertThat(answer()).isEqualTo(Answer.NO_CONSENT);
    }

    @Test
    void a_grant_by_another_server_is_seen_though_nobody_said_whose_it_is() {
        assertThat(answer()).isEqualTo(Answer.NO_CONSENT);
        consents().grant(TWIN, aConsent().terms(), SEED);
        assertThat(answer()).isEqualTo(Answer.PERMIT);
    }

    @Test
    void a_live_consent_that_is_not_understood_denies_everything_of_its_twin() {
        var granted = grant();
        var opening = openings.of(TWIN).getFirst();
        grant();
        var text = new String(opening.consent(), StandardCharsets.UTF_8).replace("permit", "deny");
        var altered = new InMemoryOpenings();
        altered.keep(TWIN, new Opening(granted.handle(), 1, opening.salt(), text.getBytes(StandardCharsets.UTF_8)));
        altered.keep(TWIN, openings.of(TWIN).getLast());
        consents = new Consents(ledger, altered, Undelivered.in(folder), clock, TestKeys.seeded(3));
        assertThat(answer()).isEqualTo(Answer.DENY);
        assertThat(ask().decision().because())
                .singleElement()
                .isInstanceOfSatisfying(
                        Because.OfConsent.class,
                        because -> assertThat(because.path()).isEqualTo("Consent"));
        assertThat(page()).isFalse();
        consents.stop(TWIN, granted.handle(), TestOrganisations.CUSTODIAN::sign);
        assertThat(answer()).as("it could be a denial").isEqualTo(Answer.DENY);
        assertThat(consents.unread(TWIN)).containsExactly(granted.handle());
        assertThat(consents.release(TWIN, granted.handle(), SEED)).isTrue();
        assertThat(answer()).isEqualTo(Answer.PERMIT);
        assertThat(page()).isTrue();
        assertThat(consents.unread(TWIN)).isEmpty();
    }

    @Test
    void a_twin_that_cannot_be_read_is_denied() {
        grant();
        openings.becomeUnreadable();
        assertThat(answer()).isEqualTo(Answer.DENY);
    }

    @Test
    void it_forgets_whoever_was_read_the_longest_ago_and_reads_them_again() {
        grant();
        var index = new ConsentIndex(
                ledger,
                openings,
                Undelivered.in(folder),
                clock,
                BOUND,
                1,
                ConsentPolicy.VOCABULARY,
                new Provenance(ledger, Signers.PATIENTS_ONLY));
        assertThat(index.of(TWIN).rules().count()).isEqualTo(1);
        assertThat(index.of(OTHER_TWIN).rules().count()).isZero();
        int reads = openings.reads();
        assertThat(index.of(TWIN).rules().count()).isEqualTo(1);
        assertThat(openings.reads()).isEqualTo(reads + 1);
        index.rebuild();
        assertThat(index.of(TWIN).rules().count()).isEqualTo(1);
        assertThat(openings.reads()).isEqualTo(reads + 2);
    }

    @Test
    void a_past_decision_is_made_again_byte_for_byte() {
        var first = grant();
        var asked = ConsentPolicy.ask(GRANTEE, Purpose.TREATMENT, clock.instant());
        var item = item();
        var then = consents.decide(TWIN, asked, item, Implicit.DENY);
        var bytes = bytes(then.decision(), then.consents(), asked, item, then.asOf());
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains(first.handle().value());
        clock.pass(Duration.ofDays(1));
        var second = grant();
        consents.revoke(TWIN, first.handle(), SEED);
        consents.revoke(TWIN, second.handle(), SEED);
        assertThat(consents.decide(TWIN, asked, item, Implicit.DENY).decision().answer())
                .isEqualTo(Answer.NO_CONSENT);

        var again = (Past.Again) consents.asOf(TWIN, then.asOf().block(), asked, item, Implicit.DENY);
        assertThat(bytes(again.decision(), again.consents(), asked, item, then.asOf()))
                .isEqualTo(bytes);
        assertThat(((Past.Again) consents.asOf(TWIN, 0, asked, item, Implicit.DENY))
                        .decision()
                        .answer())
                .isEqualTo(Answer.NO_CONSENT);
    }

    @Test
    void a_past_decision_on_a_twin_that_was_erased_says_so() {
        var asked = ConsentPolicy.ask(GRANTEE, Purpose.TREATMENT, clock.instant());
        grant();
        openings.becomeForgotten();
        assertThat(consents.asOf(TWIN, 1, asked, item(), Implicit.DENY)).isEqualTo(new Past.Erased());
    }

    @Test
    void what_will_be_decided_is_not_known() {
        var asked = ConsentPolicy.ask(GRANTEE, Purpose.TREATMENT, clock.instant());
        assertThatThrownBy(() -> consents.asOf(TWIN, 99, asked, item(), Implicit.DENY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Consent grant() {
        return consents.grant(TWIN, aConsent().terms(), SEED);
    }

    private ConsentIndex.Answered ask() {
        var asked = ConsentPolicy.ask(GRANTEE, Purpose.TREATMENT, clock.instant());
        return consents.decide(TWIN, asked, item(), Implicit.DENY);
    }

    private static byte[] bytes(
            Decision decision, ConsentIndex.OfTwin consents, Ask asked, Item item, ConsentLedger.Position asOf) {
        return decision.bytes(number -> consents.handles().get(number).value(), asked, item, asOf);
    }

    private Item item() {
        return ConsentPolicy.item(new Facts(Chapter.LABS, Set.of(Chapter.VITALS), null, null, clock.instant()));
    }

    private Answer answer() {
        return ask().decision().answer();
    }

    private boolean page() {
        var request = new AccessRequest(TWIN, GRANTEE, "clinician", Purpose.TREATMENT, clock.instant());
        return consents.decide(request) instanceof Permitted;
    }
}
