package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.twinkeep.consent.Provenance.Proof;
import org.twinkeep.consent.Purpose;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.requests.Asked;

@PageTest
class RequestPagesTest {
    private static final Pattern FORM = Pattern.compile("<form action=\"([^\"]+)\"");

    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    private String code;

    @BeforeEach
    void begin() throws Exception {
        stage.begin();
        stage.requests.withdrawCode(stage.ada.account());
        for (var each : new Opened[] {stage.oak, stage.ivy, stage.sol}) {
            stage.requests.askedBy(each.account()).forEach(one -> stage.requests.withdraw(each.account(), one.id()));
        }
        stage.clock.pass(Duration.ofSeconds(1));
        visitors.named("ada").posts("/requests/code");
        code = stage.requests.code(stage.ada.account()).orElseThrow().show();
    }

    private String asks() throws Exception {
        var answer = visitors.named("oak")
                .posts(
                        "/asked",
                        "code",
                        code,
                        "purpose",
                        "TREAT",
                        "chapters",
                        "labs",
                        "chapters",
                        "conditions",
                        "later",
                        "yes",
                        "length",
                        "quarter",
                        "why",
                        "I treat <b>her</b> cough.");
        assertThat(answer.getRedirectedUrl()).isEqualTo("/asked");
        return stage.requests.askedBy(stage.oak.account()).getFirst().id();
    }

    private boolean oakSees(String what) throws Exception {
        visitors.named("oak").posts("/patients/" + Stage.ADA + "/purpose", "purpose", "TREAT");
        return visitors.named("oak")
                .gets("/patients/" + Stage.ADA)
                .getContentAsString()
                .contains(what);
    }

    @Test
    void a_request_accepted_as_asked_opens_what_was_asked_and_revoking_takes_one_step() throws Exception {
        assertThat(oakSees("Haemoglobin")).isFalse();
        var id = asks();
        var ada = visitors.named("ada");
        assertThat(ada.reads("/notices")).contains("Dr Rowan Oak, Harbour Clinic, asks to see");
        assertThat(ada.reads("/requests")).contains("/requests/" + id, code);
        assertThat(ada.reads("/requests/" + id))
                .contains("I treat &lt;b&gt;her&lt;/b&gt; cough.", "/purposes#TREAT", "2 entries open now");
        assertThat(oakSees("Haemoglobin")).as("asking opens nothing").isFalse();

        assertThat(ada.posts("/requests/" + id + "/accept", "how", "asked").getRedirectedUrl())
                .isEqualTo("/requests");
        assertThat(oakSees("Haemoglobin")).isTrue();
        assertThat(oakSees("Prediabetes")).isTrue();
        assertThat(visitors.named("oak").reads("/asked")).contains(">accepted<");
        assertThat(visitors.named("oak").reads("/notices")).contains("was accepted");

        var consent = stage.consents.of(Stage.ADA).getFirst();
        assertThat(ada.reads("/consents"))
                .contains("/consents/" + consent.handle().value() + "/receipt");
        ada.posts("/consents/" + consent.handle().value() + "/end");
        assertThat(oakSees("Haemoglobin")).isFalse();
    }

    @Test
    void accepting_less_opens_less_and_more_than_was_asked_is_not_taken() throws Exception {
        var id = asks();
        var ada = visitors.named("ada");
        var accept = "/requests/" + id + "/accept";
        var nothing = ada.posts(accept, "how", "less");
        assertThat(nothing.getStatus()).isEqualTo(422);
        assertThat(nothing.getContentAsString())
                .contains("id=\"chapters-complaint\"", "id=\"length-complaint\"", "id=\"later-complaint\"");
        assertThat(ada.posts(accept, "how", "less", "chapters", "mental-health", "length", "week", "later", "no")
                        .getStatus())
                .isEqualTo(422);
        assertThat(ada.posts(accept, "how", "less", "chapters", "labs", "length", "year", "later", "no")
                        .getStatus())
                .isEqualTo(422);
        assertThat(oakSees("Haemoglobin")).isFalse();

        ada.posts(accept, "how", "less", "chapters", "labs", "length", "week", "later", "no");
        assertThat(oakSees("Haemoglobin")).isTrue();
        assertThat(oakSees("Prediabetes")).isFalse();
        assertThat(ada.posts(accept, "how", "asked").getRedirectedUrl()).isEqualTo("/requests");
        assertThat(oakSees("Prediabetes")).as("an answered request is answered").isFalse();
    }

