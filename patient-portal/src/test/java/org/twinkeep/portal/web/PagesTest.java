package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.web.servlet.MockMvc;

@SpringBootTest(classes = StageWiring.class)
@AutoConfigureMockMvc
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_CLASS)
class PagesTest {
    @Autowired
    MockMvc mvc;

    @Autowired
    Stage stage;

    @Test
    void pages_of_everybody_render() throws Exception {
        var pages = new ArrayList<String>();
        var nobody = new Visitor(mvc);
        for (var path : List.of("/", "/sign-in", "/recover")) {
            pages.add(nobody.reads(path));
        }
        var ada = new Visitor(mvc).signsIn("ada");
        for (var path : List.of(
                "/timeline",
                "/timeline?q=haemo",
                "/consents",
                "/consents/new",
                "/lookers",
                "/lookers?whose=all",
                "/download",
                "/delete-twin",
                "/account",
                "/entries/" + Rows.id(11),
                "/entries/" + Rows.id(12),
                "/entries/" + Rows.id(20),
                "/entries/" + Rows.id(20) + "/delete",
                "/entries/" + Rows.id(11) + "/correct")) {
            pages.add(ada.reads(path));
        }
        pages.add(new Visitor(mvc).signsIn("oak").reads("/patients"));
        var rue = new Visitor(mvc).signsIn("rue");
        pages.add(rue.reads("/trail"));
        pages.add(rue.reads("/trail/how"));
        pages.add(new Visitor(mvc).signsIn("kit").reads("/status"));
        assertThat(pages)
                .allSatisfy(page -> assertThat(page).contains("</html>").doesNotContain("??"));
    }
}
