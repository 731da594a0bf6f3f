package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.portal.web.Rows.id;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.projections.timeline.Profile;

@PageTest
class PatientPagesTest {
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
    void the_timeline_shows_a_visit_as_one_row_that_unfolds_and_what_looks_unlikely() throws Exception {
        var page = ada.reads("/timeline");

        assertThat(page)
                .containsSubsequence("2026", "<details", "Check-up", "4 entries", "Haemoglobin A1c", "Progress note");
        assertThat(page.split(">Check-up<", -1)).as("as the row, and in it").hasSize(3);
        assertThat(page).contains("One entry looks unlikely", "before birth", "born 3 February 1971");
        assertThat(page).contains("2 October 2026").doesNotContain("1 October 2026");
    }

    @Test
    void the_timeline_of_somebody_who_died_says_so_first() throws Exception {
        assertThat(visitors.named("ben").reads("/timeline"))
                .containsSubsequence("This person has died", "1 October 2026", "<h1");
        assertThat(ada.reads("/timeline")).doesNotContain("has died");
    }

    @Test
    void searching_and_chapters_narrow_the_timeline_and_an_empty_answer_says_so() throws Exception {
        assertThat(ada.reads("/timeline?q=HAEMO a1c"))
                .contains("One entry found", "6.1 %")
                .doesNotContain("Prediabetes");
        assertThat(ada.reads("/timeline?chapter=conditions"))
                .contains("Prediabetes")
                .doesNotContain("Body weight");
        assertThat(ada.reads("/timeline?q=zebra")).contains("Nothing fits");
        assertThat(ada.reads("/timeline?q=%3Cscript%3Ealert(1)%3C/script%3E")).doesNotContain("<script>alert");
        stage.rows.put(Stage.ADA, new ArrayList<>());
        assertThat(ada.reads("/timeline")).contains("Nothing is recorded here yet");
    }

    @Test
    void a_long_timeline_has_pages_that_keep_the_search() throws Exception {
        for (int i = 0; i < 60; i++) {
            stage.rows.get(Stage.ADA).add(Rows.row(100 + i, Chapter.LABS, "2015-01-01", "Potassium " + i));
        }
        assertThat(ada.reads("/timeline?q=potassium&page=2"))
                .contains(
                        "Potassium 25<",
                        "Potassium 49<",
                        "Page 2 of 3",
                        "/timeline?q=potassium&amp;chapter=&amp;page=3")
                .doesNotContain("Potassium 24<", "Potassium 50<");
        assertThat(ada.reads("/timeline?page=99")).contains("of 3");
    }

    @Test
    void a_note_is_shown_as_text_never_as_markup() throws Exception {
        assertThat(ada.reads("/entries/" + id(12)))
                .contains("&lt;b&gt;Nothing&lt;/b&gt;")
                .doesNotContain("<b>Nothing");
    }

    @Test
    void a_correction_stands_beside_the_entry_and_an_empty_one_is_refused_with_the_form() throws Exception {
        var empty = ada.posts("/entries/" + id(11) + "/correct", "says", " ", "value", "5.8 %");
        assertThat(empty.getStatus()).isEqualTo(422);
        assertThat(empty.getContentAsString()).contains("Say what is not right", "value=\"5.8 %\"");

        var done = ada.posts(
                "/entries/" + id(11) + "/correct", "says", "Not fasting", "value", "5.8 %", "reason", "I know");
        assertThat(done.getRedirectedUrl()).isEqualTo("/entries/" + id(11));
        assertThat(ada.reads("/entries/" + id(11)))
                .contains("you disputed this", "6.1 %")
                .contains(
                        "{&quot;says&quot;:&quot;Not fasting&quot;,&quot;value&quot;:&quot;5.8 %&quot;,&quot;reason&quot;:&quot;I know&quot;}");
    }

