package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.Csv;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** Under a grant of every chapter but the sensitive ones, nothing that is labelled is shown, in no row and on no page. */
class WithoutSensitiveTest {

    /** What the labels of the rules close. */
    private static final Set<Chapter> SENSITIVE = EnumSet.of(
            Chapter.MENTAL_HEALTH, Chapter.SEXUAL_HEALTH, Chapter.SUBSTANCE_USE, Chapter.SAFETY, Chapter.GENOMICS);

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
        var read = new ReadByOthers(hospital, resources);
        var visible = read.under(EnumSet.complementOf(EnumSet.copyOf(SENSITIVE)));
        assertThat(visible)
                .allSatisfy(kept -> assertThat(kept.labels().sensitivity().keySet())
                        .as("a %s is shown with a label", kept.type())
                        .isEmpty());
        var needles = labelledWords(resources);
        var found = found(needles, visible, read);
        var labelled = read.whole.entries().stream()
                .filter(kept -> !kept.labels().isNormal())
                .count();
        System.out.printf(
                "labels person=%s entries=%d labelled=%d shown=%d words=%d found=%d%n",
                name, read.whole.entries().size(), labelled, visible.size(), needles.size(), found.size());
        assertThat(found).isEmpty();
        assertThat(visible).hasSizeGreaterThan(least);
        assertThat(found(needles, read.under(EnumSet.allOf(Chapter.class)), read))
                .as("the same search where all is shared")
                .isNotEmpty();
        return visible.size();
    }

    private static List<String> found(Set<String> needles, List<Kept> shown, ReadByOthers read) {
        var all = shown.stream().map(read::text).collect(Collectors.joining("\n"));
        return needles.stream()
                .filter(needle -> all.contains(' ' + needle + ' '))
                .toList();
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
            words.add(ReadByOthers.normal(row.getOrDefault("meaning", "")).strip());
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
                words.add(ReadByOthers.normal(Tree.string(node, "display")).strip());
                words.add(ReadByOthers.normal(Tree.string(node, "code")).strip());
            }
        }
        node.forEach(child -> walk(child, words));
    }
}
