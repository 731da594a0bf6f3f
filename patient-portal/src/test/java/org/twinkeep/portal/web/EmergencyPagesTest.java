package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.portal.web.Rows.id;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.twinkeep.consent.trail.TrailUnwritable;

/** Breaking the glass as three people see it. Elm may; Oak may not; Rue reviews; Ada is the patient. */
@PageTest
class EmergencyPagesTest {
    private static final String REASON = "Found unconscious at the harbour.";
    private static final String ADAS = "/patients/" + Stage.ADA;

    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    private Visitor elm;
    private Visitor ada;
    private Visitor rue;

    @BeforeEach
    void begin() throws Exception {
        stage.begin();
        elm = visitors.named("elm");
        ada = visitors.named("ada");
        rue = visitors.named("rue");
        for (var twin : List.of(Stage.ADA, Stage.BEN)) {
            elm.posts("/patients/" + twin + "/leave");
        }
    }

    @AfterEach
    void backToToday() {
        stage.clock.standAt("2026-11-21T08:00:00Z");
        stage.accounts.letBreakGlass(stage.elm.account().id(), true);
    }

    @Test
    void who_may_opens_the_emergency_chapters_and_the_page_says_until_when_and_that_it_is_not_complete()
            throws Exception {
        var answer = breaks();
        assertThat(answer.getRedirectedUrl()).isEqualTo(ADAS);

        var page = elm.gets(ADAS);
        assertThat(page.getContentAsString())
                .contains("not a complete record", "10:00", "in 60 minutes", "Prediabetes", "Haemoglobin A1c")
                .contains("nothing recorded. That does not mean that there are none.", "not part of emergency access")
                .doesNotContain("Patient Health Questionnaire", "safety at home", "Progress note", "Claim for");
        assertThat(page.getHeader("Refresh")).isEqualTo("3600;url=/emergency");
        assertThat(elm.reads(ADAS + "/chapters/conditions")).contains("Prediabetes", "not a complete record");
        assertThat(elm.reads(ADAS + "/chapters/safety"))
                .contains("not part of emergency access")
                .doesNotContain("safety at home");
        assertThat(elm.reads(ADAS + "/entries/" + id(20).value())).contains("Prediabetes", "It ends at");
    }

    @Test
    void who_may_not_has_no_way_in_and_no_link_to_it() throws Exception {
        var oak = visitors.named("oak");
        assertThat(oak.reads("/patients")).doesNotContain("/emergency");
        assertThat(oak.reads("/emergency")).contains("may not break the glass").doesNotContain("<textarea");
        var answer = breaks(oak, "Ada Quill", "3", "2", "1971", REASON, "60", "yes");
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(stage.trail.looks(Stage.ADA)).isEmpty();
        for (var who : List.of("ada", "rue", "kit")) {
            assertThat(visitors.named(who).gets("/emergency").getStatus()).isEqualTo(403);
        }
        for (var who : List.of("ada", "elm", "kit")) {
            assertThat(visitors.named(who).gets("/reviews").getStatus()).isEqualTo(403);
        }
    }

    @Test
    void what_is_missing_is_said_and_nobody_is_looked_for() throws Exception {
        var before = stage.trail.size();
        assertThat(breaks(elm, "Ada Quill", "3", "2", "1971", "help", "60", "yes")
                        .getContentAsString())
                .contains("at least 20 characters");
        assertThat(breaks(elm, "", "", "", "", "", "90", "").getContentAsString())
                .contains("Enter the full name", "Enter the date of birth", "Confirm that you know");
        assertThat(breaks(elm, "Ada Quill", "3", "2", "1971", REASON, "90", "yes")
                        .getContentAsString())
                .contains("60 minutes at most");
        assertThat(stage.trail.size()).isEqualTo(before);
    }

