package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.portal.web.Rows.id;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.twinkeep.crypto.Chapter;

@PageTest
class HouseRulesOfPagesTest {
    private static final List<String> PUBLIC = List.of("/", "/purposes", "/sign-in", "/recover", "/set-up/nothing");
    private static final Map<String, List<String>> PAGES = Map.of(
            "ada",
            List.of(
                    "/timeline",
                    "/timeline?q=haemo",
                    "/entries/" + id(11),
                    "/entries/" + id(12),
                    "/entries/" + id(20),
                    "/entries/" + id(20) + "/delete",
                    "/entries/" + id(11) + "/correct",
                    "/consents",
                    "/consents/new",
                    "/requests",
                    "/research",
                    "/consents/" + "ab".repeat(32) + "/receipt",
                    "/lookers",
                    "/lookers?whose=all",
                    "/lookers/list.csv",
                    "/lookers/list.json",
                    "/download",
                    "/deleted",
                    "/deleted/chapter",
                    "/deleted/chapter?chapter=labs",
                    "/deleted/period",
                    "/delete-twin",
                    "/delegates",
                    "/delegates/new",
                    "/people",
                    "/receipts/none"),
            "oak",
            List.of(
                    "/patients",
                    "/asked",
                    "/asked/new",
                    "/patients/" + Stage.ADA + "/purpose",
                    "/patients/" + Stage.ADA,
                    "/patients/" + Stage.ADA + "/chapters/labs",
                    "/patients/" + Stage.ADA + "/entries/" + id(11)),
            "rue",
            List.of("/trail", "/trail/how", "/trail/checkpoint", "/trail/0/proof"),
            "kit",
            List.of("/status", "/matters/appoint", "/matters/death"));
    private static final Map<String, List<String>> POSTS = Map.of(
            "ada",
            List.of(
                    "/entries/" + id(11) + "/correct",
                    "/entries/" + id(11) + "/delete",
                    "/consents/preview",
                    "/consents/" + "ab".repeat(32) + "/renew",
                    "/consents/" + "ab".repeat(32) + "/amend",
                    "/requests/code",
                    "/requests/none/accept",
                    "/requests/none/refuse",
                    "/research",
                    "/consents/change",
                    "/consents",
                    "/consents/" + "ab".repeat(32) + "/end",
                    "/download",
                    "/deleted/chapter",
                    "/deleted/period",
                    "/delete-twin",
                    "/delegates/new",
                    "/delegates/" + "ab".repeat(32) + "/end",
                    "/people/leave",
                    "/account/password",
                    "/account/zone",
                    "/account/new-recovery-code",
                    "/account/recovery-code",
                    "/sign-out"),
            "oak",
            List.of(
                    "/asked",
                    "/asked/none/withdraw",
                    "/patients/" + Stage.ADA + "/purpose",
                    "/patients/" + Stage.ADA + "/leave"));

    /** Attributes and elements that the content policy forbids; a page that has one would look broken or worse. */
    private static final Pattern INLINE = Pattern.compile(
            "<[^>]*\\s(style|on[a-z]+)\\s*=|<style|<script(?![^>]*\\ssrc=)|javascript:|https?://",
            Pattern.CASE_INSENSITIVE);

    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    @BeforeEach
    void begin() throws Exception {
        stage.begin();
        stage.share(stage.ada, stage.oak, Chapter.LABS, Chapter.CONDITIONS);
        visitors.named("oak").posts("/patients/" + Stage.ADA + "/purpose", "purpose", "TREAT");
    }

