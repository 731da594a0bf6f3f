package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.clinic.Csv;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** Under a grant of every chapter but the sensitive ones, nothing that is labelled is shown, in no row and on no page. */
class WithoutSensitiveTest {

    /** What the labels of the rules close. */
    private static final Set<Chapter> SENSITIVE = EnumSet.of(
            Chapter.MENTAL_HEALTH, Chapter.SEXUAL_HEALTH, Chapter.SUBSTANCE_USE, Chapter.SAFETY, Chapter.GENOMICS);

    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    @TempDir
    Path folder;

    Hospital hospital;

    @BeforeEach
    void open() throws Exception {
        hospital = new Hospital(folder);
    }

    @AfterEach
    void close() {
        hospital.close();
    }

    static Stream<Path> people() throws Exception {
        return DemoPeople.files();
    }

    @ParameterizedTest
    @MethodSource("people")
    void no_labelled_word_stands_in_what_a_demo_person_shares(Path file) throws Exception {
        check(DemoPeople.resources(file), file.getFileName().toString(), 100);
    }

    @Test
    void of_what_a_hand_labelled_nothing_is_shown_but_the_notes_that_the_words_miss() {
        var texts = new ArrayList<String>();
        texts.add(Resources.patient());
        var number = 0;
        for (var row : byHand("labelled-codes.csv")) {
            if (row.getOrDefault("system", "").equals("SNOMED CT")) {
                texts.add(Resources.condition("c" + number++, row.getOrDefault("code", ""), "As coded", ""));
            }
        }
        for (var row : byHand("labelled-notes.csv")) {
            texts.add(Resources.note("n" + number++, "", row.getOrDefault("note", "")));
        }
        texts.add(Resources.laboratory("l", "", "6.1"));
        var trees = texts.stream()
                .map(t -> Tree.of(t.getBytes(StandardCharsets.UTF_8)))
                .toList();
        var patientAndLaboratory = 2;
        var notesMissed = 5;
        assertThat(check(trees, "by hand", 1)).isEqualTo(patientAndLaboratory + notesMissed);
    }

    private int check(List<JsonNode> resources, String name, int least) {
        var twin = hospital.aTwin();
        hospital.record(twin, resources);
        var receipt = hospital.store.keys.receipt(twin);
        var whole = Built.of(hospital.store.history, receipt, twin, Clock.systemUTC());
        var visible = Coverage.of(whole, ConsentPolicy.ruling(grant(twin)));
        var pages = new Pages(hospital.store.history);
        var needles = labelledWords(resources);
        var shown = new StringBuilder();
        var labelled =
                whole.entries().stream().filter(k -> !k.labels().isNormal()).count();
        for (var kept : visible.entries()) {
            assertThat(kept.labels().sensitivity().keySet())
                    .as("a %s is shown with a label", kept.type())
                    .isEmpty();
            var row = kept.row();
            var page = pages.forOthers(receipt, twin, kept).orElseThrow();
            var text = normal(row.title() + "\n" + row.value() + "\n" + row.terms() + "\n" + row.remarks() + "\n"
                    + page.facts() + "\n" + page.text() + "\n" + page.json());
            shown.append(text);
        }
        var all = shown.toString();
        var found = needles.stream()
                .filter(needle -> all.contains(' ' + needle + ' '))
                .toList();
        System.out.printf(
                "labels person=%s entries=%d labelled=%d shown=%d words=%d found=%d%n",
                name, whole.entries().size(), labelled, visible.entries().size(), needles.size(), found.size());
        assertThat(found).isEmpty();
        assertThat(visible.entries()).hasSizeGreaterThan(least);
        assertThat(needles).isNotEmpty();
        return visible.entries().size();
    }

    private static List<Map<String, String>> byHand(String list) {
        return Csv.table(LabelRules.class, list).stream()
                .filter(row -> !row.getOrDefault("labels", "none").equals("none"))
                .toList();
    }

    /** What a hand labelled, and each display and code in the record that the rules label by itself. */
    private static Set<String> labelledWords(List<JsonNode> resources) {
        var words = new LinkedHashSet<String>();
        for (var row : byHand("labelled-codes.csv")) {
            words.add(normal(row.getOrDefault("meaning", "")).strip());
            if (row.getOrDefault("system", "").equals("SNOMED CT")) {
                words.add(row.getOrDefault("code", ""));
            }
        }
        resources.forEach(resource -> walk(resource, words));
        words.removeIf(word -> word.length() < 4);
        return words;
    }

    private static void walk(JsonNode node, Set<String> words) {
        if (node.isObject()
                && !Tree.string(node, "display").isEmpty()
                && !Tree.string(node, "code").isEmpty()) {
            var alone = Tree.of(("{\"resourceType\":\"Basic\",\"code\":{\"coding\":[" + Tree.text(node) + "]}}")
                    .getBytes(StandardCharsets.UTF_8));
            if (!LabelRules.of(Chapter.DOCUMENTS, alone).isNormal()) {
                words.add(normal(Tree.string(node, "display")).strip());
                words.add(normal(Tree.string(node, "code")).strip());
            }
        }
        node.forEach(child -> walk(child, words));
    }

    private static Consent grant(TwinId twin) {
        var terms = Hospital.terms(EnumSet.complementOf(EnumSet.copyOf(SENSITIVE)), null, true);
        return new Consent(
                new ConsentHandle("a".repeat(64)), twin, 1, terms, Consent.Status.ACTIVE, Instant.now(), null);
    }

    private static String normal(String text) {
        return ' ' + NOT_A_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ") + ' ';
    }
}
