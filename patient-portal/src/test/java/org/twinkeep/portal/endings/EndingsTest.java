package org.twinkeep.portal.endings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Denial;
import org.twinkeep.consent.IdentityKey;
import org.twinkeep.consent.InMemoryOpenings;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.delegation.AgePolicy;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.InMemoryVault;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.tables.Tables;

class EndingsTest {
    private static final TwinId TWIN = new TwinId(UUID.fromString("7e0f6f2a-0000-4000-8000-00000000aaaa"));
    private static final TwinId CHILD = new TwinId(UUID.fromString("7e0f6f2a-0000-4000-8000-00000000cccc"));
    private static final ZoneId AUCKLAND = ZoneId.of("Pacific/Auckland");

    @TempDir
    private Path folder;

    private final SecureRandom random = new SecureRandom();
    private final TestClock clock = new TestClock("2026-11-01T08:00:00Z");
    private Tables tables;
    private Accounts accounts;
    private Notices notices;
    private Consents consents;
    private EmbeddedLedger ledger;
    private InMemoryVault vault;
    private Delegates delegates;
    private Endings endings;
    private Opened ada;
    private Opened oak;

    @BeforeEach
    void open() {
        vault = new InMemoryVault(Secret.random(random));
        tables = Tables.in(folder.resolve("accounts.db"));
        accounts = new Accounts(tables, vault, clock, random);
        notices = new Notices(tables, accounts, vault, clock);
        ledger = EmbeddedLedger.open(
                folder.resolve("ledger"), TestOrganisations.three(), ConsentLedger.Position.NONE, clock);
        var openings = new InMemoryOpenings();
        consents = new Consents(ledger, openings, Undelivered.in(folder.resolve("ledger")), clock, random);
        delegates = new Delegates(openings, tables, vault, AgePolicy.DEFAULT, clock, random);
        endings = new Endings(tables, accounts, consents, notices, vault, delegates);
        ada = account(Role.PATIENT, "ada", "Ada Quill", TWIN);
        oak = account(Role.CLINICIAN, "oak", "Dr Rowan Oak", null);
    }

    private Opened account(Role role, String signIn, String name, @Nullable TwinId twin) {
        return accounts.open(
                role, signIn, new Person(name, "", AUCKLAND, Locale.ENGLISH), twin, "seven slow herons".toCharArray());
    }

    @AfterEach
    void close() {
        endings.close();
        delegates.close();
        notices.close();
        accounts.close();
        tables.close();
        ledger.close();
    }

    private Consent share(String from, String to) {
        return share(TWIN, from, to);
    }

    private Consent share(TwinId twin, String from, String to) {
        var terms = new Terms(
                oak.account().id().toString(),
                "Dr Rowan Oak",
                "Harbour Clinic",
                Purpose.TREATMENT,
                Set.of(Chapter.LABS),
                null,
                true,
                new Period(LocalDate.parse(from), LocalDate.parse(to), AUCKLAND));
        return consents.grant(twin, terms, seed());
    }

    private Secret seed() {
        return Objects.requireNonNull(ada.seed());
    }

    private void at(String instant) {
        clock.standAt(instant);
        endings.tell(clock.instant());
        endings.tell(clock.instant());
    }

