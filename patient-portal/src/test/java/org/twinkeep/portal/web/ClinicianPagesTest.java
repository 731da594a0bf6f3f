package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.portal.web.PatientPagesTest.withoutId;
import static org.twinkeep.portal.web.Rows.id;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

@PageTest
class ClinicianPagesTest {
    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    private Visitor oak;

    @BeforeEach
    void begin() throws Exception {
        stage.begin();
        oak = visitors.named("oak");
        for (var twin : List.of(Stage.ADA, Stage.BEN, Stage.NOBODYS)) {
            oak.posts("/patients/" + twin + "/leave");
        }
    }

    @AfterEach
    void backToToday() {
        stage.clock.standAt("2026-11-21T08:00:00Z");
    }

    @Test
    void my_patients_are_those_with_a_live_grant_and_nobody_else() throws Exception {
        assertThat(oak.reads("/patients")).contains("Nobody shares anything").doesNotContain("Ada Quill");
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS);
        stage.share(stage.ben, stage.elm, Chapter.MEDICATIONS);

        assertThat(oak.reads("/patients"))
                .contains("Ada Quill", "3 February 1971", "Treatment")
                .doesNotContain("Ben Marrow");

        stage.consents.revoke(Stage.ADA, consent.handle(), stage.seedOfAda());
        assertThat(oak.reads("/patients")).doesNotContain("Ada Quill");
        stage.share(stage.ada, stage.oak, Chapter.LABS);
        stage.clock.pass(Duration.ofDays(120));
        assertThat(visitors.named("oak").reads("/patients")).doesNotContain("Ada Quill");
    }

    @Test
    void the_purpose_is_asked_on_each_visit_and_must_be_one() throws Exception {
        stage.share(stage.ada, stage.oak, Chapter.LABS);
        var purpose = "/patients/" + Stage.ADA + "/purpose";
        assertThat(oak.gets("/patients/" + Stage.ADA).getRedirectedUrl()).isEqualTo(purpose);
        for (var wrong : List.of("", "BTG", "PATRQT", "curiosity")) {
            assertThat(oak.posts(purpose, "purpose", wrong).getStatus()).isEqualTo(422);
        }
        declare(Stage.ADA, "TREAT");
        assertThat(oak.reads("/patients/" + Stage.ADA)).contains("Ada Quill");
        oak.posts("/patients/" + Stage.ADA + "/leave");
        assertThat(oak.gets("/patients/" + Stage.ADA).getRedirectedUrl()).isEqualTo(purpose);
    }

    @Test
    void the_care_view_says_what_it_is_what_is_empty_and_what_is_not_part_of_it() throws Exception {
        stage.share(stage.ada, stage.oak, Chapter.LABS, Chapter.ALLERGIES);
        declare(Stage.ADA, "TREAT");

        var page = oak.reads("/patients/" + Stage.ADA);

        assertThat(page)
                .contains("This is what the patient shares, not a complete record.", "Haemoglobin A1c", "6.1 %");
        assertThat(page).containsSubsequence("Allergies", "nothing recorded", "Laboratory");
        assertThat(page)
                .containsSubsequence("Conditions", "not part of this share", "Mental health", "not part of this share");
        assertThat(page)
                .doesNotContain("Prediabetes", "Patient Health Questionnaire", "safety at home", "before birth");
        assertThat(page).doesNotContain("No known allergies");
        assertThat(oak.reads("/patients/" + Stage.ADA + "/chapters/conditions")).contains("not part of this share");
        assertThat(oak.reads("/patients/" + Stage.ADA + "/chapters/genomics")).contains("not part of this share");
        assertThat(oak.reads("/patients/" + Stage.ADA + "/chapters/labs")).contains("Haemoglobin");
    }

    @Test
    void a_clinician_sees_that_the_patient_disputes_a_value_and_the_value() throws Exception {
        stage.share(stage.ada, stage.oak, Chapter.LABS);
        declare(Stage.ADA, "TREAT");
        visitors.named("ada").posts("/entries/" + id(11) + "/correct", "says", "Not fasting");

        assertThat(oak.reads("/patients/" + Stage.ADA)).contains("6.1 %", "disputed by the patient");
        assertThat(oak.reads("/patients/" + Stage.ADA + "/entries/" + id(11)))
                .contains("6.1 %", "Not fasting", "21 November 2026");
    }

    @Test
    void a_patient_who_has_died_is_shown_so() throws Exception {
        stage.share(stage.ben, stage.oak, Chapter.MEDICATIONS);
        declare(Stage.BEN, "TREAT");
        assertThat(oak.reads("/patients/" + Stage.BEN))
                .contains("This person has died", "1 October 2026", "at the age of 88", "as of death");
    }

    @Test
    void without_consent_no_way_shows_anything_and_every_way_answers_alike() throws Exception {
        stage.share(stage.ben, stage.elm, Chapter.MEDICATIONS);
        var fir = visitors.named("fir");
        stage.share(stage.ada, stage.fir, Chapter.LABS);
        var answers = new java.util.ArrayList<String>();
        for (var twin : List.of(Stage.BEN, Stage.NOBODYS)) {
            declare(fir, twin, "TREAT");
            for (var path : List.of(
                    "",
                    "/chapters/medications",
                    "/chapters/nothing",
                    "/entries/" + id(900),
                    "/entries/" + id(1),
                    "/entries/odd")) {
                var answer = fir.gets("/patients/" + twin + path);
                assertThat(answer.getStatus()).isEqualTo(404);
                answers.add(withoutId(answer.getContentAsString()));
            }
        }
        declare(fir, Stage.ADA, "TREAT");
        for (var entry : List.of(id(20), id(22), id(12345))) { // outside the grant, and not there at all
            var answer = fir.gets("/patients/" + Stage.ADA + "/entries/" + entry);
            assertThat(answer.getStatus()).isEqualTo(404);
            answers.add(withoutId(answer.getContentAsString()));
        }
        declare(fir, Stage.ADA, "HRESCH");
        answers.add(withoutId(fir.gets("/patients/" + Stage.ADA).getContentAsString()));
        fir.posts("/patients/not-a-twin/purpose", "purpose", "TREAT");
        answers.add(withoutId(fir.gets("/patients/not-a-twin").getContentAsString()));

        assertThat(answers).hasSize(17).containsOnly(answers.getFirst());
        assertThat(answers.getFirst()).contains("ID").doesNotContain("Ben", "Ada", "Aspirin", "ended on");
        assertThat(fir.reads("/patients/" + Stage.BEN + "/purpose")
                        .replace(Stage.BEN.toString(), "T")
                        .replaceAll("name=\"_csrf\" value=\"[^\"]*\"", ""))
                .isEqualTo(fir.reads("/patients/" + Stage.NOBODYS + "/purpose")
                        .replace(Stage.NOBODYS.toString(), "T")
                        .replaceAll("name=\"_csrf\" value=\"[^\"]*\"", ""));
    }

    @Test
    void revoked_means_refused_on_the_next_request_and_only_the_former_grantee_reads_since_when() throws Exception {
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS);
        declare(Stage.ADA, "TREAT");
        assertThat(oak.gets("/patients/" + Stage.ADA).getStatus()).isEqualTo(200);

        visitors.named("ada").posts("/consents/" + consent.handle() + "/end");

        for (var path : List.of("", "/chapters/labs", "/entries/" + id(11))) {
            var answer = oak.gets("/patients/" + Stage.ADA + path);
            assertThat(answer.getStatus()).isEqualTo(404);
            assertThat(answer.getContentAsString())
                    .contains("Your access ended on 21 November 2026, 09:00")
                    .doesNotContain("Haemoglobin", "Ada Quill");
        }
        var elm = visitors.named("elm");
        elm.posts("/patients/" + Stage.ADA + "/purpose", "purpose", "TREAT");
        assertThat(elm.gets("/patients/" + Stage.ADA).getContentAsString()).doesNotContain("ended on");
    }

    private void declare(TwinId twin, String purpose) throws Exception {
        declare(oak, twin, purpose);
    }

    private static void declare(Visitor who, TwinId twin, String purpose) throws Exception {
        assertThat(who.posts("/patients/" + twin + "/purpose", "purpose", purpose)
                        .getRedirectedUrl())
                .isEqualTo("/patients/" + twin);
    }
}