    @Test
    void deleting_asks_what_repeats_the_entry_and_takes_what_was_chosen() throws Exception {
        var path = "/entries/" + id(20) + "/delete";
        assertThat(ada.reads(path)).contains("What repeats it: 2 entries", "Progress note", "Claim for a check-up");
        var unsure = ada.posts(path);
        assertThat(unsure.getStatus()).isEqualTo(422);
        assertThat(unsure.getContentAsString()).contains("Choose what to delete with it", "cannot be undone");
        assertThat(ada.posts(path, "with", "ticked", "sure", "yes").getStatus()).isEqualTo(422);
        assertThat(stage.rows.get(Stage.ADA)).hasSize(8);

        var done = ada.posts(path, "with", "ticked", "also", id(12).value(), "also", id(11).value(), "sure", "yes");

        assertThat(stage.rows.get(Stage.ADA))
                .extracting(r -> r.entry())
                .doesNotContain(id(20), id(12))
                .contains(id(11), id(13)); // 11 does not repeat it: a forged tick deletes nothing
        var receipt = String.valueOf(done.getRedirectedUrl());
        assertThat(ada.reads(receipt)).contains("The entries are deleted");
        assertThat(ada.gets(receipt + "/file").getHeader("Content-Disposition")).startsWith("attachment");
        assertThat(ada.gets("/entries/" + id(20)).getStatus()).isEqualTo(404);
    }

    @Test
    void deleting_with_everything_takes_everything_that_repeats_it() throws Exception {
        ada.posts("/entries/" + id(20) + "/delete", "with", "all", "sure", "yes");
        assertThat(stage.rows.get(Stage.ADA)).extracting(r -> r.entry()).doesNotContain(id(20), id(12), id(13));
    }

    @Test
    void an_entry_of_somebody_else_and_one_that_does_not_exist_are_not_there() throws Exception {
        var others = ada.gets("/entries/" + id(900));
        var none = ada.gets("/entries/" + id(12345));
        var odd = ada.gets("/entries/..%5Cx");

        assertThat(List.of(others.getStatus(), none.getStatus())).containsOnly(404);
        assertThat(withoutId(others.getContentAsString())).isEqualTo(withoutId(none.getContentAsString()));
        assertThat(odd.getStatus()).isBetween(400, 404);
        for (var form : List.of("/correct", "/delete")) {
            assertThat(ada.gets("/entries/" + id(900) + form).getStatus()).isEqualTo(404);
            assertThat(ada.posts("/entries/" + id(900) + form, "says", "x", "sure", "yes")
                            .getStatus())
                    .isEqualTo(404);
        }
        assertThat(stage.rows.get(Stage.BEN)).hasSize(1);
    }

    @Test
    void nothing_is_ticked_beforehand_in_a_grant() throws Exception {
        assertThat(ada.reads("/consents/new"))
                .contains("Dr Rowan Oak, Harbour Clinic")
                .doesNotContain("checked");
    }

    @Test
    void a_grant_with_something_missing_is_refused_and_keeps_what_was_filled_in() throws Exception {
        var nothing = ada.posts("/consents/preview");
        assertThat(nothing.getStatus()).isEqualTo(422);
        assertThat(nothing.getContentAsString())
                .contains(
                        "Choose a person",
                        "Choose what it is for",
                        "Tick at least one chapter",
                        "Choose from which time",
                        "Choose whether later entries are included",
                        "Choose until when");

        var odd = ada.posts(
                "/consents/preview",
                grant(
                        "data",
                        "period",
                        "data-from-day",
                        "31",
                        "data-from-month",
                        "2",
                        "data-from-year",
                        "2026",
                        "term",
                        "until",
                        "until-day",
                        "20",
                        "until-month",
                        "11",
                        "until-year",
                        "2026"));
        assertThat(odd.getStatus()).isEqualTo(422);
        assertThat(odd.getContentAsString())
                .contains("Enter a real date", "The last day is over already", "value=\"31\"");

        var unknown = ada.posts(
                "/consents/preview", grant("grantee", stage.rue.account().id().toString(), "purpose", "BTG"));
        assertThat(unknown.getContentAsString()).contains("Choose a person", "Choose what it is for");
        assertThat(stage.consents.of(Stage.ADA)).noneMatch(c -> c.status() == Consent.Status.ACTIVE);
    }