    @Test
    void refusing_stands_on_the_same_page_as_accepting_and_takes_as_many_steps() throws Exception {
        var id = asks();
        var ada = visitors.named("ada");
        var forms = FORM.matcher(ada.reads("/requests/" + id))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertThat(forms)
                .filteredOn(action -> action.startsWith("/requests/"))
                .containsExactly(
                        "/requests/" + id + "/accept", "/requests/" + id + "/refuse", "/requests/" + id + "/accept");

        assertThat(ada.posts("/requests/" + id + "/refuse").getRedirectedUrl()).isEqualTo("/requests");
        assertThat(oakSees("Haemoglobin")).isFalse();
        assertThat(visitors.named("oak").reads("/asked")).contains(">refused<");
        assertThat(ada.posts("/requests/" + id + "/accept", "how", "asked").getRedirectedUrl())
                .isEqualTo("/requests");
        assertThat(oakSees("Haemoglobin")).isFalse();
    }

    @Test
    void revoking_takes_no_more_steps_than_granting() throws Exception {
        var id = asks();
        var ada = visitors.named("ada");
        int granting = posts(ada, "/requests/" + id, "/requests/" + id + "/accept");
        ada.posts("/requests/" + id + "/accept", "how", "asked");
        var handle = stage.consents.of(Stage.ADA).getFirst().handle().value();
        int revoking = posts(ada, "/consents", "/consents/" + handle + "/end");
        assertThat(revoking).isEqualTo(1).isLessThanOrEqualTo(granting);
    }

    /** How many pages and presses it takes from a page that the menu or a notice leads to. */
    private static int posts(Visitor who, String page, String action) throws Exception {
        assertThat(who.reads(page)).contains("action=\"" + action + "\"");
        return 1;
    }

    @Test
    void a_wrong_code_and_one_that_is_nobody_s_tell_nothing() throws Exception {
        var oak = visitors.named("oak");
        var typo = oak.posts("/asked", "code", "ABCD-EFGH-JKMN");
        assertThat(typo.getStatus()).isEqualTo(422);
        assertThat(typo.getContentAsString())
                .contains("id=\"code-complaint\"", "id=\"why-complaint\"", "id=\"purpose-complaint\"")
                .contains("id=\"chapters-complaint\"", "id=\"length-complaint\"", "id=\"later-complaint\"");

        visitors.named("ada").posts("/requests/code/off");
        var id = asks();
        var page = oak.reads("/asked");
        assertThat(page).contains(">open<");
        assertThat(visitors.named("ada").gets("/requests/" + id).getStatus()).isEqualTo(404);
        oak.posts("/asked/" + id + "/withdraw");
        assertThat(oak.reads("/asked")).contains(">taken back<");
    }

    @Test
    void nobody_answers_or_reads_another_patient_s_request() throws Exception {
        var id = asks();
        var ben = visitors.named("ben");
        assertThat(ben.gets("/requests/" + id).getStatus()).isEqualTo(404);
        assertThat(ben.posts("/requests/" + id + "/accept", "how", "asked").getStatus())
                .isEqualTo(404);
        assertThat(ben.posts("/requests/" + id + "/refuse").getStatus()).isEqualTo(404);
        assertThat(visitors.named("oak").gets("/requests/" + id).getStatus()).isEqualTo(403);
        assertThat(stage.requests.askedBy(stage.oak.account()).getFirst().state())
                .isEqualTo(Asked.State.OPEN);
    }

