package org.twinkeep.portal.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.OtherConsent;
import org.twinkeep.consent.decision.Dialect;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.embedded.TestOrganisations;
import org.twinkeep.crypto.Chapter;

@PageTest
class NeverPagesTest {
    private static final String HEAD = "{\"resourceType\":\"Consent\",\"status\":\"active\","
            + "\"scope\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/consentscope\",\"code\":\"patient-privacy\"}]},"
            + "\"category\":[{\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"59284-0\"}]}],";

    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    private Visitor ada;

    @BeforeEach
    void begin() throws Exception {
        stage.begin();
        ada = visitors.named("ada");
    }

    // --- saying never

    @Test
    void never_is_said_in_one_press_and_stands_on_the_page_until_it_is_taken_back() throws Exception {
        assertThat(ada.reads("/consents")).contains("You have refused nothing for good", "Say what you never show");
        assertThat(never("any", "any", "chapters", "labs").getRedirectedUrl()).isEqualTo("/consents");
        var page = ada.reads("/consents");
        assertThat(page)
                .containsSubsequence(
                        "What you never show", "You said never", "Anybody", "Laboratory", "Whatever it is for")
                .contains("Take this back");
        var handle = said().getFirst().handle().value();
        ada.posts("/consents/" + handle + "/end");
        assertThat(ada.reads("/consents"))
                .contains("You have refused nothing for good", "What you refused before", "Taken back");
    }

    @Test
    void saying_the_same_twice_is_saying_it_once() throws Exception {
        never("any", "any", "everything");
        never("any", "any", "everything");
        assertThat(said()).hasSize(1);
    }