    @Test
    void nobody_found_everything_closed_and_too_many_attempts_are_one_answer_and_each_is_a_leaf() throws Exception {
        var answers = new ArrayList<String>();
        ada.posts("/emergencies/closed", "everything", "yes");
        for (var name : List.of("Ada Quill", "Ada", "Ada Quilt", "ADA", "Nobody Atall", "Ada Quill", "Ada Quill")) {
            var before = stage.trail.size();
            var answer = breaks(elm, name, "3", "2", "1971", REASON, "60", "yes");
            assertThat(answer.getStatus()).isEqualTo(422);
            assertThat(stage.trail.size()).isEqualTo(before + 1);
            answers.add(withoutName(answer.getContentAsString()));
        }
        assertThat(answers).containsOnly(answers.getFirst());
        assertThat(ada.reads("/lookers")).contains("Dr Iris Elm", "everything closed to emergencies");

        ada.posts("/emergencies/closed");
        assertThat(breaks().getStatus()).as("slowed down by now").isEqualTo(422);
        stage.clock.pass(Duration.ofMinutes(16));
        assertThat(breaks().getStatus()).isEqualTo(302);
    }

    @Test
    void the_patient_is_told_at_once_reads_who_and_why_and_what_the_review_found() throws Exception {
        breaks();
        elm.reads(ADAS);

        assertThat(ada.reads("/notices")).contains("Dr Iris Elm, Hill Hospital opened your record in an emergency");
        assertThat(ada.reads("/emergencies")).contains("Dr Iris Elm", REASON, "open now", "not yet", "due by");
        assertThat(ada.reads("/lookers")).contains("in an emergency", "Breaking the glass", REASON, "not yet");

        assertThat(rue.reads("/notices")).contains("It is to be reviewed by");
        var review = reviewLink(rue.reads("/reviews"));
        assertThat(rue.reads(review))
                .contains("Dr Iris Elm", REASON, "lines in the trail")
                .doesNotContain("Ada Quill", "Prediabetes", "Conditions", Stage.ADA.toString());
        assertThat(rue.posts(review, "outcome", "JUSTIFIED", "note", "ok").getContentAsString())
                .contains("20 to 1000 characters");
        assertThat(rue.posts(review, "note", "The ward book says so.").getContentAsString())
                .contains("Say whether it was justified");
        assertThat(rue.posts(review, "outcome", "NOT_JUSTIFIED", "note", "The ward was not asked before.")
                        .getRedirectedUrl())
                .isEqualTo("/reviews");

        assertThat(ada.reads("/lookers")).contains("It was not justified", "Rue Ledger", "The ward was not asked");
        assertThat(ada.reads("/notices")).contains("it was not justified");
        assertThat(elm.reads("/notices")).contains("was reviewed");
        assertThat(rue.posts(review, "outcome", "JUSTIFIED", "note", "On second thoughts it was fine.")
                        .getStatus())
                .isEqualTo(422);
    }

    @Test
    void an_overdue_review_stands_first_and_is_told_of() throws Exception {
        breaks();
        stage.clock.pass(Duration.ofHours(71));
        assertThat(rue.reads("/reviews")).contains("not yet").doesNotContain(">overdue<");
        stage.clock.pass(Duration.ofHours(2));
        stage.glass.beat();
        assertThat(rue.reads("/reviews")).contains(">overdue<");
        assertThat(rue.reads("/notices")).contains("The review of an emergency access is overdue");
        assertThat(ada.reads("/notices")).contains("The reviewers were reminded");
    }

    @Test
    void after_its_end_each_page_says_since_when_and_shows_nothing() throws Exception {
        for (var path : List.of(ADAS, ADAS + "/chapters/conditions", ADAS + "/entries/" + id(20).value())) {
            stage.begin();
            breaks();
            assertThat(elm.reads(path)).contains("Prediabetes");
            stage.clock.pass(Duration.ofMinutes(60));
            var answer = elm.gets(path);
            assertThat(answer.getStatus()).as(path).isEqualTo(404);
            assertThat(answer.getContentAsString())
                    .contains("Your access ended on")
                    .doesNotContain("Prediabetes", "Ada Quill");
            assertThat(answer.getHeader("Refresh")).isNull();
            assertThat(elm.reads("/emergency")).contains("Your last emergency access ended on");
            assertThat(elm.posts("/emergency/go-on").getRedirectedUrl()).isEqualTo("/emergency");
        }
    }