    @Test
    void a_grant_is_previewed_with_counts_confirmed_listed_and_ended_with_one_button() throws Exception {
        ada = visitors.nobody().signsIn("ada");
        var preview = ada.posts("/consents/preview", grant()).getContentAsString();
        assertThat(preview)
                .contains("2 entries open now", "Laboratory", "Mental health", "sensitive", "Ada Quill", "Check what");
        assertThat(live()).isEmpty();
        assertThat(ada.posts("/consents/change", grant()).getContentAsString()).contains("checked=\"checked\"");

        for (int pressed = 0; pressed < 2; pressed++) {
            assertThat(ada.posts("/consents", grant()).getRedirectedUrl()).isEqualTo("/consents");
            ada.reads("/consents");
        }

        assertThat(live()).hasSize(1);
        var consent = live().getFirst();
        assertThat(consent.terms().chapters()).containsExactlyInAnyOrder(Chapter.LABS, Chapter.MENTAL_HEALTH);
        assertThat(consent.terms().purpose()).isEqualTo(Purpose.TREATMENT);
        assertThat(consent.terms().includesLater()).isFalse();
        assertThat(consent.terms().term().zone().getId()).isEqualTo("Europe/Berlin");
        assertThat(ada.reads("/consents")).contains("Stop sharing", "Laboratory, Mental health");

        ada.posts("/consents/" + consent.handle() + "/end");

        assertThat(live()).isEmpty();
        assertThat(ada.reads("/consents")).contains("You ended it", "The very next request is refused");
    }

    @Test
    void only_an_own_consent_can_be_ended() throws Exception {
        var bens = stage.share(stage.ben, stage.oak, Chapter.MEDICATIONS);
        ada.posts("/consents/" + bens.handle() + "/end");
        assertThat(stage.consents.of(Stage.BEN)).anyMatch(c -> c.status() == Consent.Status.ACTIVE);
    }

    @Test
    void after_a_reset_what_the_lost_seed_signed_can_still_be_ended() throws Exception {
        var twin = Stage.twin(4);
        var gil = stage.open(Role.PATIENT, "gil", "Gil Reed", "", twin);
        stage.profiles.put(twin, new Profile("Gil Reed", null, null, null));
        var consent = stage.share(gil, stage.oak, Chapter.LABS);
        var link = stage.accounts.reset(gil.account().id());
        stage.accounts.accept(link.token(), "gil", gil.account().person(), Stage.PASSWORD.toCharArray());
        var again = visitors.nobody().signsIn("gil");
        assertThat(again.reads("/account")).contains("This account was reset");

        assertThat(again.posts("/consents/" + consent.handle() + "/end").getRedirectedUrl())
                .isEqualTo("/consents");

        assertThat(stage.consents.of(twin)).noneMatch(c -> c.status() == Consent.Status.ACTIVE);
        assertThat(stage.accounts.grantsTo(stage.oak.account().id()))
                .noneMatch(g -> g.twin().equals(twin));
    }

