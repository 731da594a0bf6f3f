package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.research.Duo;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.portal.accounts.AccountRefused;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.notices.Notice;
import org.twinkeep.portal.requests.Asked;
import org.twinkeep.portal.requests.RequestRefused;

class TemplatesTest {
    private static final Set<String> ELEMENTS = Set.of(
            "a",
            "area",
            "article",
            "aside",
            "body",
            "button",
            "code",
            "details",
            "div",
            "dl",
            "fieldset",
            "footer",
            "form",
            "head",
            "header",
            "input",
            "label",
            "legend",
            "li",
            "link",
            "main",
            "nav",
            "ol",
            "option",
            "p",
            "pre",
            "section",
            "select",
            "span",
            "summary",
            "table",
            "tbody",
            "td",
            "textarea",
            "th",
            "thead",
            "time",
            "title",
            "tr",
            "ul");
    private static final Pattern FRAGMENT = Pattern.compile("th:fragment=\"([a-z-]+)");
    private static final Pattern CONDITIONAL_REPLACE = Pattern.compile(
            "<[^>]*th:(if|unless)=[^>]*th:(replace|insert)=|<[^>]*th:(replace|insert)=[^>]*th:(if|unless)=");
    private static final Pattern SENTENCE = Pattern.compile("#\\{([a-z][A-Za-z0-9.-]+)[}(]");

    @Test
    void no_fragment_is_named_like_an_element_which_would_take_every_such_element_too() {
        assertThat(templates())
                .allSatisfy(template -> assertThat(found(FRAGMENT, template)).doesNotContainAnyElementsOf(ELEMENTS));
    }

    @Test
    void no_element_has_a_condition_beside_a_replacement_which_would_win() {
        assertThat("<p th:if=\"${x}\" th:replace=\"y\">").containsPattern(CONDITIONAL_REPLACE);
        assertThat(templates()).allSatisfy(template -> assertThat(template).doesNotContainPattern(CONDITIONAL_REPLACE));
    }

    @Test
    void every_sentence_that_a_page_names_is_there_and_none_asks_for_a_font_or_a_picture_from_elsewhere()
            throws IOException {
        var sentences = new Properties();
        try (var in = Files.newBufferedReader(Path.of("src/main/resources/messages.properties"))) {
            sentences.load(in);
        }
        assertThat(templates())
                .allSatisfy(template ->
                        assertThat(sentences.keySet()).containsAll(List.<Object>copyOf(found(SENTENCE, template))));
        for (var chapter : Chapter.values()) {
            assertThat(sentences).containsKey("chapter." + chapter.code());
        }
        for (var role : Role.values()) {
            assertThat(sentences).containsKey("role." + role.code());
        }
        for (var kind : Notice.Kind.values()) {
            assertThat(sentences).containsKey(kind.sentence());
        }
        for (var why : RequestRefused.Why.values()) {
            assertThat(sentences).containsKey(why.sentence());
        }
        for (var state : Asked.State.values()) {
            assertThat(sentences).containsKeys("asked.state." + state, "requests.state." + state);
        }
        for (var duo : Duo.values()) {
            assertThat(sentences).containsKey("duo." + duo);
        }
        for (var why : AccountRefused.Why.values()) {
            assertThat(sentences).containsKey("account." + why.name());
        }
        assertThat(Files.readString(Path.of("src/main/resources/static/assets/twinkeep.css")))
                .doesNotContain("url(", "@import", "@font-face", "Frutiger");
    }

    @Test
    void every_page_that_shows_a_purpose_leads_to_what_it_means() {
        assertThat(templates())
                .filteredOn(template -> template.contains("words.purpose("))
                .isNotEmpty()
                .allSatisfy(template -> assertThat(template).containsAnyOf("/purposes", "parts :: purpose("));
    }

    private static List<String> found(Pattern pattern, String template) {
        return pattern.matcher(template).results().map(match -> match.group(1)).toList();
    }

    private static List<String> templates() {
        try (var files = Files.walk(Path.of("src/main/resources/templates"))) {
            return files.filter(Files::isRegularFile).map(TemplatesTest::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