    @Test
    void it_can_be_ended_early_and_another_patient_only_then() throws Exception {
        breaks();
        assertThat(elm.reads("/emergency"))
                .contains("You have emergency access to one patient")
                .doesNotContain("<textarea");
        assertThat(breaks(elm, "Ben Marrow", "6", "5", "1938", REASON, "60", "yes")
                        .getStatus())
                .isEqualTo(422);
        assertThat(stage.trail.looks(Stage.BEN)).isEmpty();
        assertThat(elm.posts("/emergency/go-on").getRedirectedUrl()).isEqualTo(ADAS);

        elm.posts("/emergency/end");

        assertThat(elm.gets(ADAS).getRedirectedUrl()).isEqualTo(ADAS + "/purpose");
        assertThat(breaks(elm, "Ben Marrow", "6", "5", "1938", REASON, "15", "yes")
                        .getRedirectedUrl())
                .isEqualTo("/patients/" + Stage.BEN);
    }

    @Test
    void the_purpose_cannot_be_declared_without_breaking_the_glass() throws Exception {
        assertThat(elm.posts(ADAS + "/purpose", "purpose", "BTG").getStatus()).isEqualTo(422);
        assertThat(elm.reads(ADAS + "/purpose")).doesNotContain("BTG");
    }

    @Test
    void a_permission_that_is_taken_away_ends_it_at_once() throws Exception {
        breaks();
        assertThat(elm.reads(ADAS)).contains("Prediabetes");
        stage.accounts.letBreakGlass(stage.elm.account().id(), false);
        assertThat(elm.gets(ADAS).getStatus()).isEqualTo(404);
    }

    @Test
    void what_the_patient_closes_is_not_part_of_it() throws Exception {
        assertThat(ada.reads("/emergencies")).contains("penicillin", "Nobody has opened your record");
        ada.posts("/emergencies/closed", "closed", "conditions");
        assertThat(ada.reads("/emergencies")).containsPattern("id=\"closed-conditions\"[^>]*checked");
        breaks();
        assertThat(elm.reads(ADAS)).contains("Haemoglobin").doesNotContain("Prediabetes");
        assertThat(ada.posts("/emergencies/closed", "closed", "safety").getStatus())
                .isEqualTo(422);
    }

    @Test
    void when_the_trail_cannot_be_written_nothing_is_shown() throws Exception {
        breaks();
        stage.trouble = () -> new TrailUnwritable("full", new IOException("full"));
        var answer = elm.gets(ADAS);
        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.getContentAsString()).doesNotContain("Prediabetes");
    }

    private MockHttpServletResponse breaks() throws Exception {
        return breaks(elm, "Ada Quill", "3", "2", "1971", REASON, "60", "yes");
    }

    private static MockHttpServletResponse breaks(Visitor who, String... values) throws Exception {
        var names = List.of("name", "born-day", "born-month", "born-year", "reason", "minutes", "told");
        var fields = new ArrayList<String>();
        for (int i = 0; i < names.size(); i++) {
            fields.addAll(Arrays.asList(names.get(i), values[i]));
        }
        return who.posts("/emergency", fields.toArray(String[]::new));
    }

    private static String reviewLink(String page) {
        var link = Pattern.compile("/reviews/[0-9a-f]{64}").matcher(page);
        assertThat(link.find()).isTrue();
        return link.group();
    }

    private static String withoutName(String page) {
        return page.replaceAll("id=\"name\"[^>]*>", "").replaceAll("name=\"_csrf\"[^>]*>", "");
    }
}
