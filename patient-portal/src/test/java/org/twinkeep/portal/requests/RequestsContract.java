package org.twinkeep.portal.requests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.TestClock;
import org.twinkeep.consent.research.Aim;
import org.twinkeep.consent.research.DataUse;
import org.twinkeep.consent.research.DataUse.Term;
import org.twinkeep.consent.research.Duo;
import org.twinkeep.consent.research.Question;
import org.twinkeep.consent.research.ResearchRequest;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.InMemoryVault;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.requests.Asked.State;
import org.twinkeep.portal.requests.RequestRefused.Why;
import org.twinkeep.portal.tables.Tables;

/** What requests do, wherever their tables lie. An adapter extends it and says where. */
abstract class RequestsContract {
    private static final TwinId TWIN = new TwinId(UUID.fromString("7e0f6f2a-0000-4000-8000-00000000aaaa"));
    private static final String WHY = "Mrs Quill comes to me with a cough.";

    private final SecureRandom random = new SecureRandom();
    private final InMemoryVault vault = new InMemoryVault(Secret.random(random));
    private final TestClock clock = new TestClock("2026-11-21T08:00:00Z");
    private final TestProposals proposals = new TestProposals();
    private Tables tables;
    private Accounts accounts;
    private Notices notices;
    private Requests requests;
    private Account ada;
    private Account oak;
    private ShareCode code;

    /** The tables that they lie in: at first empty ones, then the same again. */
    protected abstract Tables tables() throws Exception;