    @Test
    void every_answer_carries_the_strict_headers_and_is_not_stored() throws Exception {
        for (var answer : everyAnswer()) {
            assertThat(answer.getHeader("Content-Security-Policy")).isEqualTo(WebSecurity.CONTENT_POLICY);
            assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.getHeader("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.getHeader("Cache-Control")).contains("no-store");
            assertThat(answer.getHeader("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        }
    }

    @Test
    void no_page_has_code_or_style_inside_or_names_another_place() throws Exception {
        assertThat(INLINE.matcher("<p style=\"color:red\">").find()).isTrue();
        assertThat(INLINE.matcher("<a href=\"/\" onclick=\"x()\">").find()).isTrue();
        for (var answer : everyAnswer()) {
            var page = answer.getContentAsString();
            assertThat(INLINE.matcher(page).results().map(r -> r.group()).toList())
                    .isEmpty();
        }
    }

    @Test
    void every_page_is_whole_has_a_language_a_title_one_heading_and_a_skip_link_and_every_sentence() throws Exception {
        for (var answer : everyAnswer()) {
            if (answer.getContentType() == null || !answer.getContentType().startsWith("text/html")) {
                continue;
            }
            var page = answer.getContentAsString();
            assertThat(page)
                    .startsWith("<!DOCTYPE html>")
                    .contains("<html lang=\"en\"", "</html>", "href=\"#main\"", "<main id=\"main\"");
            assertThat(page).containsPattern("<title>[^<]+</title>");
            assertThat(Pattern.compile("<h1").matcher(page).results().count()).isEqualTo(1);
            assertThat(page).doesNotContain("??", " th:", "<th:", "${", "#{");
            assertThat(Pattern.compile("<label[^>]*for=\"([^\"]+)\"")
                            .matcher(page)
                            .results()
                            .map(r -> r.group(1)))
                    .allSatisfy(field -> assertThat(page).contains("id=\"" + field + "\""));
        }
    }

    @Test
    void a_page_of_another_role_is_refused_and_nobody_is_sent_to_sign_in() throws Exception {
        for (var owner : PAGES.keySet()) {
            for (var path : PAGES.get(owner)) {
                assertThat(visitors.nobody().gets(path).getRedirectedUrl())
                        .as(path)
                        .isEqualTo("/sign-in");
                for (var other : List.of("ada", "oak", "rue", "kit")) {
                    if (!other.equals(owner)) {
                        var answer = visitors.named(other).gets(path);
                        assertThat(answer.getStatus()).as(other + " " + path).isEqualTo(403);
                        assertThat(answer.getContentAsString()).isEmpty();
                    }
                }
            }
        }
    }

    @Test
    void what_no_rule_allows_is_refused_to_everybody() throws Exception {
        for (var who : List.of("ada", "oak", "rue", "kit")) {
            for (var path : List.of("/receipt", "/receipt/file", "/actuator/health", "/nothing", "/h2-console")) {
                assertThat(visitors.named(who).gets(path).getStatus()).isEqualTo(403);
            }
        }
    }

    @Test
    void a_form_without_its_token_changes_nothing() throws Exception {
        for (var owner : POSTS.keySet()) {
            for (var path : POSTS.get(owner)) {
                assertThat(visitors.named(owner).postsWithoutToken(path).getStatus())
                        .as(path)
                        .isEqualTo(403);
            }
        }
        assertThat(visitors.nobody()
                        .postsWithoutToken("/sign-in", "name", "ada", "password", Stage.PASSWORD)
                        .getStatus())
                .isNotEqualTo(200);
        assertThat(visitors.named("ada").gets("/timeline").getStatus()).isEqualTo(200);
    }

    @Test
    void posts_of_another_role_are_refused() throws Exception {
        for (var path : POSTS.get("ada")) {
            if (!path.startsWith("/account") && !path.equals("/sign-out")) {
                assertThat(visitors.named("oak").posts(path).getStatus())
                        .as(path)
                        .isEqualTo(403);
            }
        }
        for (var path : POSTS.get("oak")) {
            assertThat(visitors.named("ada").posts(path).getStatus()).as(path).isEqualTo(403);
        }
    }

    private List<MockHttpServletResponse> everyAnswer() throws Exception {
        var answers = new ArrayList<MockHttpServletResponse>();
        for (var path : PUBLIC) {
            answers.add(visitors.nobody().gets(path));
        }
        for (var owner : PAGES.keySet()) {
            for (var path : PAGES.get(owner)) {
                answers.add(visitors.named(owner).gets(path));
            }
            answers.add(visitors.named(owner).gets("/account"));
            answers.add(visitors.named(owner).gets("/notices"));
        }
        answers.add(visitors.named("elm").gets("/emergency"));
        answers.add(visitors.named("ada").gets("/emergencies"));
        answers.add(visitors.named("rue").gets("/reviews"));
        answers.add(visitors.named("oak").gets("/patients/" + Stage.NOBODYS));
        answers.add(visitors.named("ada").posts("/consents/preview"));
        answers.add(visitors.named("ada").posts("/entries/" + id(20) + "/delete"));
        answers.add(visitors.named("ada").posts("/delete-twin"));
        return answers;
    }
}
