package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Chapter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@PageTest
class ConsentReceiptPageTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

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

    @Test
    void each_consent_on_the_list_live_or_ended_has_its_receipt_one_link_away() throws Exception {
        var live = stage.share(stage.ada, stage.oak, Chapter.LABS);
        var ended = stage.share(stage.ada, stage.elm, Chapter.CONDITIONS);
        ada.posts("/consents/" + ended.handle() + "/end");

        var page = ada.reads("/consents");

        for (var consent : List.of(live, ended)) {
            assertThat(page).contains("href=\"" + path(consent.handle()) + "\"");
            var answer = ada.gets(path(consent.handle()));
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getContentType()).isEqualTo("application/ld+json");
            assertThat(answer.getHeader("Content-Disposition")).contains("attachment", ".jsonld");
        }
    }

    @Test
    void a_receipt_says_who_may_look_and_since_an_end_when_it_ended() throws Exception {
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS, Chapter.GENOMICS);
        assertThat(statesOf(consent)).containsExactly("dpv:ConsentGiven");

        ada.posts("/consents/" + consent.handle() + "/end");

        assertThat(statesOf(consent)).containsExactly("dpv:ConsentGiven", "dpv:ConsentWithdrawn");
        var process = receipt(consent).at("/hasRecord/hasProcess");
        assertThat(process.at("/hasRecipient/0/hasName").asString()).isEqualTo("Dr Rowan Oak");
        assertThat(process.at("/hasRecipient/0/organisation").asString()).isEqualTo("Harbour Clinic");
        assertThat(process.at("/hasConsentControl/isExercisedAt").asString()).endsWith("/consents");
        assertThat(process.at("/hasPersonalData")
                        .valueStream()
                        .map(each -> each.path("identifier").asString()))
                .containsExactly("labs", "genomics");
    }

    @Test
    void a_receipt_holds_the_patients_own_consent_and_no_other() throws Exception {
        var other = stage.share(stage.ada, stage.elm, Chapter.CONDITIONS);
        var bens = stage.share(stage.ben, stage.fir, Chapter.MEDICATIONS);
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS);

        var receipt = ada.reads(path(consent.handle()));

        assertThat(receipt)
                .contains(consent.handle().value(), "Ada Quill", "Dr Rowan Oak")
                .doesNotContain(
                        other.handle().value(),
                        "Iris Elm",
                        bens.handle().value(),
                        "Noa Fir",
                        "Ben Marrow",
                        "conditions");
    }

    @Test
    void a_handle_of_somebody_else_is_answered_like_one_that_is_nobodys() throws Exception {
        var bens = stage.share(stage.ben, stage.oak, Chapter.MEDICATIONS);

        var others = ada.gets(path(bens.handle()));
        var nobodys = ada.gets(path(new ConsentHandle("ab".repeat(32))));
        var noHandle = ada.gets("/consents/none/receipt");

        assertThat(visitors.named("ben").gets(path(bens.handle())).getStatus()).isEqualTo(200);
        for (MockHttpServletResponse answer : List.of(others, nobodys, noHandle)) {
            assertThat(answer.getStatus()).isEqualTo(404);
            assertThat(answer.getContentAsString()).isEqualTo(nobodys.getContentAsString());
            assertThat(answer.getHeaderNames()).isEqualTo(nobodys.getHeaderNames());
        }
    }

    private List<String> statesOf(Consent consent) throws Exception {
        return receipt(consent)
                .at("/hasRecord/events")
                .valueStream()
                .map(event -> event.path("hasConsentStatus").asString())
                .toList();
    }

    private JsonNode receipt(Consent consent) throws Exception {
        return JSON.readTree(ada.reads(path(consent.handle())));
    }

    private static String path(ConsentHandle handle) {
        return "/consents/" + handle + "/receipt";
    }
}
