package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.portal.notices.Notice.Kind;
import org.twinkeep.portal.notices.Notice.Word;

@PageTest
class NoticesPageTest {
    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    @BeforeEach
    void begin() {
        stage.begin();
        for (var who : List.of(stage.ada, stage.elm)) {
            stage.notices
                    .list(who.account().id(), 0, 1)
                    .forEach(last -> stage.notices.readUpTo(who.account().id(), last.number()));
        }
    }

    @Test
    void whoever_was_told_nothing_reads_so_and_sees_no_count() throws Exception {
        assertThat(visitors.named("fir").reads("/notices"))
                .contains("You have no notices yet")
                .doesNotContain("tk-count");
    }

    @Test
    void a_notice_is_counted_on_every_page_until_it_is_followed() throws Exception {
        stage.notices.tell(
                stage.ada.account().id(),
                Notice.of(Kind.CONSENT_ENDED, "/consents", Word.purpose("TREAT"), Word.text("Dr <b>Rowan</b> Oak")));
        var ada = visitors.named("ada");

        assertThat(ada.reads("/timeline")).contains("tk-count");
        assertThat(ada.reads("/notices"))
                .contains("What you shared with Dr &lt;b&gt;Rowan&lt;/b&gt; Oak (Treatment) has ended", ">new<");
        assertThat(visitors.named("elm").reads("/notices")).doesNotContain("Rowan");

        long number =
                stage.notices.list(stage.ada.account().id(), 0, 1).getFirst().number();
        assertThat(ada.posts("/notices/" + number + "/open").getRedirectedUrl()).isEqualTo("/consents");
        assertThat(ada.reads("/notices")).doesNotContain("tk-count", ">new<").contains("has ended");
    }

    @Test
    void many_notices_are_paged_and_marked_as_read_together() throws Exception {
        for (int i = 1; i <= 30; i++) {
            stage.notices.tell(stage.elm.account().id(), Notice.of(Kind.GRANT_ENDED, "/patients"));
        }
        var elm = visitors.named("elm");
        var first = elm.reads("/notices");
        assertThat(first).contains("Page 1 of 2", "Mark all as read");
        assertThat(elm.reads("/notices?page=2")).contains("Page 2 of 2");
        assertThat(elm.gets("/notices?page=two").getStatus()).isEqualTo(404);

        long newest =
                stage.notices.list(stage.elm.account().id(), 0, 1).getFirst().number();
        elm.posts("/notices/read", "upTo", Long.toString(newest));
        assertThat(elm.reads("/notices"))
                .contains("All notices are marked as read")
                .doesNotContain("tk-count");
    }

    @Test
    void somebody_else_s_notice_is_not_opened() throws Exception {
        stage.notices.tell(stage.elm.account().id(), Notice.of(Kind.GRANT_ENDED, "/patients"));
        long number =
                stage.notices.list(stage.elm.account().id(), 0, 1).getFirst().number();
        assertThat(visitors.named("oak").posts("/notices/" + number + "/open").getRedirectedUrl())
                .isEqualTo("/notices");
        assertThat(visitors.nobody().gets("/notices").getRedirectedUrl()).isEqualTo("/sign-in");
    }
}