    @Test
    void whoever_signs_with_a_key_that_nobody_can_check_is_offered_nothing_that_needs_a_proof() throws Exception {
        var twin = Stage.twin(5);
        var fay = stage.open(Role.PATIENT, "fay", "Fay Reed", "", twin);
        stage.profiles.put(twin, new Profile("Fay Reed", null, null, null));
        var before = stage.share(fay, stage.oak, Chapter.LABS);
        var link = stage.accounts.reset(fay.account().id());
        var seed = stage.accounts
                .accept(link.token(), "fay", fay.account().person(), Stage.PASSWORD.toCharArray())
                .seed();
        var empty = stage.sharedInOneHand(twin, Objects.requireNonNull(seed), before.terms());
        var again = visitors.nobody().signsIn("fay");
        assertThat(again.reads("/consents"))
                .contains("You can share nothing from here", "/download", "Stop sharing")
                .containsSubsequence("Shows nothing", "Nobody can prove that you signed this", "End this")
                .doesNotContain("/consents/new", "/amend", "/renew", "/consents/bring");
        assertThat(again.gets("/consents/new").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(again.gets("/consents/bring").getRedirectedUrl()).isEqualTo("/consents");
        var refused = again.posts("/consents/" + before.handle() + "/renew", "length", "year");
        assertThat(refused.getStatus()).isEqualTo(422);
        assertThat(refused.getContentAsString())
                .contains("Nothing was shared", "You can share nothing from here", "/download")
                .doesNotContain("provably");

        again.posts("/consents/" + empty + "/end");
        again.posts("/consents/" + before.handle() + "/end");
        assertThat(again.reads("/consents")).doesNotContain("Nobody can prove", "Stop sharing");
        assertThat(again.reads("/notices")).as("the patient ended it").contains("You have no notices yet");
    }

    @Test
    void who_looked_shows_a_visit_as_one_row_refusals_and_the_operator() throws Exception {
        var consent = stage.share(stage.ada, stage.oak, Chapter.LABS);
        var oak = stage.oak.account().looker();
        stage.door.care(oak, Purpose.TREATMENT, Stage.ADA);
        stage.door.careEntry(oak, Purpose.TREATMENT, Stage.ADA, id(11));
        stage.door.care(oak, Purpose.RESEARCH, Stage.ADA);
        stage.trail.permitted(
                Stage.ADA,
                new Looker("operator:x", "Sam", "This service", "operator"),
                "export",
                "moving house",
                List.of(),
                java.util.Set.of(),
                stage.consents.position());
        ada.reads("/timeline");

        var others = ada.reads("/lookers");
        assertThat(others)
                .contains(
                        "Dr Rowan Oak",
                        "Harbour Clinic",
                        "2 entries shown",
                        "refused",
                        "the consent is for another purpose",
                        "runs this service",
                        "moving house",
                        consent.handle().value().substring(0, 12),
                        "21 November 2026, 09:00",
                        "Europe/Berlin");
        assertThat(others.split("tk-row__title", -1)).hasSize(4);
        assertThat(ada.reads("/lookers?whose=refused")).contains("Research").doesNotContain("moving house");
        assertThat(ada.reads("/lookers?whose=all")).contains("patient");

        var csv = ada.gets("/lookers/list.csv").getContentAsString();
        assertThat(csv)
                .startsWith("time,person,")
                .containsPattern("2026-11-21T09:00:\\d\\d\\+01:00,\"Dr Rowan Oak\",\"Harbour Clinic\"")
                .contains("refused");
        assertThat(ada.gets("/lookers/list.json").getContentAsString()).contains("\"purpose\" : \"HRESCH\"");
    }

    @Test
    void everything_can_be_taken_along() throws Exception {
        var answer = ada.posts("/download");
        assertThat(answer.getContentType()).startsWith("application/fhir+json");
        assertThat(answer.getHeader("Content-Disposition")).contains("twinkeep-2026-11-21.json");
        assertThat(answer.getContentAsString()).contains("Bundle");
    }

    @Test
    void deleting_a_chapter_shows_how_much_goes_and_wants_the_words() throws Exception {
        assertThat(ada.reads("/deleted/chapter")).contains("Show what goes");
        long labs = stage.rows.get(Stage.ADA).stream()
                .filter(row -> row.chapter() == Chapter.LABS)
                .count();
        assertThat(ada.reads("/deleted/chapter?chapter=labs")).contains("All " + labs + " entries");
        assertThat(ada.posts("/deleted/chapter", "chapter", "labs", "sentence", "yes")
                        .getStatus())
                .isEqualTo(422);
        assertThat(ada.posts("/deleted/chapter", "chapter", "labs", "sentence", "Delete this chapter")
                        .getRedirectedUrl())
                .startsWith("/receipts/");
        assertThat(stage.rows.get(Stage.ADA)).noneMatch(row -> row.chapter() == Chapter.LABS);
        assertThat(ada.reads("/deleted")).contains("A chapter");
    }

    @Test
    void deleting_a_period_takes_what_began_in_it_and_wants_the_words() throws Exception {
        var dated = stage.rows.get(Stage.ADA).stream()
                .filter(row -> row.when().from() != null)
                .findFirst()
                .orElseThrow();
        var day = dated.when().from().atZone(java.time.ZoneOffset.UTC).toLocalDate();
        var days = "?from-day=%1$d&from-month=%2$d&from-year=%3$d&to-day=%1$d&to-month=%2$d&to-year=%3$d"
                .formatted(day.getDayOfMonth(), day.getMonthValue(), day.getYear());
        assertThat(ada.reads("/deleted/period" + days)).contains("in this period.", "delete this period");
        var fields = new ArrayList<String>();
        for (var pair : days.substring(1).split("&")) {
            fields.addAll(List.of(pair.split("=")));
        }
        assertThat(ada.posts("/deleted/period", fields.toArray(String[]::new)).getStatus())
                .isEqualTo(422);
        assertThat(stage.rows.get(Stage.ADA)).contains(dated);
        fields.addAll(List.of("sentence", "delete this period"));
        assertThat(ada.posts("/deleted/period", fields.toArray(String[]::new)).getRedirectedUrl())
                .startsWith("/receipts/");
        assertThat(stage.rows.get(Stage.ADA)).doesNotContain(dated);
        assertThat(ada.reads("/deleted/period?from-day=2")).contains("Give a day");
    }

    @Test
    void deleting_the_twin_says_what_goes_and_who_holds_copies_wants_the_words_and_leaves_the_receipt_alone()
            throws Exception {
        var cy = visitors.nobody().signsIn("cyf");
        var page = cy.reads("/delete-twin");
        assertThat(page).contains("All 1 entries", "Who may hold copies", "delete my twin", "salted");
        assertThat(cy.posts("/delete-twin", "sentence", "yes").getStatus()).isEqualTo(422);
        assertThat(stage.rows).containsKey(Stage.CY);

        assertThat(cy.posts("/delete-twin", "sentence", "Delete my twin").getRedirectedUrl())
                .isEqualTo("/receipt");

        assertThat(cy.reads("/receipt")).contains("Your twin is deleted").doesNotContain("Cy Fenn");
        assertThat(cy.gets("/receipt/file").getContentAsString()).contains("signature");
        for (var path : List.of("/timeline", "/consents", "/lookers", "/download", "/delete-twin", "/account")) {
            assertThat(cy.gets(path).getStatus()).as(path).isEqualTo(403);
        }
        var later = visitors.nobody().signsIn("cyf");
        assertThat(later.gets("/").getRedirectedUrl()).isEqualTo("/receipt");
        assertThat(later.reads("/receipt")).contains("Your twin is deleted");
    }

    private List<Consent> live() {
        return stage.consents.of(Stage.ADA).stream()
                .filter(c -> c.status() == Consent.Status.ACTIVE)
                .toList();
    }

    /** A whole grant, with some fields changed. */
    private String[] grant(String... changes) {
        var fields = new ArrayList<>(List.of(
                "grantee", stage.oak.account().id().toString(),
                "purpose", "TREAT",
                "chapters", "labs",
                "chapters", "mental-health",
                "data", "any",
                "later", "no",
                "term", "quarter"));
        for (int i = 0; i < changes.length; i += 2) {
            int at = fields.indexOf(changes[i]);
            if (at >= 0 && at % 2 == 0) {
                fields.set(at + 1, changes[i + 1]);
            } else {
                fields.addAll(List.of(changes[i], changes[i + 1]));
            }
        }
        return fields.toArray(String[]::new);
    }

    static String withoutId(String page) {
        return page.replaceAll("[0-9a-f]{64}", "ID");
    }
}
