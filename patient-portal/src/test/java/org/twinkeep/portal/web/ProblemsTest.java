package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.twinkeep.portal.web.Rows.id;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.projections.reading.ViewsUnavailable;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinRefused;

@PageTest
@ExtendWith(OutputCaptureExtension.class)
class ProblemsTest {
    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    @BeforeEach
    void begin() {
        stage.begin();
    }

    @Test
    void what_cannot_be_reached_is_said_calmly_and_shows_nothing() throws Exception {
        var cause = new IllegalStateException("Haemoglobin A1c 6.1");
        for (var trouble : List.<Supplier<RuntimeException>>of(
                () -> new TrailUnwritable("full disk", cause),
                () -> new LedgerUnavailable("cut off", cause),
                () -> new StoreUnavailable("full disk", cause),
                () -> new ViewsUnavailable("full disk", cause),
                () -> new VaultUnavailable("no key"))) {
            stage.trouble = trouble;
            for (var path : List.of("/timeline", "/entries/" + id(11), "/delete-twin")) {
                var answer = visitors.named("ada").gets(path);
                assertThat(answer.getStatus()).isEqualTo(503);
                assertThat(answer.getContentAsString())
                        .contains("Not available at the moment")
                        .doesNotContain("disk", "Haemoglobin");
            }
            var download = visitors.named("ada").posts("/download");
            assertThat(download.getStatus()).isEqualTo(503);
            assertThat(download.getHeader("Content-Disposition")).isNull();
        }
    }

    @Test
    void a_refusal_says_which_rule() throws Exception {
        stage.trouble = () -> new TwinRefused("This twin is being erased.");
        var answer = visitors.named("ada").gets("/timeline");
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString()).contains("This cannot be done", "This twin is being erased.");
    }

    @Test
    void a_bug_is_ours_and_its_message_stands_neither_on_the_page_nor_in_the_log(CapturedOutput output)
            throws Exception {
        stage.trouble = () -> new IllegalStateException("Haemoglobin A1c 6.1", new RuntimeException("zebra"));
        var answer = visitors.named("ada").gets("/timeline");

        assertThat(answer.getStatus()).isEqualTo(500);
        assertThat(answer.getContentAsString()).contains("on our side").doesNotContain("Haemoglobin", "Exception");
        assertThat(output.getAll())
                .contains("java.lang.IllegalStateException", "caused by java.lang.RuntimeException")
                .doesNotContain("Haemoglobin", "zebra");
    }

    @Test
    void a_request_that_makes_no_sense_is_not_our_fault() throws Exception {
        assertThat(visitors.named("ada").gets("/timeline?page=x").getStatus()).isBetween(400, 404);
        assertThat(visitors.named("ada").gets("/consents/preview").getStatus()).isEqualTo(405);
        assertThat(visitors.named("rue").gets("/trail/x/proof").getStatus()).isBetween(400, 404);
        assertThat(visitors.named("rue").gets("/trail/999999/proof").getStatus())
                .isEqualTo(404);
    }
}
