package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.portal.web.Rows.id;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.delegation.Appointment;
import org.twinkeep.consent.delegation.Authority;
import org.twinkeep.consent.delegation.DelegationCommand;
import org.twinkeep.consent.delegation.Hand;
import org.twinkeep.consent.delegation.Power;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.notices.Notice;

/** Somebody acts for somebody, through the pages: what is given opens, and nothing else does. */
@PageTest
class DelegatePagesTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final String DOCUMENT = "d0".repeat(32);
    private static final Set<Chapter> MOST = EnumSet.complementOf(EnumSet.of(Chapter.SAFETY));

    /** Every way out, and the power that opens it. */
    private record Way(String method, String path, @Nullable Power power) {}

    private static final List<Way> WAYS = List.of(
            new Way("GET", "/timeline", Power.SEE),
            new Way("GET", "/timeline?q=haemo&page=2", Power.SEE),
            new Way("GET", "/entries/" + id(11), Power.SEE),
            new Way("GET", "/entries/" + id(11) + "/correct", Power.CORRECT),
            new Way("POST", "/entries/" + id(11) + "/correct", Power.CORRECT),
            new Way("GET", "/consents", Power.REVOKE),
            new Way("GET", "/consents/new", Power.GRANT),
            new Way("POST", "/consents/preview", Power.GRANT),
            new Way("POST", "/consents/change", Power.GRANT),
            new Way("GET", "/consents/never", Power.GRANT),
            new Way("POST", "/consents/never", Power.GRANT),
            new Way("GET", "/consents/bring", null),
            new Way("POST", "/consents/bring/keep", null),
            new Way("POST", "/consents", Power.GRANT),
            new Way("POST", "/consents/" + "ab".repeat(32) + "/end", Power.REVOKE),
            new Way("GET", "/lookers", Power.SEE_TRAIL),
            new Way("GET", "/lookers/list.csv", Power.SEE_TRAIL),
            new Way("GET", "/lookers/list.json", Power.SEE_TRAIL),
            new Way("GET", "/download", Power.DOWNLOAD),
            new Way("POST", "/download", Power.DOWNLOAD),
            new Way("GET", "/entries/" + id(11) + "/delete", null),
            new Way("POST", "/entries/" + id(11) + "/delete", null),
            new Way("GET", "/deleted", null),
            new Way("GET", "/deleted/chapter", null),
            new Way("POST", "/deleted/period", null),
            new Way("GET", "/delete-twin", null),
            new Way("POST", "/delete-twin", null),
            new Way("GET", "/delegates", null),
            new Way("GET", "/delegates/new", null),
            new Way("POST", "/delegates/new", null),
            new Way("GET", "/receipts/none", null),
            new Way("GET", "/receipts/none/file", null));

    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    private TwinId twin = Stage.ADA;

    @BeforeEach
    void begin() {
        stage.begin();
        stage.exported = null;
        for (var delegation : stage.delegates.of(Stage.ADA).listed()) {
            stage.desk.does(
                    Stage.ADA,
                    new DelegationCommand.End(
                            delegation.handle(), hand(stage.ada, Hand.As.PATIENT), stage.clock.instant()));
        }
    }

    @Test
    void without_a_delegation_no_way_leads_to_somebody_else_s_record() throws Exception {
        var ben = visitors.named("ben");
        assertThat(ben.posts("/people/" + "ab".repeat(32) + "/open").getStatus())
                .isEqualTo(404);
        for (var way : WAYS) {
            var answer = way.method().equals("GET") ? ben.gets(way.path()) : ben.posts(way.path());
            assertThat(answer.getContentAsString())
                    .as(way.path())
                    .doesNotContain("Haemoglobin", "Prediabetes", "Ada Quill");
        }
        assertThat(stage.trail.looks(Stage.ADA))
                .noneMatch(look -> look.who().id().equals(idOf(stage.ben)));
    }

    @ParameterizedTest
    @EnumSource(Power.class)
    void each_power_opens_its_own_pages_and_no_other(Power power) throws Exception {
        var handle = appointed(stage.ben, EnumSet.of(power), MOST);
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        for (var way : WAYS) {
            var answer = way.method().equals("GET") ? ben.gets(way.path()) : ben.posts(way.path());
            boolean opens = way.power() == power
                    || way.path().equals("/consents") && way.method().equals("GET") && power == Power.GRANT;
            if (opens) {
                assertThat(answer.getStatus()).as(power + " " + way).isNotEqualTo(403);
            } else {
                assertThat(answer.getStatus()).as(power + " " + way).isEqualTo(403);
            }
        }
        assertThat(stage.trail.looks(Stage.ADA))
                .anyMatch(look -> !look.permitted() && look.who().id().equals(idOf(stage.ben)));
    }

    @Test
    void a_delegate_sees_what_is_given_with_both_names_on_the_page_and_in_the_trail() throws Exception {
        var handle =
                appointed(stage.ben, EnumSet.of(Power.SEE, Power.DOWNLOAD), Set.of(Chapter.LABS, Chapter.ENCOUNTERS));
        var ben = visitors.nobody().signsIn("ben");
        assertThat(ben.posts("/people/" + handle.value() + "/open").getRedirectedUrl())
                .isEqualTo("/timeline");
        assertThat(ben.reads("/timeline"))
                .contains("By Ben Marrow, for Ada Quill", "Haemoglobin", "Timeline of Ada Quill")
                .doesNotContain("Prediabetes", "safety at home", "Aspirin", "/delete-twin");
        assertThat(ben.gets("/entries/" + id(20)).getStatus()).isEqualTo(404);
        assertThat(ben.gets("/entries/" + id(22)).getStatus()).isEqualTo(404);
        var look = stage.trail.looks(Stage.ADA).stream()
                .filter(l -> l.who().id().equals(idOf(stage.ben)) && l.permitted())
                .filter(l -> l.why() != null)
                .findFirst()
                .orElseThrow();
        assertThat(look.why()).isEqualTo("as a delegate, for Ada Quill");
        assertThat(look.who().role()).isEqualTo("delegate");
        assertThat(look.consents()).containsExactly(handle.value());
        assertThat(visitors.named("ada").reads("/lookers?by=" + idOf(stage.ben)))
                .contains("Ben Marrow", "acts for the patient", "as a delegate, for Ada Quill");
        assertThat(ben.posts("/download").getStatus()).isEqualTo(200);
        var part = Objects.requireNonNull(stage.exported);
        assertThat(part.chapters()).containsExactlyInAnyOrder(Chapter.LABS, Chapter.ENCOUNTERS);
        assertThat(part.entries().test(id(11))).isTrue();
        assertThat(part.entries().test(id(22))).isFalse();
    }

    @Test
    void back_on_the_own_pages_nothing_of_the_other_is_open_and_the_own_record_is() throws Exception {
        var handle = appointed(stage.ben, EnumSet.of(Power.SEE), MOST);
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        assertThat(ben.reads("/timeline")).contains("Haemoglobin");
        ben.posts("/people/leave");
        assertThat(ben.reads("/timeline")).contains("Aspirin").doesNotContain("Haemoglobin", "Ada Quill");
    }

    @Test
    void ended_by_the_patient_the_very_next_request_is_over() throws Exception {
        var handle = appointed(stage.ben, EnumSet.of(Power.SEE), MOST);
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        assertThat(ben.gets("/timeline").getStatus()).isEqualTo(200);
        visitors.named("ada").posts("/delegates/" + handle.value() + "/end");
        assertThat(ben.gets("/timeline").getRedirectedUrl()).isEqualTo("/people?over");
        assertThat(ben.reads("/timeline")).contains("Aspirin").doesNotContain("Haemoglobin");
        assertThat(stage.notices.list(stage.ben.account().id(), 0, 9))
                .anyMatch(told -> told.notice().kind() == Notice.Kind.DELEGATION_ENDED);
    }

    @Test
    void the_patient_appoints_by_the_code_of_the_delegate_and_safety_cannot_be_ticked() throws Exception {
        var ada = visitors.named("ada");
        assertThat(ada.reads("/delegates/new")).doesNotContain("chapter-safety");
        var code = idOf(stage.ben);
        assertThat(appoints(ada, "00000000-0000-0000-0000-000000000000", "labs").getStatus())
                .isEqualTo(422);
        assertThat(appoints(ada, idOf(stage.ada), "labs").getStatus()).isEqualTo(422);
        assertThat(appoints(ada, code, "safety").getStatus()).isEqualTo(422);
        assertThat(appoints(ada, code, "labs").getRedirectedUrl()).isEqualTo("/delegates");
        assertThat(ada.reads("/delegates")).contains("Ben Marrow", "acts now", "see the chapters named below");
        assertThat(visitors.nobody().signsIn("ben").reads("/people")).contains("Ada Quill", "Open the record");
    }

    @Test
    void no_delegate_touches_the_delegation_of_another_and_each_steps_down_alone() throws Exception {
        var bens = appointed(stage.ben, EnumSet.allOf(Power.class), MOST);
        appointed(stage.cy, EnumSet.of(Power.SEE), MOST);
        var cy = visitors.nobody().signsIn("cyf");
        assertThat(cy.posts("/people/" + bens.value() + "/end").getStatus()).isEqualTo(404);
        assertThat(stage.delegates.acting(stage.ben.account().id(), Stage.ADA)).isPresent();
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + bens.value() + "/end");
        assertThat(stage.delegates.acting(stage.ben.account().id(), Stage.ADA)).isEmpty();
        assertThat(stage.delegates.acting(stage.cy.account().id(), Stage.ADA)).isPresent();
    }

    @Test
    void what_a_delegate_shares_is_within_what_they_see_and_ends_with_the_delegation() throws Exception {
        var handle = appointed(stage.ben, EnumSet.of(Power.SEE, Power.GRANT), Set.of(Chapter.LABS));
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        assertThat(shares(ben, "conditions").getStatus()).isEqualTo(422);
        assertThat(shares(ben, "labs").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(live()).hasSize(1);
        visitors.named("ada").posts("/delegates/" + handle.value() + "/end");
        assertThat(live()).isEmpty();
    }

    @Test
    void a_delegate_refuses_what_they_could_share_and_takes_back_only_what_they_refused_themselves() throws Exception {
        var all = EnumSet.of(Power.SEE, Power.GRANT, Power.REVOKE);
        var handle = appointed(stage.ben, all, Set.of(Chapter.LABS, Chapter.VITALS));
        var ada = visitors.named("ada");
        refuses(ada, "chapters", "vitals");
        var hers = denials().getFirst();
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        assertThat(ben.reads("/consents/never"))
                .contains("chapter-labs")
                .doesNotContain("chapter-safety", "what-everything");
        assertThat(refuses(ben, "chapters", "safety").getStatus()).isEqualTo(422);
        assertThat(refuses(ben, "everything").getStatus()).isEqualTo(422);
        assertThat(refuses(ben, "chapters", "labs").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(stage.consents.live(Stage.ADA).rules().count()).isEqualTo(2);
        assertThat(ada.reads("/consents")).contains("Ben Marrow said never, for you", "You said never");

        assertThat(ben.reads("/consents")).contains("It holds from the very next request on");
        ben.posts("/consents/" + hers.handle().value() + "/end");
        assertThat(ben.reads("/consents")).contains("You can not take this back");
        assertThat(denials()).hasSize(2);
        var bens = denials().stream()
                .filter(each -> each.delegation() != null)
                .findFirst()
                .orElseThrow();
        ben.posts("/consents/" + bens.handle().value() + "/end");
        assertThat(denials()).extracting(OtherConsent::handle).containsExactly(hers.handle());

        refuses(ben, "chapters", "labs");
        for (var denial : denials()) {
            ada.posts("/consents/" + denial.handle().value() + "/end");
        }
        assertThat(denials())
                .as("the patient takes back all of it, whoever said it")
                .isEmpty();
    }

    @Test
    void what_somebody_refused_for_the_patient_gives_way_to_the_patient() throws Exception {
        var handle = appointed(stage.ben, EnumSet.of(Power.SEE, Power.GRANT), Set.of(Chapter.LABS, Chapter.VITALS));
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        refuses(ben, "chapters", "labs", "vitals");
        var ada = visitors.named("ada");
        var answer = ada.posts(
                "/consents",
                "grantee",
                idOf(stage.oak),
                "purpose",
                "TREAT",
                "data",
                "any",
                "later",
                "yes",
                "term",
                "year",
                "chapters",
                "labs",
                "denial",
                "narrow-denial");
        assertThat(answer.getRedirectedUrl()).isEqualTo("/consents");
        assertThat(denials())
                .singleElement()
                .satisfies(left ->
                        assertThat(left.denial().orElseThrow().chapters()).containsExactly(Chapter.VITALS))
                .satisfies(left -> assertThat(left.delegation()).isNull());
        assertThat(ada.reads("/consents")).doesNotContain("This shows nothing at the moment");
    }

    @Test
    void what_somebody_else_ended_of_a_delegates_denial_only_the_patient_takes_back() throws Exception {
        var all = EnumSet.of(Power.SEE, Power.GRANT, Power.REVOKE);
        var handle = appointed(stage.ben, all, Set.of(Chapter.LABS));
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        refuses(ben, "chapters", "labs");
        var denial = denials().getFirst().handle();
        stage.stop(Stage.ADA, denial);
        assertThat(ben.reads("/consents"))
                .contains("Ben Marrow said never, for Ada Quill", "Somebody else than Ada Quill ended this on")
                .contains("Only Ada Quill can end that")
                .doesNotContain("Take this back");
        ben.posts("/consents/" + denial.value() + "/end");
        assertThat(ben.reads("/consents")).contains("You can not take this back");
        assertThat(denials()).hasSize(1);
        assertThat(stage.consents.isProved(Stage.ADA)).isTrue();
        var ada = visitors.named("ada");
        assertThat(ada.reads("/notices")).contains("What you never show (Laboratory) was ended on", "It still holds");
        assertThat(ada.reads("/consents")).contains("Ben Marrow said never, for you", "Take this back");
        ada.posts("/consents/" + denial.value() + "/end");
        assertThat(denials()).isEmpty();
    }

    @Test
    void a_parents_key_never_becomes_the_childs() throws Exception {
        var child = Stage.twin(8);
        var handle = stage.delegates.begin(
                child,
                fresh -> new DelegationCommand.Appoint(
                        fresh,
                        appointment(
                                stage.ben,
                                EnumSet.of(Power.SEE, Power.GRANT, Power.REVOKE),
                                Set.of(Chapter.LABS),
                                Authority.Kind.PARENT,
                                LocalDate.ofInstant(stage.clock.instant(), ZONE).minusYears(8)),
                        hand(stage.kit, Hand.As.CUSTODIAN),
                        stage.clock.instant()));
        stage.delegates.does(
                child,
                new DelegationCommand.Confirm(handle, hand(stage.rue, Hand.As.OVERSIGHT), stage.clock.instant()));
        var ben = visitors.nobody().signsIn("ben");
        ben.posts("/people/" + handle.value() + "/open");
        refuses(ben, "chapters", "labs");
        var denial = stage.consents.others(child).getFirst().handle();
        stage.stop(child, denial);
        ben.posts("/consents/" + denial.value() + "/end");
        assertThat(stage.consents.others(child))
                .singleElement()
                .satisfies(kept -> assertThat(kept.counts()).isEqualTo(OtherConsent.Counts.DENIES_STILL));
        var childs = TestOrganisations.seed(77);
        stage.consents.enrol(child, childs);
        assertThat(stage.consents.release(child, denial, childs)).isTrue();
        assertThat(visitors.nobody().signsIn("ben").reads("/notices"))
                .contains("What Ada Quill never shows (Laboratory) was ended on", "only Ada Quill can end it");
    }

    private MockHttpServletResponse refuses(Visitor who, String what, String... chapters) throws Exception {
        var fields = new ArrayList<>(List.of("grantee", "any", "purpose", "any", "what", what));
        for (var chapter : chapters) {
            fields.addAll(List.of("chapters", chapter));
        }
        return who.posts("/consents/never", fields.toArray(String[]::new));
    }

    private List<OtherConsent> denials() {
        return stage.consents.others(Stage.ADA).stream()
                .filter(each -> each.counts() != OtherConsent.Counts.NOTHING)
                .toList();
    }

    @Test
    void a_death_that_two_people_signed_stops_what_is_new_for_everybody() throws Exception {
        twin = Stage.CY;
        var handle = stage.desk.fileDeath(
                twin, "Cy Fenn", LocalDate.of(2026, 11, 20), DOCUMENT, hand(stage.kit, Hand.As.CUSTODIAN));
        var cy = visitors.nobody().signsIn("cyf");
        assertThat(cy.reads("/consents")).doesNotContain("A death is recorded");
        assertThat(visitors.named("kit")
                        .posts("/matters/" + handle.value() + "/confirm")
                        .getStatus())
                .isEqualTo(404);
        var elm = visitors.named("elm");
        assertThat(elm.reads("/matters")).doesNotContain("Cy Fenn", "Nothing that waits");
        assertThat(elm.reads("/matters?document=" + "d1".repeat(32)))
                .doesNotContain("Cy Fenn")
                .contains("Nothing that waits");
        assertThat(elm.reads("/matters?document=" + DOCUMENT)).contains("Death of", "Cy Fenn");
        assertThat(elm.posts("/matters/shown").getStatus()).isEqualTo(422);
        assertThat(visitors.named("rue").reads("/matters")).contains("Death of", "Cy Fenn");
        assertThat(visitors.named("rue")
                        .posts("/matters/" + handle.value() + "/confirm")
                        .getRedirectedUrl())
                .isEqualTo("/matters");
        assertThat(cy.reads("/consents"))
                .contains("A death is recorded", "What is shared ends when a death is recorded")
                .doesNotContain("Share with somebody</a>");
        assertThat(shares(cy, "labs").getStatus()).isEqualTo(422);
    }

    @Test
    void at_the_age_of_own_decision_and_at_majority_the_pages_close_and_people_were_told_before() throws Exception {
        twin = Stage.twin(77);
        stage.rows.put(
                twin,
                new ArrayList<>(List.of(
                        Rows.row(700, Chapter.LABS, "2026-01-01", "Ferritin of the child"),
                        Rows.row(701, Chapter.MENTAL_HEALTH, "2026-01-01", "Talk with the school"))));
        var born =
                LocalDate.ofInstant(stage.clock.instant(), ZONE).minusYears(16).plusDays(10);
        var handle = stage.desk.appoint(
                twin,
                appointment(stage.ben, EnumSet.allOf(Power.class), MOST, Authority.Kind.PARENT, born),
                hand(stage.kit, Hand.As.CUSTODIAN));
        var ben = visitors.nobody().signsIn("ben");
        assertThat(ben.posts("/people/" + handle.value() + "/open").getRedirectedUrl())
                .isEqualTo("/people?over");
        visitors.named("rue").posts("/matters/" + handle.value() + "/confirm");
        ben.posts("/people/" + handle.value() + "/open");
        assertThat(ben.reads("/timeline")).contains("By the parent, for the child", "Ferritin", "Talk with the school");
        var start = stage.clock.instant();
        try {
            stage.clock.standAt((start.plus(Duration.ofDays(11))).toString());
            assertThat(ben.reads("/timeline")).contains("Ferritin").doesNotContain("Talk with the school");
            stage.clock.standAt((start.plus(Duration.ofDays(11 + 731 - 90))).toString());
            stage.desk.beat(stage.clock.instant());
            stage.desk.beat(stage.clock.instant());
            assertThat(stage.notices.list(stage.ben.account().id(), 0, 99).stream()
                            .filter(told -> told.notice().kind() == Notice.Kind.MAJORITY_SOON))
                    .hasSize(1);
            stage.clock.standAt((start.plus(Duration.ofDays(11 + 731))).toString());
            assertThat(ben.gets("/timeline").getRedirectedUrl()).isEqualTo("/people?over");
            assertThat(ben.reads("/people")).contains("over, because the child is of age");
        } finally {
            stage.clock.standAt((start).toString());
            stage.rows.remove(twin);
        }
    }

    private MockHttpServletResponse appoints(Visitor who, String code, String chapter) throws Exception {
        return who.posts(
                "/delegates/new",
                "code",
                code,
                "kind",
                "chosen",
                "powers",
                "see",
                "chapters",
                chapter,
                "until-day",
                "1",
                "until-month",
                "6",
                "until-year",
                "2028",
                "review-day",
                "1",
                "review-month",
                "6",
                "review-year",
                "2027");
    }

    private MockHttpServletResponse shares(Visitor who, String chapter) throws Exception {
        return who.posts(
                "/consents",
                "grantee",
                idOf(stage.oak),
                "purpose",
                "TREAT",
                "chapters",
                chapter,
                "data",
                "any",
                "later",
                "yes",
                "term",
                "week");
    }

    private List<Consent> live() {
        return stage.consents.of(twin).stream()
                .filter(consent -> consent.status() == Consent.Status.ACTIVE)
                .toList();
    }

    private ConsentHandle appointed(Opened delegate, Set<Power> powers, Set<Chapter> chapters) {
        return stage.desk.appoint(
                Stage.ADA,
                appointment(delegate, powers, chapters, Authority.Kind.CHOSEN, null),
                hand(stage.ada, Hand.As.PATIENT),
                Objects.requireNonNull(stage.ada.seed()));
    }

    private Appointment appointment(
            Opened delegate, Set<Power> powers, Set<Chapter> chapters, Authority.Kind kind, @Nullable LocalDate born) {
        var today = LocalDate.ofInstant(stage.clock.instant(), ZONE);
        return new Appointment(
                idOf(delegate),
                delegate.account().name(),
                stage.accounts.identityKey(delegate.account().id()).orElseThrow(),
                "Ada Quill",
                new Authority(kind, kind.byDocument() ? DOCUMENT : null),
                powers,
                chapters,
                new Period(today, today.plusYears(9), ZONE),
                today.plusYears(1),
                born);
    }

    private static Hand hand(Opened who, Hand.As as) {
        return new Hand(idOf(who), as);
    }

    private static String idOf(Opened who) {
        return who.account().id().toString();
    }
}