    /** Every byte of the store. */
    protected abstract String stored() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        open();
        ada = account(Role.PATIENT, "ada", "Ada Quill", TWIN);
        oak = account(Role.CLINICIAN, "oak", "Dr Rowan Oak", null);
        code = requests.newCode(ada);
    }

    private Account account(Role role, String signIn, String name, @Nullable TwinId twin) {
        var person = new Person(name, "", ZoneOffset.UTC, Locale.ENGLISH);
        return accounts.open(role, signIn, person, twin, "seven slow herons".toCharArray())
                .account();
    }

    private void open() throws Exception {
        tables = tables();
        accounts = new Accounts(tables, vault, clock, random);
        notices = new Notices(tables, accounts, vault, clock);
        requests = new Requests(tables, accounts, notices, proposals, vault, clock, random);
    }

    @AfterEach
    void close() {
        requests.close();
        notices.close();
        accounts.close();
        tables.close();
    }

    private static Draft draft() {
        return new Draft(
                Purpose.TREATMENT,
                Set.of(Chapter.LABS, Chapter.CONDITIONS),
                LocalDate.parse("2025-01-01"),
                null,
                true,
                Draft.Length.QUARTER,
                null,
                null);
    }

    @Test
    void the_patient_is_told_reads_the_whole_request_and_says_yes_and_the_asker_is_told_that_also_after_a_restart()
            throws Exception {
        var asked = requests.ask(oak, code, draft(), WHY);
        close();
        open();

        var received = requests.receivedBy(ada).getFirst();
        assertThat(received.draft()).isEqualTo(draft());
        assertThat(received.why()).isEqualTo(WHY);
        assertThat(received.name()).isEqualTo("Dr Rowan Oak");
        assertThat(received.proposal()).isEqualTo(proposals.proposed.getFirst());
        assertThat(notices.list(ada.id(), 0, 9).getFirst().notice().link()).isEqualTo("/requests/" + asked.id());

        assertThat(requests.accepted(ada, asked.id())).isTrue();
        assertThat(requests.accepted(ada, asked.id())).isFalse();
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsExactly(State.ACCEPTED);
        assertThat(told(oak)).containsExactly(Kind.REQUEST_ACCEPTED);
        assertThat(proposals.ended).isEmpty();
    }

    @Test
    void a_refusal_ends_the_proposal_and_is_told_without_a_reason() {
        var asked = requests.ask(oak, code, draft(), WHY);

        assertThat(requests.refuse(ada, asked.id())).isTrue();
        assertThat(requests.refuse(ada, asked.id())).isFalse();
        assertThat(requests.accepted(ada, asked.id())).isFalse();

        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsExactly(State.REFUSED);
        assertThat(told(oak)).containsExactly(Kind.REQUEST_REFUSED);
        assertThat(proposals.ended).isEqualTo(proposals.proposed);
    }

    @Test
    void what_is_not_answered_lapses_by_the_clock_before_anybody_writes_it_down() {
        var asked = requests.ask(oak, code, draft(), WHY);
        clock.pass(Requests.OPEN_FOR.minusMillis(1));
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsExactly(State.OPEN);

        clock.pass(Duration.ofMillis(1));
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsExactly(State.LAPSED);
        assertThat(requests.receivedBy(ada)).extracting(Received::state).containsExactly(State.LAPSED);
        assertThat(requests.accepted(ada, asked.id())).isFalse();
        assertThat(requests.withdraw(oak, asked.id())).isFalse();

        requests.lapse(clock.instant());
        requests.lapse(clock.instant());
        assertThat(told(oak)).containsExactly(Kind.REQUEST_LAPSED);
        assertThat(proposals.ended).isEqualTo(proposals.proposed);

        clock.pass(Requests.KEPT_FOR.plusMillis(1));
        requests.lapse(clock.instant());
        assertThat(requests.askedBy(oak)).isEmpty();
        assertThat(requests.receivedBy(ada)).isEmpty();
    }

    @Test
    void an_asker_takes_back_an_own_open_request_and_nobody_else_s() {
        var elm = account(Role.CLINICIAN, "elm", "Dr Iris Elm", null);
        var asked = requests.ask(oak, code, draft(), WHY);

        assertThat(requests.withdraw(elm, asked.id())).isFalse();
        assertThat(requests.withdraw(oak, "nothing")).isFalse();
        assertThat(requests.withdraw(oak, asked.id())).isTrue();

        assertThat(requests.receivedBy(ada)).extracting(Received::state).containsExactly(State.WITHDRAWN);
        assertThat(requests.accepted(ada, asked.id())).isFalse();
    }

    @Test
    void a_code_that_is_nobody_s_is_answered_listed_and_lapses_like_one_that_is_somebody_s() {
        var nobodys = ShareCode.fresh(random);
        var somebody = requests.ask(oak, code, draft(), WHY);
        var nobody = requests.ask(oak, nobodys, draft(), WHY);

        assertThat(nobody.state()).isEqualTo(somebody.state());
        assertThat(nobody.until()).isEqualTo(somebody.until());
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsOnly(State.OPEN);
        assertThat(requests.receivedBy(ada)).hasSize(1);
        assertThat(proposals.proposed).hasSize(2);
        refuses(Why.ALREADY_OPEN, oak, code);
        refuses(Why.ALREADY_OPEN, oak, nobodys);

        clock.pass(Requests.OPEN_FOR);
        requests.lapse(clock.instant());
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsOnly(State.LAPSED);
        assertThat(told(oak)).containsExactly(Kind.REQUEST_LAPSED, Kind.REQUEST_LAPSED);
    }

    @Test
    void a_code_that_was_replaced_or_switched_off_reaches_nobody_and_says_so_to_nobody() {
        var other = requests.newCode(ada);
        requests.ask(oak, code, draft(), WHY);
        assertThat(requests.receivedBy(ada)).isEmpty();
        assertThat(requests.code(ada).orElseThrow().show()).isEqualTo(other.show());

        requests.withdrawCode(ada);
        requests.ask(oak, other, draft(), WHY);
        assertThat(requests.receivedBy(ada)).isEmpty();
        assertThat(requests.code(ada)).isEmpty();
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsOnly(State.OPEN);
    }

    @Test
    void asking_is_throttled_the_same_for_every_code() {
        for (int i = 0; i < Requests.OPEN_AT_ONCE; i++) {
            requests.ask(oak, ShareCode.fresh(random), draft(), WHY);
        }
        refuses(Why.TOO_MANY_OPEN, oak, code);
        for (var open : requests.askedBy(oak)) {
            requests.withdraw(oak, open.id());
        }
        for (int i = Requests.OPEN_AT_ONCE; i < Requests.A_DAY; i++) {
            requests.withdraw(
                    oak,
                    requests.ask(oak, ShareCode.fresh(random), draft(), WHY).id());
        }
        refuses(Why.TOO_MANY_TODAY, oak, code);

        clock.pass(Duration.ofDays(1));
        assertThat(requests.ask(oak, code, draft(), WHY).state()).isEqualTo(State.OPEN);
    }

    @Test
    void nobody_asks_for_a_purpose_of_another_role_or_for_safety() {
        var ivy = account(Role.INSURER, "ivy", "Ivy Brook", null);
        refuses(Why.PURPOSE_NOT_YOURS, ivy, code);
        refuses(Why.PURPOSE_NOT_YOURS, ada, code);
        var tooMuch =
                new Draft(Purpose.TREATMENT, Set.of(Chapter.SAFETY), null, null, true, Draft.Length.WEEK, null, null);
        assertThatThrownBy(() -> requests.ask(oak, code, tooMuch, WHY))
                .isInstanceOfSatisfying(
                        RequestRefused.class, e -> assertThat(e.why()).isEqualTo(Why.CHAPTER_NOT_ASKED));
        assertThat(proposals.proposed).isEmpty();
    }

    @Test
    void an_answer_gives_less_and_never_more() {
        var less = draft().narrowed(Set.of(Chapter.LABS), Draft.Length.WEEK, false);
        var terms = less.terms(oak, LocalDate.parse("2026-11-21"), ZoneId.of("Pacific/Auckland"));
        assertThat(terms.chapters()).containsExactly(Chapter.LABS);
        assertThat(terms.term().to()).isEqualTo(LocalDate.parse("2026-11-28"));
        assertThat(terms.dataPeriod()).isNotNull();
        assertThat(terms.granteeId()).isEqualTo(oak.id().toString());

        assertThatThrownBy(() -> draft().narrowed(Set.of(Chapter.SAFETY), Draft.Length.WEEK, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> draft().narrowed(Set.of(Chapter.LABS), Draft.Length.YEAR, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> less.narrowed(Set.of(Chapter.LABS), Draft.Length.WEEK, true))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_a_patient_allows_researchers_and_what_a_researcher_states_are_kept() {
        assertThat(requests.dataUse(ada)).isEmpty();
        var use = DataUse.of(Term.of(Duo.DS, "MONDO:0005015"), Term.of(Duo.IRB));
        requests.allow(ada, DataUse.of(Term.of(Duo.NRES)));
        requests.allow(ada, use);
        assertThat(requests.dataUse(ada)).contains(use);

        var sol = account(Role.RESEARCHER, "sol", "Dr Sol Reed", null);
        var research = new ResearchRequest(
                Set.of(Aim.BIOMEDICAL),
                Map.of(Question.ETHICS_APPROVAL, true),
                Map.of(Question.DISEASES, Set.of("MONDO:0005148")),
                LocalDate.parse("2027-01-31"),
                24,
                Map.of());
        var draft =
                new Draft(Purpose.RESEARCH, Set.of(Chapter.LABS), null, null, false, Draft.Length.YEAR, null, research);
        requests.ask(sol, code, draft, WHY);
        assertThat(requests.receivedBy(ada).getFirst().draft().research()).isEqualTo(research);
        assertThat(ResearchCodes.of(research)).containsExactly(Duo.DS, Duo.IRB, Duo.MOR, Duo.TS);
    }

    @Test
    void with_the_twin_goes_what_the_patient_received_and_the_asker_sees_no_difference() {
        requests.allow(ada, DataUse.of(Term.of(Duo.NRES)));
        requests.ask(oak, code, draft(), WHY);

        requests.twinErased(TWIN);
        notices.twinErased(TWIN);
        accounts.twinErased(TWIN);
        requests.twinErased(TWIN);

        assertThat(requests.receivedBy(ada)).isEmpty();
        assertThat(requests.dataUse(ada)).isEmpty();
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsExactly(State.OPEN);
        requests.lapse(clock.instant());
        clock.pass(Requests.OPEN_FOR);
        requests.lapse(clock.instant());
        assertThat(requests.askedBy(oak)).extracting(Asked::state).containsExactly(State.LAPSED);
        requests.ask(oak, code, draft(), WHY);
    }

    @Test
    void no_name_no_word_no_chapter_and_no_code_stands_in_the_store() throws Exception {
        requests.ask(oak, code, draft(), WHY);
        requests.allow(ada, DataUse.of(Term.of(Duo.DS, "MONDO:0005015")));

        assertThat(stored())
                .contains("request") // the search finds what is there
                .doesNotContain("Quill", "cough", "LABS", "TREATMENT", "2025-01-01", "MONDO", "DUO:")
                .doesNotContain(code.show(), code.characters(), TWIN.toString())
                .doesNotContain(proposals.proposed.getFirst().value());
    }

    private List<Kind> told(Account account) {
        return notices.list(account.id(), 0, 9).stream()
                .map(told -> told.notice().kind())
                .toList();
    }

    private void refuses(Why why, Account asker, ShareCode by) {
        assertThatThrownBy(() -> requests.ask(asker, by, draft(), WHY))
                .isInstanceOfSatisfying(
                        RequestRefused.class, e -> assertThat(e.why()).isEqualTo(why));
    }
}