    @Test
    void what_is_left_open_on_the_form_is_asked_for_and_nothing_is_stored() throws Exception {
        var answer = ada.posts("/consents/never");
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString())
                .contains("Choose a person, or nobody at all", "Choose what it is about", "Choose everything or some");
        assertThat(said()).isEmpty();
        assertThat(never("any", "any", "chapters").getStatus()).isEqualTo(422);
        assertThat(never("00000000-0000-0000-0000-000000000000", "any", "everything")
                        .getStatus())
                .isEqualTo(422);
    }

    @Test
    void who_is_denied_everything_sees_what_a_stranger_sees() throws Exception {
        share("labs");
        var oak = visitors.named("oak");
        var path = "/patients/" + Stage.ADA;
        oak.posts(path + "/purpose", "purpose", "TREAT");
        assertThat(oak.reads(path)).contains("Haemoglobin A1c");
        never(oakId(), "any", "everything");
        assertThat(oak.gets(path).getStatus()).isEqualTo(404);
        assertThat(ada.reads("/consents")).contains("This shows nothing at the moment");
    }

    // --- which denial wins

    @Test
    void without_a_denial_in_the_way_nothing_more_is_asked() throws Exception {
        assertThat(share("labs").getRedirectedUrl()).isEqualTo("/consents");
        never("any", "any", "chapters", "medications");
        assertThat(share("labs", "vitals").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(shared()).hasSize(2);
    }

    @Test
    void a_grant_that_a_denial_empties_is_not_stored_before_the_patient_has_chosen() throws Exception {
        never("any", "any", "chapters", "labs");
        var page = share("labs");
        assertThat(page.getStatus()).isEqualTo(422);
        assertThat(page.getContentAsString())
                .contains(
                        "What you never show closes all of this",
                        "Nothing is stored yet",
                        "Laboratory",
                        "Nothing would open")
                .contains("value=\"keep\"", "value=\"narrow-denial\"", "Do not share at all")
                .doesNotContain("value=\"narrow-grant\"");
        assertThat(shared()).as("cancelled, or not answered yet").isEmpty();
        assertThat(share("labs", "denial", "nonsense").getStatus()).isEqualTo(422);
        assertThat(share("labs", "denial", "narrow-grant").getStatus()).isEqualTo(422);
        assertThat(shared()).isEmpty();
    }

    @Test
    void who_keeps_the_denial_stores_the_grant_and_is_told_that_it_shows_nothing() throws Exception {
        ada = visitors.nobody().signsIn("ada");
        never("any", "any", "chapters", "labs");
        assertThat(ada.reads("/consents")).contains("It holds from the very next request on");
        assertThat(share("labs", "denial", "keep").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(ada.reads("/consents")).contains("It is stored, and shows nothing");
        assertThat(shared()).hasSize(1);
        assertThat(ada.reads("/consents")).contains("This shows nothing at the moment: what you never show wins");
    }

    @Test
    void who_narrows_the_grant_shares_only_what_is_not_denied() throws Exception {
        never("any", "any", "chapters", "labs");
        assertThat(share("labs", "vitals").getContentAsString())
                .contains("closes a part of this", "You share only: Vital signs");
        share("labs", "vitals", "denial", "narrow-grant");
        assertThat(shared())
                .singleElement()
                .satisfies(consent -> assertThat(consent.terms().chapters())
                        .extracting(chapter -> chapter.code())
                        .containsExactly("vitals"));
        assertThat(said()).hasSize(1);
    }

    @Test
    void who_narrows_the_denial_opens_it_in_one_step_and_the_rest_of_it_stays() throws Exception {
        never("any", "any", "chapters", "labs", "medications");
        share("labs", "denial", "narrow-denial");
        var denial = said().getFirst();
        assertThat(denial.step()).isEqualTo(2);
        assertThat(denial.denial().orElseThrow().chapters())
                .extracting(chapter -> chapter.code())
                .containsExactly("medications");
        var oak = visitors.named("oak");
        oak.posts("/patients/" + Stage.ADA + "/purpose", "purpose", "TREAT");
        assertThat(oak.reads("/patients/" + Stage.ADA)).contains("Haemoglobin A1c");
    }

    @Test
    void a_denial_of_which_nothing_is_left_ends() throws Exception {
        never("any", "any", "chapters", "labs");
        share("labs", "denial", "narrow-denial");
        assertThat(ada.reads("/consents"))
                .contains("You have refused nothing for good")
                .doesNotContain("This shows nothing");
    }

    // --- ended by somebody else

    @Test
    void what_the_custodian_ended_still_holds_and_the_page_says_so_until_the_patient_ends_it() throws Exception {
        share("labs");
        never("any", "any", "chapters", "labs");
        var denial = said().getFirst().handle();
        stage.consents.stop(Stage.ADA, denial, TestOrganisations.CUSTODIAN::sign);
        assertThat(ada.reads("/consents"))
                .containsSubsequence(
                        "You said never",
                        "Somebody else than you ended this on",
                        "with a key of this service",
                        "What it refuses still holds",
                        "If you no longer want it, press the button",
                        "Laboratory",
                        "Take this back")
                .contains("This shows nothing at the moment")
                .doesNotContain("You have refused nothing for good");
        ada.posts("/consents/" + denial.value() + "/end");
        assertThat(ada.reads("/consents"))
                .contains("You have refused nothing for good", "What you refused before")
                .doesNotContain("This shows nothing at the moment");
    }

    @Test
    void of_what_somebody_else_wrote_nothing_is_allowed_any_more_once_the_custodian_ended_it() throws Exception {
        stage.consents.bring(Stage.ADA, Dialect.R5, """
                {"resourceType":"Consent","status":"active","decision":"permit",
                 "category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],
                 "period":{"start":"2020-01-01","end":"2099-12-31"},
                 "provision":[{"purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HRESCH"}]}]}
                """, stage.seedOfAda());
        assertThat(ada.reads("/consents"))
                .contains("Everything else it ALLOWS", "It says for how long: 1 January 2020");
        stage.stop(Stage.ADA, said().getFirst().handle());
        assertThat(ada.reads("/consents"))
                .contains("Somebody else than you ended this on", "What it allowed is over", "Research")
                .doesNotContain("Everything else it ALLOWS");
    }

    @Test
    void what_the_custodian_ended_of_what_is_shared_is_not_said_to_be_the_patients_doing() throws Exception {
        share("labs");
        stage.stop(Stage.ADA, shared().getFirst().handle());
        assertThat(ada.reads("/consents")).contains("Ended with a key of this service");
        assertThat(ada.reads("/notices"))
                .contains("What you shared with Dr Rowan Oak (Treatment: Laboratory) was ended on", "not by you");
    }

    @Test
    void a_denial_that_the_custodian_ended_gives_way_like_any_other() throws Exception {
        never("any", "any", "chapters", "labs", "medications");
        stage.consents.stop(Stage.ADA, said().getFirst().handle(), TestOrganisations.CUSTODIAN::sign);
        assertThat(share("labs").getStatus()).isEqualTo(422);
        share("labs", "denial", "narrow-denial");
        assertThat(said().stream().filter(each -> each.counts() != OtherConsent.Counts.NOTHING))
                .singleElement()
                .satisfies(left ->
                        assertThat(left.denial().orElseThrow().chapters()).containsExactly(Chapter.MEDICATIONS));
    }

    // --- what holds while nothing is said

    @Test
    void what_permits_without_a_consent_stands_on_top_and_a_house_that_shows_nothing_says_nothing_of_it()
            throws Exception {
        assertThat(ada.reads("/consents")).doesNotContain("While you say nothing");
        try {
            for (var policy : Implicit.values()) {
                stage.holds(policy);
                var page = ada.reads("/consents");
                if (policy == Implicit.DENY) {
                    assertThat(page).doesNotContain("While you say nothing");
                } else {
                    assertThat(page).containsSubsequence("<h1", "While you say nothing", "Share with somebody");
                }
            }
        } finally {
            stage.holds(Implicit.DENY);
        }
    }

    // --- what somebody else wrote

    @Test
    void a_consent_of_somebody_else_is_told_in_plain_words_before_it_is_signed() throws Exception {
        var told = bring(
                "R4",
                HEAD + "\"provision\":{\"type\":\"deny\",\"class\":[{\"system\":"
                        + "\"https://twinkeep.org/fhir/CodeSystem/chapter\",\"code\":\"labs\"}],\"purpose\":[{\"system\":"
                        + "\"http://terminology.hl7.org/CodeSystem/v3-ActReason\",\"code\":\"HRESCH\"}]}}");
        assertThat(told.getStatus()).isEqualTo(200);
        assertThat(told.getContentAsString())
                .containsSubsequence("What this consent says", "Never", "Anybody", "Laboratory", "Research")
                .contains("Of everything else it says nothing", "Sign and keep it");
        assertThat(said()).isEmpty();

        var text = told.getContentAsString().replaceAll("(?s).*name=\"text\" value=\"([^\"]*)\".*", "$1");
        assertThat(ada.posts("/consents/bring/keep", "version", "R4", "text", text)
                        .getRedirectedUrl())
                .isEqualTo("/consents");
        assertThat(said()).hasSize(1);
        assertThat(ada.reads("/consents")).contains("Written by somebody else, signed by you", "End this");
    }

    @Test
    void what_is_not_understood_or_not_carried_out_here_is_refused_with_its_place_and_nothing_is_stored()
            throws Exception {
        var role =
                "\"role\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ParticipationType\",\"code\":\"IRCP\"}]}";
        refused("R4", "no json", "It is not a FHIR Consent in JSON", "Consent");
        refused(
                "R4",
                HEAD + "\"implicitRules\":\"urn:secret\",\"provision\":{\"type\":\"deny\"}}",
                "changes what the rest means",
                "Consent.implicitRules");
        refused(
                "R4",
                HEAD + "\"provision\":{\"type\":\"deny\",\"purpose\":[{\"system\":\"urn:x\",\"code\":\"secret\"}]}}",
                "a purpose that we do not know",
                "Consent.provision.purpose[0]");
        refused(
                "R4",
                HEAD + "\"provision\":{\"type\":\"deny\",\"period\":{\"end\":\"2020-01-01\"}}}",
                "Its time is over",
                "Consent.provision.period");
        refused(
                "R4",
                HEAD + "\"provision\":{\"type\":\"deny\",\"actor\":[{" + role
                        + ",\"reference\":{\"reference\":\"Practitioner/secret\"}}]}}",
                "not in this service’s directory",
                "Consent.provision.actor[0].reference");
        refused(
                "R4",
                HEAD
                        + "\"provision\":{\"type\":\"deny\",\"code\":[{\"coding\":[{\"system\":\"urn:x\",\"code\":\"secret\"}]}]}}",
                "does not carry out",
                "Consent.provision.code");
        refused("R5", HEAD + "\"provision\":{\"type\":\"deny\"}}", "contradict each other", "Consent.decision");
        for (var obligation : List.of("MASK", "REDACT", "NORDSCLCD")) {
            refused(
                    "R4",
                    HEAD + "\"provision\":{\"type\":\"deny\",\"securityLabel\":[{\"system\":"
                            + "\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"" + obligation
                            + "\"}]}}",
                    "code",
                    "Consent.provision.securityLabel");
        }
    }

    @Test
    void the_version_of_a_consent_is_asked_for_and_never_guessed() throws Exception {
        assertThat(bring("", HEAD + "\"provision\":{\"type\":\"deny\"}}").getContentAsString())
                .contains("Choose the version");
    }

    private MockHttpServletResponse never(String grantee, String purpose, String what, String... chapters)
            throws Exception {
        var fields = new ArrayList<>(List.of("grantee", grantee, "purpose", purpose, "what", what));
        for (var chapter : chapters) {
            fields.addAll(List.of("chapters", chapter));
        }
        return ada.posts("/consents/never", fields.toArray(String[]::new));
    }

    /** @param what chapters, then perhaps the field "denial" and its answer */
    private MockHttpServletResponse share(String... what) throws Exception {
        var fields = new ArrayList<>(
                List.of("grantee", oakId(), "purpose", "TREAT", "data", "any", "later", "yes", "term", "year"));
        for (int i = 0; i < what.length; i++) {
            fields.addAll(what[i].equals("denial") ? List.of("denial", what[++i]) : List.of("chapters", what[i]));
        }
        return ada.posts("/consents", fields.toArray(String[]::new));
    }

    private List<OtherConsent> said() {
        return stage.consents.others(Stage.ADA).stream()
                .filter(each -> each.status() == Consent.Status.ACTIVE)
                .toList();
    }

    private List<Consent> shared() {
        return stage.consents.of(Stage.ADA).stream()
                .filter(each -> each.status() == Consent.Status.ACTIVE)
                .toList();
    }

    private String oakId() {
        return stage.oak.account().id().toString();
    }

    private void refused(String version, String text, String why, String path) throws Exception {
        var answer = bring(version, text);
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString())
                .contains("This consent is not stored", why, path)
                .doesNotContain("secret");
        assertThat(said()).isEmpty();
    }

    private MockHttpServletResponse bring(String version, String text) throws Exception {
        return ada.sends("/consents/bring", "consent", "consent.json", text.getBytes(UTF_8), "version", version);
    }
}
