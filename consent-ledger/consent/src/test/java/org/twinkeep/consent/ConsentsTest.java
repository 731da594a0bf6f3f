package org.twinkeep.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.twinkeep.consent.AConsent.GRANTEE;
import static org.twinkeep.consent.AConsent.TWIN;
import static org.twinkeep.consent.AConsent.aConsent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.Openings.Opening;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.durable.Bytes;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.keys.TwinForgotten;

class ConsentsTest {

    private static final Secret SEED = TestOrganisations.seed(9);
    private static final Secret OTHER_SEED = TestOrganisations.seed(8);
    private static final TwinId OTHER_TWIN = new TwinId(new UUID(8, 8));

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock("2026-05-10T12:00:00Z");
    private final InMemoryOpenings openings = new InMemoryOpenings();
    private Outage ledger;
    private Consents consents;

    @BeforeEach
    void start() {
        ledger = new Outage(EmbeddedLedger.open(folder, TestOrganisations.three(), ConsentLedger.Position.NONE, clock));
        consents = new Consents(ledger, openings, Undelivered.in(folder), clock, TestKeys.seeded(1));
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private void restart() {
        stop();
        start();
    }

    @Test
    void a_grant_opens_and_a_revocation_closes_at_once() {
        assertThat(decide()).isEqualTo(new Denied(Reason.NO_CONSENT));
        var granted = grant();
        assertThat(permittedBy()).containsExactly(granted);
        consents.revoke(TWIN, granted.handle(), SEED);
        assertThat(decide()).isEqualTo(new Denied(Reason.REVOKED));
        assertThat(consents.of(TWIN)).singleElement().satisfies(consent -> {
            assertThat(consent.status()).isEqualTo(Status.REVOKED);
            assertThat(consent.endedAt()).isEqualTo(clock.instant());
            assertThat(consent.grantedAt()).isEqualTo(granted.grantedAt());
        });
    }

    @Test
    void the_ledger_holds_no_word_of_it() throws Exception {
        var granted = grant();
        var blocks = Files.readString(folder.resolve("blocks.ndjson"));
        assertThat(blocks)
                .contains(granted.handle().value())
                .doesNotContain(TWIN.toString(), GRANTEE, "Ada", "Example", "TREAT", "labs", "Berlin");
    }

    @Test
    void nobody_revokes_with_another_seed_and_trying_leaves_no_mark() {
        var granted = grant();
        assertThatThrownBy(() -> consents.revoke(TWIN, granted.handle(), OTHER_SEED))
                .isInstanceOf(LedgerRefused.class)
                .hasMessage("bad signature");
        assertThat(decide()).isInstanceOf(Permitted.class);
        assertThat(folder.resolve(Undelivered.FILE)).doesNotExist();
    }

    @Test
    void what_was_never_granted_cannot_be_revoked() {
        assertThatThrownBy(() -> consents.revoke(TWIN, new ConsentHandle("00".repeat(32)), SEED))
                .isInstanceOf(LedgerRefused.class)
                .hasMessage("unknown handle");
    }

    @Test
    void revoked_twice_is_revoked() {
        var granted = grant();
        consents.revoke(TWIN, granted.handle(), SEED);
        var head = ledger.head();
        consents.revoke(TWIN, granted.handle(), SEED);
        assertThat(ledger.head()).isEqualTo(head);
    }

    @Test
    void a_revocation_that_the_ledger_cannot_take_denies_at_once_over_a_restart_and_arrives_later() {
        var granted = grant();
        ledger.fails = true;
        consents.revoke(TWIN, granted.handle(), SEED);
        assertThat(decide()).isEqualTo(new Denied(Reason.REVOKED));
        assertThat(ledger.get(granted.handle()).map(ConsentRecord::status)).contains(Status.ACTIVE);

        var failing = ledger;
        consents = new Consents(failing, openings, Undelivered.in(folder), clock, TestKeys.seeded(2));
        assertThat(decide()).isEqualTo(new Denied(Reason.REVOKED));

        restart();
        assertThat(ledger.get(granted.handle()).map(ConsentRecord::status)).contains(Status.REVOKED);
        assertThat(decide()).isEqualTo(new Denied(Reason.REVOKED));
        assertThat(Undelivered.in(folder).all()).isEmpty();
    }

    @Test
    void an_altered_mark_is_not_believed_and_nobody_is_let_in() {
        var granted = grant();
        ledger.fails = true;
        consents.revoke(TWIN, granted.handle(), SEED);
        var file = folder.resolve(Undelivered.FILE);
        var whole = Bytes.of(folder).get(Undelivered.FILE);
        assertThat(LedgerCheck.of(folder, ConsentLedger.Position.NONE).problems())
                .isEmpty();
        for (int at = 0; at < whole.length; at += 3) {
            Bytes.write(file, Bytes.flipped(whole, at, at % 8));
            assertThatThrownBy(() -> Undelivered.in(folder)).isInstanceOf(LedgerUnavailable.class);
            assertThat(LedgerCheck.of(folder, ConsentLedger.Position.NONE).problems())
                    .extracting(LedgerCheck.Problem::file)
                    .containsExactly(Undelivered.FILE);
        }
    }

    @Test
    void a_grant_counts_only_once_it_is_recorded() {
        ledger.fails = true;
        assertThatThrownBy(this::grant).isInstanceOf(LedgerUnavailable.class);
        assertThat(decide()).isEqualTo(new Denied(Reason.NO_CONSENT));
        assertThat(consents.of(TWIN)).isEmpty();
    }

    @Test
    void a_term_ends_by_the_clock_though_nobody_wrote_it_down() {
        consents.grant(TWIN, aConsent().until("2026-05-10").terms(), SEED);
        assertThat(decide()).isInstanceOf(Permitted.class);
        clock.standAt("2026-05-10T22:00:00Z");
        assertThat(decide()).isEqualTo(new Denied(Reason.EXPIRED));
        assertThat(consents.of(TWIN)).extracting(Consent::status).containsExactly(Status.EXPIRED);
    }

    @Test
    void consents_are_listed_newest_first_and_those_of_others_are_not() {
        var first = grant();
        clock.pass(Duration.ofSeconds(1));
        var second =
                consents.grant(TWIN, aConsent().forPurpose(Purpose.RESEARCH).terms(), SEED);
        consents.grant(OTHER_TWIN, aConsent().terms(), OTHER_SEED);
        assertThat(consents.of(TWIN)).containsExactly(second, first);
    }

    @Test
    void two_consents_of_one_person_have_nothing_in_common_on_the_ledger() {
        var one = ledger.get(grant().handle()).orElseThrow();
        var two = ledger.get(grant().handle()).orElseThrow();
        assertThat(one.handle()).isNotEqualTo(two.handle());
        assertThat(one.key()).isNotEqualTo(two.key());
        assertThat(one.commitment()).isNotEqualTo(two.commitment());
    }

    @Test
    void an_opening_that_does_not_match_its_commitment_counts_for_nothing() {
        var granted = grant();
        var wider = new FhirConsent(
                granted.handle(), TWIN, aConsent().to("somebody-else").terms(), clock.instant());
        openings.keep(TWIN, new Opening(granted.handle(), 1, new byte[32], wider.bytes()));
        consents.forget(TWIN);
        assertThat(consents.of(TWIN)).containsExactly(granted);
    }

    @Test
    void an_opening_of_one_twin_counts_for_nothing_under_another() {
        var granted = grant();
        openings.of(TWIN).forEach(opening -> openings.keep(OTHER_TWIN, opening));
        assertThat(consents.of(OTHER_TWIN)).isEmpty();
        assertThat(consents.decide(request(OTHER_TWIN))).isEqualTo(new Denied(Reason.NOT_UNDERSTOOD));
        assertThat(consents.of(TWIN)).containsExactly(granted);
    }

    @Test
    void a_consent_that_says_more_than_is_known_here_counts_for_nothing_and_the_reason_says_so() {
        var granted = grant();
        var opening = openings.of(TWIN).getFirst();
        var text = new String(opening.consent(), StandardCharsets.UTF_8);
        var stricter = text.replace("\"type\":\"permit\"", "\"securityLabel\":[{\"code\":\"R\"}],\"type\":\"permit\"");
        var unknown = new InMemoryOpenings();
        unknown.keep(TWIN, new Opening(granted.handle(), 1, opening.salt(), stricter.getBytes(StandardCharsets.UTF_8)));
        consents = new Consents(ledger, unknown, Undelivered.in(folder), clock, TestKeys.seeded(3));
        assertThat(consents.of(TWIN)).isEmpty();
        assertThat(decide()).isEqualTo(new Denied(Reason.NOT_UNDERSTOOD));
        consents.stopAll(TWIN, TestOrganisations.CUSTODIAN::sign);
        assertThat(decide()).isEqualTo(new Denied(Reason.NOT_UNDERSTOOD));
        consents.release(TWIN, granted.handle(), SEED);
        assertThat(decide()).isEqualTo(new Denied(Reason.NO_CONSENT));
    }

    @Test
    void unreadable_openings_deny() {
        grant();
        openings.becomeUnreadable();
        consents.forget(TWIN);
        assertThat(decide()).isEqualTo(new Denied(Reason.LEDGER_UNREADABLE));
    }

    @Test
    void an_unreadable_ledger_denies_and_has_no_position() {
        grant();
        ledger.unreadable = true;
        assertThat(decide()).isEqualTo(new Denied(Reason.LEDGER_UNREADABLE));
        assertThat(consents.position()).isEqualTo(ConsentLedger.Position.NONE);
    }

    @Test
    void a_forgotten_twin_is_told_apart_for_the_auditor() {
        var forgotten = new Openings() {
            @Override
            public void keep(TwinId twin, Opening opening) {
                throw new TwinForgotten();
            }

            @Override
            public List<Opening> of(TwinId twin) {
                throw new TwinForgotten();
            }
        };
        consents = new Consents(ledger, forgotten, Undelivered.in(folder), clock, TestKeys.seeded(3));
        assertThat(decide()).isEqualTo(new Denied(Reason.UNKNOWN_TWIN));
    }

    @Test
    void openings_are_read_anew_only_when_something_changes() {
        grant();
        for (int i = 0; i < 5; i++) {
            decide();
        }
        int once = openings.reads();
        decide();
        assertThat(openings.reads()).isEqualTo(once);
        grant();
        decide();
        decide();
        assertThat(openings.reads()).isEqualTo(2 * once);
    }

    @Test
    void before_a_twin_goes_all_its_consents_end() {
        grant();
        consents.grant(TWIN, aConsent().from("2027-01-01").terms(), SEED);
        consents.grant(TWIN, aConsent().until("2026-05-01").terms(), SEED);
        var others = consents.grant(OTHER_TWIN, aConsent().terms(), OTHER_SEED);
        consents.endAll(TWIN, SEED);
        assertThat(consents.of(TWIN))
                .hasSize(3)
                .allSatisfy(consent -> assertThat(consent.status()).isEqualTo(Status.REVOKED));
        assertThat(consents.of(OTHER_TWIN)).containsExactly(others);
    }

    @Test
    void the_custodian_stops_all_consents_without_the_seed_and_grants_none() {
        grant();
        consents.stopAll(TWIN, TestOrganisations.CUSTODIAN::sign);
        assertThat(decide()).isEqualTo(new Denied(Reason.REVOKED));
        grant();
        assertThatThrownBy(() -> consents.stopAll(TWIN, TestOrganisations.PROVIDER::sign))
                .isInstanceOf(LedgerRefused.class);
        assertThat(decide()).isInstanceOf(Permitted.class);
    }

    @Test
    void everything_is_the_same_after_a_restart() {
        var kept = grant();
        var revoked = grant();
        consents.revoke(TWIN, revoked.handle(), SEED);
        var before = consents.of(TWIN);
        restart();
        assertThat(consents.of(TWIN)).isEqualTo(before);
        assertThat(permittedBy()).containsExactly(kept);
    }

    private Consent grant() {
        return consents.grant(TWIN, aConsent().terms(), SEED);
    }

    private List<Consent> permittedBy() {
        return ((Permitted) decide()).by();
    }

    private Verdict decide() {
        return consents.decide(request(TWIN));
    }

    private AccessRequest request(TwinId twin) {
        return new AccessRequest(twin, GRANTEE, "clinician", Purpose.TREATMENT, clock.instant());
    }
}
