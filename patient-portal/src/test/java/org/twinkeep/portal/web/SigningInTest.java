package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;

@PageTest
class SigningInTest {
    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    @BeforeEach
    void begin() {
        stage.begin();
    }

    @Test
    void each_role_comes_to_its_own_first_page() throws Exception {
        assertThat(visitors.named("ada").gets("/").getRedirectedUrl()).isEqualTo("/timeline");
        assertThat(visitors.named("oak").gets("/").getRedirectedUrl()).isEqualTo("/patients");
        assertThat(visitors.named("rue").gets("/").getRedirectedUrl()).isEqualTo("/trail");
        assertThat(visitors.named("kit").gets("/").getRedirectedUrl()).isEqualTo("/status");
    }

    @Test
    void a_wrong_password_and_an_unknown_name_read_the_same_page() throws Exception {
        var wrong = visitors.nobody().posts("/sign-in", "name", "cyf", "password", "wrong wrong wrong");
        var unknown = visitors.nobody().posts("/sign-in", "name", "xyz", "password", "wrong wrong wrong");

        assertThat(wrong.getStatus()).isEqualTo(422).isEqualTo(unknown.getStatus());
        assertThat(untokened(wrong.getContentAsString()).replace("\"cyf\"", "\"xyz\""))
                .isEqualTo(untokened(unknown.getContentAsString()));
        assertThat(wrong.getContentAsString()).doesNotContain("wrong wrong wrong");
    }

    @Test
    void the_first_page_of_a_demo_says_how_to_sign_in() throws Exception {
        assertThat(visitors.nobody().reads("/")).contains("Ada Quill", Stage.PASSWORD, "What to try");
    }

    @Test
    void signing_out_ends_the_session() throws Exception {
        var elm = visitors.nobody().signsIn("elm");
        assertThat(elm.gets("/patients").getStatus()).isEqualTo(200);
        assertThat(elm.posts("/sign-out").getRedirectedUrl()).isEqualTo("/sign-in?out");
        assertThat(elm.gets("/patients").getRedirectedUrl()).isEqualTo("/sign-in");
    }

    @Test
    void a_set_up_link_makes_an_account_shows_the_recovery_code_once_and_is_over() throws Exception {
        var link = stage.accounts.invite(Role.PATIENT, new Person("Dee Low", "", ZoneOffset.UTC, Locale.UK), null);
        var dee = visitors.nobody();
        assertThat(dee.reads(link.path())).contains("Dee Low", "patient");
        assertThat(dee.posts(
                                link.path(),
                                "person",
                                "Dee Low",
                                "name",
                                "dee",
                                "zone",
                                "Europe/Paris",
                                "password",
                                "a long word here",
                                "again",
                                "another long word")
                        .getStatus())
                .isEqualTo(422);

        var made = dee.posts(
                link.path(),
                "person",
                "Dee Low",
                "name",
                "dee",
                "zone",
                "Europe/Paris",
                "password",
                "a long word here",
                "again",
                "a long word here");

        assertThat(made.getRedirectedUrl()).isEqualTo("/account/recovery-code");
        var code = find("id=\"recovery-code\">([0-9A-Z-]{29})<", dee.reads("/account/recovery-code"));
        assertThat(dee.posts("/account/recovery-code").getRedirectedUrl()).isEqualTo("/timeline");
        assertThat(dee.gets("/account/recovery-code").getRedirectedUrl()).isEqualTo("/account");
        assertThat(visitors.nobody().gets(link.path()).getStatus()).isEqualTo(404);
        assertThat(dee.gets("/timeline").getStatus()).isEqualTo(404);
        assertThat(dee.gets("/timeline").getContentAsString()).contains("No record is linked yet");

        var again = visitors.nobody();
        assertThat(again.posts(
                                "/recover",
                                "name",
                                "dee",
                                "code",
                                code,
                                "password",
                                "yet another word",
                                "again",
                                "yet another word")
                        .getRedirectedUrl())
                .isEqualTo("/account/recovery-code");
        assertThat(dee.gets("/account").getRedirectedUrl()).isEqualTo("/sign-in?ended");
        assertThat(again.reads("/account/recovery-code")).doesNotContain(code);
    }

    @Test
    void changing_the_password_ends_the_other_sessions_and_a_reset_ends_all() throws Exception {
        stage.accounts.open(
                Role.AUDITOR,
                "pat",
                new Person("Pat Vole", "Oversight", ZoneOffset.UTC, Locale.UK),
                null,
                Stage.PASSWORD.toCharArray());
        var here = visitors.nobody().signsIn("pat");
        var there = visitors.nobody().signsIn("pat");
        assertThat(here.posts(
                                "/account/password",
                                "present",
                                "wrong wrong wrong",
                                "password",
                                "a new long word",
                                "again",
                                "a new long word")
                        .getStatus())
                .isEqualTo(422);

        here.posts(
                "/account/password",
                "present",
                Stage.PASSWORD,
                "password",
                "a new long word",
                "again",
                "a new long word");

        assertThat(here.gets("/trail").getStatus()).isEqualTo(200);
        assertThat(there.gets("/trail").getRedirectedUrl()).isEqualTo("/sign-in?ended");
        stage.accounts.reset(stage.accounts.bySignIn("pat").orElseThrow().id());
        assertThat(here.gets("/trail").getRedirectedUrl()).isEqualTo("/sign-in?ended");
    }

    @Test
    void the_time_zone_can_be_changed_and_only_to_one_that_exists() throws Exception {
        var ben = visitors.named("ben");
        assertThat(ben.posts("/account/zone", "zone", "Moon/Tycho").getStatus()).isEqualTo(422);
        ben.posts("/account/zone", "zone", "Pacific/Auckland");
        assertThat(ben.reads("/account")).contains("selected=\"selected\">Pacific/Auckland");
    }

    static String untokened(String page) {
        return page.replaceAll("name=\"_csrf\" value=\"[^\"]*\"", "");
    }

    static String find(String regex, String in) {
        var matcher = Pattern.compile(regex).matcher(in);
        assertThat(matcher.find()).as(regex).isTrue();
        return matcher.group(1);
    }
}