    @Test
    void an_insurer_names_a_claim_asks_for_payment_alone_and_sees_only_what_was_allowed() throws Exception {
        var ivy = visitors.named("ivy");
        assertThat(ivy.reads("/asked/new")).contains("HPAYMT", "name=\"claim\"").doesNotContain("\"TREAT\"", "HRESCH");
        assertThat(ivy.posts(
                                "/asked",
                                "code",
                                code,
                                "purpose",
                                "TREAT",
                                "chapters",
                                "coverage",
                                "later",
                                "no",
                                "length",
                                "week",
                                "why",
                                "The bill.")
                        .getContentAsString())
                .contains("id=\"purpose-complaint\"", "id=\"claim-complaint\"");
        ivy.posts(
                "/asked",
                "code",
                code,
                "purpose",
                "HPAYMT",
                "claim",
                "C-77",
                "chapters",
                "coverage",
                "later",
                "no",
                "length",
                "week",
                "why",
                "The bill.");
        var id = stage.requests.askedBy(stage.ivy.account()).getFirst().id();
        assertThat(visitors.named("ada").reads("/requests/" + id)).contains("C-77", "Mutual Health", "insurer");
        visitors.named("ada").posts("/requests/" + id + "/accept", "how", "asked");

        assertThat(ivy.posts("/patients/" + Stage.ADA + "/purpose", "purpose", "TREAT")
                        .getStatus())
                .isEqualTo(422);
        ivy.posts("/patients/" + Stage.ADA + "/purpose", "purpose", "HPAYMT");
        assertThat(ivy.reads("/patients/" + Stage.ADA))
                .contains("Claim for a check-up")
                .doesNotContain("Haemoglobin", "Prediabetes");
    }

    @Test
    void a_research_request_is_matched_with_what_the_patient_said_and_never_allowed_by_itself() throws Exception {
        var ada = visitors.named("ada");
        assertThat(ada.posts("/research", "permission", "DS").getContentAsString())
                .contains("id=\"diseases-complaint\"");
        assertThat(ada.posts("/research").getContentAsString()).contains("id=\"permission-complaint\"");
        ada.posts("/research", "permission", "DS", "diseases", "MONDO:0005015", "modifiers", "IRB", "modifiers", "NCU");
        assertThat(ada.reads("/research"))
                .contains("value=\"DS\" checked=\"checked\"", "value=\"IRB\" checked=\"checked\"");

        assertThat(match("MONDO:0005148", "yes")).contains("It fits everything that you said", "DUO:0000007");
        assertThat(match("MONDO:0004992", "yes")).contains("It does not fit what you said");
        assertThat(match("MONDO:0005148", "")).contains("It cannot be told by rule");
        assertThat(stage.consents.of(Stage.ADA))
                .noneMatch(c -> c.terms().purpose() == Purpose.RESEARCH && c.endedAt() == null);
    }

    private String match(String disease, String commercial) throws Exception {
        stage.clock.pass(Duration.ofSeconds(1));
        var sol = visitors.named("sol");
        var answer = sol.posts(
                "/asked",
                "code",
                code,
                "purpose",
                "HRESCH",
                "chapters",
                "labs",
                "later",
                "no",
                "length",
                "year",
                "why",
                "A study.",
                "aims",
                "BIOMEDICAL",
                "diseases",
                disease,
                "ETHICS_APPROVAL",
                "yes",
                "NON_COMMERCIAL_USE",
                commercial,
                "REGIONS",
                "Norway, Chile",
                "months",
                "24");
        assertThat(answer.getRedirectedUrl()).isEqualTo("/asked");
        var id = stage.requests.askedBy(stage.sol.account()).getFirst().id();
        var page = visitors.named("ada").reads("/requests/" + id);
        sol.posts("/asked/" + id + "/withdraw");
        return page;
    }

    @Test
    void a_researcher_who_says_no_aim_is_told_so_next_to_the_field() throws Exception {
        assertThat(visitors.named("sol")
                        .posts("/asked", "code", code, "months", "many", "publishes-day", "40")
                        .getContentAsString())
                .contains("id=\"aims-complaint\"", "id=\"months-complaint\"", "id=\"publishes-complaint\"");
        assertThat(visitors.named("sol").gets("/patients").getStatus()).isEqualTo(403);
    }