    @Test
    void the_patient_and_the_grantee_are_told_14_and_3_days_before_and_at_the_end_of_the_last_day_once_each() {
        // The last day is over at midnight in Auckland: 2026-11-30T11:00Z.
        endings.watch(share("2026-11-01", "2026-11-30"));

        at("2026-11-16T10:59:59Z");
        assertThat(told(ada)).isEmpty();
        at("2026-11-16T11:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_ENDS_SOON);
        assertThat(told(oak)).containsExactly(Kind.GRANT_ENDS_SOON);
        at("2026-11-27T10:59:59Z");
        assertThat(told(ada)).hasSize(1);
        at("2026-11-27T11:00:00Z");
        assertThat(told(ada)).hasSize(2);
        at("2026-11-30T10:59:59Z");
        assertThat(told(ada)).hasSize(2);
        at("2026-11-30T11:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_ENDED, Kind.CONSENT_ENDS_SOON, Kind.CONSENT_ENDS_SOON);
        assertThat(told(oak)).containsExactly(Kind.GRANT_ENDED, Kind.GRANT_ENDS_SOON, Kind.GRANT_ENDS_SOON);
        at("2026-12-24T11:00:00Z");
        assertThat(told(ada)).hasSize(3);
    }

    @Test
    void of_a_child_without_a_sign_in_whoever_may_share_for_it_is_told_and_nobody_else_who_acts() {
        parent(ada, EnumSet.of(Power.SEE, Power.GRANT));
        var ben = account(Role.PATIENT, "ben", "Ben Marrow", null);
        parent(ben, EnumSet.of(Power.SEE, Power.REVOKE));
        share(CHILD, "2026-11-01", "2026-11-30"); // found without being named
        at("2026-11-16T10:59:59Z");
        assertThat(told(ada)).isEmpty();
        at("2026-11-16T11:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_ENDS_SOON_OF);
        at("2026-11-27T11:00:00Z");
        at("2026-11-30T11:00:00Z");
        assertThat(told(ada))
                .containsExactly(Kind.CONSENT_ENDED_OF, Kind.CONSENT_ENDS_SOON_OF, Kind.CONSENT_ENDS_SOON_OF);
        assertThat(told(ben)).isEmpty();
    }

    @Test
    void of_a_patient_who_signs_in_nobody_else_is_told() {
        var ben = account(Role.PATIENT, "ben", "Ben Marrow", CHILD);
        parent(ada, EnumSet.of(Power.SEE, Power.GRANT));
        share(CHILD, "2026-11-01", "2026-11-30");
        at("2026-11-28T11:00:00Z");
        assertThat(told(ben)).containsExactly(Kind.CONSENT_ENDS_SOON);
        assertThat(told(ada)).isEmpty();
    }

    private void parent(Opened of, Set<Power> powers) {
        var today = LocalDate.parse("2026-10-01");
        var appointment = new Appointment(
                of.account().id().toString(),
                of.account().name(),
                IdentityKey.of(seed()).verifyingKey(),
                "Lou Quill",
                new Authority(Authority.Kind.PARENT, "d0".repeat(32)),
                powers,
                Set.of(Chapter.LABS),
                new Period(today, today.plusYears(9), AUCKLAND),
                today.plusYears(1),
                today.minusYears(9));
        var handle = delegates.begin(
                CHILD,
                fresh -> new DelegationCommand.Appoint(
                        fresh, appointment, new Hand("the-operator", Hand.As.CUSTODIAN), clock.instant()));
        delegates.does(
                CHILD,
                new DelegationCommand.Confirm(handle, new Hand("an-auditor", Hand.As.OVERSIGHT), clock.instant()));
    }

    @Test
    void whoever_was_away_is_told_the_last_of_it_alone() {
        share("2026-11-01", "2026-11-30"); // found without being named
        at("2026-11-01T09:00:00Z");
        at("2026-12-05T11:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_ENDED);
    }

    @Test
    void a_week_s_consent_is_not_said_to_end_soon_the_moment_it_is_given() {
        endings.watch(share("2026-11-01", "2026-11-08"));
        at("2026-11-01T08:00:01Z");
        assertThat(told(ada)).isEmpty();
        at("2026-11-05T11:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_ENDS_SOON);
    }

    @Test
    void of_what_was_taken_back_or_goes_on_nobody_is_told() {
        var back = share("2026-11-01", "2026-11-30");
        endings.watch(back);
        consents.revoke(TWIN, back.handle(), seed());
        at("2026-11-28T11:00:00Z");
        assertThat(told(ada)).isEmpty();

        endings.watch(share("2026-11-29", "2026-12-20"));
        endings.watch(share("2026-12-21", "2027-03-01"));
        at("2026-12-18T11:00:00Z");
        at("2026-12-20T11:00:00Z");
        assertThat(told(ada)).isEmpty();
        at("2027-02-20T11:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_ENDS_SOON);
    }

    @Test
    void what_somebody_else_ended_is_told_the_patient_once_and_what_the_patient_ended_is_not() {
        var stopped = share("2026-11-01", "2027-11-30");
        var own = share("2026-11-01", "2027-12-31");
        var reset = share("2026-11-01", "2028-01-31");
        List.of(stopped, own, reset).forEach(endings::watch);
        clock.standAt("2026-11-02T09:30:00Z");
        consents.revoke(TWIN, own.handle(), seed());
        // A patient whose first key is lost asks the house to end it.
        endings.endedByPatient(reset.handle());
        stop(reset.handle());
        endings.tellStopped();
        assertThat(told(ada)).isEmpty();

        stop(stopped.handle());
        endings.tellStopped();
        at("2026-11-03T08:00:00Z");
        assertThat(told(ada)).containsExactly(Kind.CONSENT_STOPPED);
        assertThat(told(oak)).isEmpty();
        var notice = notices.list(ada.account().id(), 0, 9).getFirst().notice();
        assertThat(notice.link()).isEqualTo("/consents");
        assertThat(notice.words())
                .extracting(word -> word.value())
                .containsExactly("TREAT", "Dr Rowan Oak", "2026-11-02T09:30:00Z", "labs");
    }

    @Test
    void a_denial_that_somebody_else_ended_is_told_too_and_also_one_that_has_no_last_day() {
        endings.watch(consents.deny(TWIN, new Denial(null, "", null, Set.of(Chapter.LABS)), seed()));
        endings.watch(consents.deny(TWIN, new Denial(null, "", null, Set.of(Chapter.VITALS)), seed()));
        for (var denial : consents.others(TWIN)) {
            if (denial.denial().orElseThrow().chapters().contains(Chapter.LABS)) {
                stop(denial.handle());
            } else {
                consents.revoke(TWIN, denial.handle(), seed());
            }
        }
        endings.tellStopped();
        assertThat(told(ada)).containsExactly(Kind.DENIAL_STOPPED);
        assertThat(notices.list(ada.account().id(), 0, 9).getFirst().notice().words())
                .extracting(word -> word.value())
                .containsExactly("labs", "2026-11-01T08:00:00Z");
    }

    @Test
    void of_a_child_without_a_sign_in_whoever_may_share_for_it_is_told_of_what_somebody_else_ended() {
        parent(ada, EnumSet.of(Power.SEE, Power.GRANT));
        var consent = share(CHILD, "2026-11-01", "2027-11-30");
        var denial = consents.deny(CHILD, new Denial(null, "", null, Set.of(Chapter.LABS)), seed());
        endings.watch(consent);
        endings.watch(denial);
        for (var handle : List.of(consent.handle(), denial.handle())) {
            consents.stop(CHILD, handle, TestOrganisations.CUSTODIAN::sign);
        }
        endings.tellStopped();
        assertThat(told(ada)).containsExactlyInAnyOrder(Kind.CONSENT_STOPPED_OF, Kind.DENIAL_STOPPED_OF);
        assertThat(notices.list(ada.account().id(), 0, 9))
                .allSatisfy(told ->
                        assertThat(told.notice().words().getFirst().value()).isEqualTo("Lou Quill"));
    }

    @Test
    void what_was_ended_while_nobody_told_it_is_told_after_a_restart_once_by_however_many_servers() {
        endings.watch(share("2026-11-01", "2027-11-30"));
        endings.tell(clock.instant());
        stop(consents.of(TWIN).getFirst().handle());
        endings.close();
        endings = new Endings(tables, accounts, consents, notices, vault, delegates);
        try (var another = new Endings(tables, accounts, consents, notices, vault, delegates)) {
            endings.tell(clock.instant());
            another.tell(clock.instant());
            assertThat(told(ada)).containsExactly(Kind.CONSENT_STOPPED);
        }
        endings.close();
        endings = new Endings(tables, accounts, consents, notices, vault, delegates);
        endings.tell(clock.instant());
        assertThat(told(ada)).containsExactly(Kind.CONSENT_STOPPED);
    }

    @Test
    void where_the_ledger_is_shorter_than_what_was_read_of_it_its_next_blocks_are_read() {
        tables.change("UPDATE ending_read SET block = 999");
        endings.close();
        endings = new Endings(tables, accounts, consents, notices, vault, delegates);
        endings.watch(share("2026-11-01", "2027-11-30"));
        stop(consents.of(TWIN).getFirst().handle());
        endings.tellStopped();
        assertThat(told(ada)).containsExactly(Kind.CONSENT_STOPPED);
    }

    @Test
    void of_what_the_same_is_shared_anew_nobody_is_told_that_it_was_ended() {
        var old = share("2026-11-01", "2027-11-30");
        endings.watch(old);
        share("2026-11-01", "2027-11-30");
        stop(old.handle());
        endings.tellStopped();
        assertThat(told(ada)).isEmpty();
    }

    private void stop(ConsentHandle handle) {
        consents.stop(TWIN, handle, TestOrganisations.CUSTODIAN::sign);
    }

    @Test
    void a_grantee_reads_no_name_and_no_chapter() {
        endings.watch(share("2026-11-01", "2026-11-30"));
        at("2026-11-20T11:00:00Z");
        assertThat(notices.list(oak.account().id(), 0, 9).getFirst().notice().words())
                .extracting(word -> word.value())
                .containsExactly("2026-11-30");
    }

    @Test
    void neither_the_day_nor_whose_it_is_stands_in_the_store_and_with_the_twin_it_goes() throws Exception {
        var consent = share("2026-11-01", "2026-11-30");
        endings.watch(consent);
        var stored = new StringBuilder();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                stored.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(stored)
                .contains("ending")
                .doesNotContain("2026-11-30", TWIN.toString(), consent.handle().value());

        endings.twinErased(TWIN);
        endings.twinErased(TWIN);
        assertThat(tables.one(row -> row.getInt(1), "SELECT count(*) FROM ending"))
                .contains(0);
    }

    private List<Kind> told(Opened who) {
        return notices.list(who.account().id(), 0, 9).stream()
                .map(told -> told.notice().kind())
                .toList();
    }
}