    @Test
    void what_ends_is_shared_again_in_one_step_and_goes_on_where_it_ended() throws Exception {
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS);
        var renew = "/consents/" + consent.handle().value() + "/renew";
        var ada = visitors.named("ada");
        assertThat(ada.reads(renew)).contains("Dr Rowan Oak", "It goes on from");
        assertThat(ada.posts(renew).getStatus()).isEqualTo(422);
        assertThat(ada.posts(renew, "length", "week").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(stage.consents.of(Stage.ADA))
                .filteredOn(c -> c.endedAt() == null)
                .extracting(c -> c.terms().term().from())
                .contains(Objects.requireNonNull(consent.terms().term().to()).plusDays(1));
        var renewed = stage.consents.of(Stage.ADA).stream()
                .filter(c -> c.endedAt() == null
                        && c.terms()
                                .term()
                                .from()
                                .isAfter(consent.terms().term().from()))
                .findFirst()
                .orElseThrow();
        var amend = "/consents/" + renewed.handle().value() + "/amend";
        assertThat(ada.posts(amend, "chapters", "labs", "later", "no", "length", "week")
                        .getStatus())
                .isEqualTo(200);
        ada.posts("/consents/" + consent.handle().value() + "/end");
        assertThat(ada.gets(renew).getStatus()).isEqualTo(404);
        assertThat(visitors.named("ben").gets(renew).getStatus()).isEqualTo(404);
    }

    @Test
    void a_consent_is_narrowed_and_made_longer_in_one_signed_step_that_shows_what_changes() throws Exception {
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS, Chapter.MEDICATIONS);
        var amend = "/consents/" + consent.handle().value() + "/amend";
        var ada = visitors.named("ada");
        assertThat(ada.reads("/consents")).contains(amend);
        assertThat(ada.reads(amend)).contains("What they go on seeing", "What it said until now");
        var fields = new String[] {"chapters", "labs", "later", "no", "length", "year"};
        var check = ada.posts(amend, fields);
        assertThat(check.getStatus()).isEqualTo(200);
        assertThat(check.getContentAsString()).contains("Check what changes", "From now on", "sure");
        assertThat(stage.consents.of(Stage.ADA)).contains(consent);
        var sure = new String[] {"chapters", "labs", "later", "no", "length", "year", "sure", "yes"};
        assertThat(ada.posts(amend, sure).getRedirectedUrl()).isEqualTo("/consents");
        assertThat(stage.consents.of(Stage.ADA)).anySatisfy(changed -> {
            assertThat(changed.handle()).isEqualTo(consent.handle());
            assertThat(changed.step()).isEqualTo(2);
            assertThat(changed.terms().chapters()).containsExactly(Chapter.LABS);
            assertThat(changed.terms().includesLater()).isFalse();
            assertThat(stage.consents.proof(Stage.ADA, changed.handle())).isEqualTo(Proof.PATIENT);
        });
        assertThat(stage.consents.versions(Stage.ADA, consent.handle())).hasSize(2);
        ada.posts("/consents/" + consent.handle().value() + "/end");
    }

    @Test
    void a_change_that_shares_more_or_changes_nothing_or_is_another_s_is_refused() throws Exception {
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS);
        var amend = "/consents/" + consent.handle().value() + "/amend";
        var ada = visitors.named("ada");
        var later = consent.terms().includesLater() ? "yes" : "no";
        for (var fields : List.of(
                new String[] {"chapters", "genomics", "later", later, "length", "same", "sure", "yes"},
                new String[] {"later", later, "length", "same", "sure", "yes"},
                new String[] {"chapters", "labs", "later", later, "length", "ever", "sure", "yes"},
                new String[] {"chapters", "labs", "later", later, "length", "same", "sure", "yes"})) {
            assertThat(ada.posts(amend, fields).getStatus()).isEqualTo(422);
        }
        assertThat(visitors.named("ben").gets(amend).getStatus()).isEqualTo(404);
        ada.posts("/consents/" + consent.handle().value() + "/end");
        assertThat(ada.gets(amend).getStatus()).isEqualTo(404);
        assertThat(stage.consents.versions(Stage.ADA, consent.handle())).hasSize(1);
    }

    @Test
    void the_page_of_purposes_is_anybody_s() throws Exception {
        assertThat(visitors.nobody().reads("/purposes"))
                .contains("id=\"TREAT\"", "id=\"BTG\"", "id=\"HRESCH\"", "It does not allow");
    }
}
