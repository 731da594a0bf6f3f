package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.ChapterTable;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/**
 * For each chapter X: under a grant of everything but X, no code or display that is only X's own stands in any row or page,
 * attachments decoded.
 */
class EverythingButTest {

    private static final List<String> OWN =
            List.of("code", "type", "vaccineCode", "medicationCodeableConcept", "procedureCode", "suppliedItem");

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
    void nothing_of_a_hidden_chapter_stands_in_what_a_demo_person_shares(Path file) throws Exception {
        check(DemoPeople.resources(file), 100);
    }

    @Test
    void nothing_of_a_hidden_chapter_stands_in_hand_made_entries() {
        var texts = List.of(
                Resources.patient(),
                Resources.visit("v1", "2020-03-04T10:00:00Z"),
                Resources.bronchitis("c1", "v1"),
                Resources.abuse("c2", "v1"),
                Resources.condition("c3", "36923009", "Major depression, single episode", "v1"),
                Resources.condition("c4", "7200002", "Alcoholism", "v1"),
                Resources.condition("c5", "72892002", "Normal pregnancy", "v1"),
                Resources.condition("c6", "32911000", "Homeless (finding)", "v1"),
                Resources.laboratory("l1", "v1", "6.10"),
                Resources.note("n1", "v1", "Nothing told."),
                Resources.note("n2", "", "Has ACUTE BRONCHITIS,\nvictim of intimate-partner abuse (finding)."),
                Resources.note("n3", "", "Major depression; single episode. glucose in serum or plasma was 6"),
                Resources.note("n4", "", "She is allergic: peanut (substance). Insured by Sunflower Mutual."),
                Resources.note("n5", "", "Homeless since May. Normal pregnancy. Alcoholism denied."),
                Resources.bill("b1", "v1", "c2", "Acute bronchitis (disorder)"),
                Resources.bill("b2", "v1", "c1", "Normal pregnancy"),
                Resources.allergy("a1"));
        var trees = texts.stream()
                .map(t -> Tree.of(t.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .toList();
        check(trees, 1);
    }

    private void check(List<JsonNode> resources, int least) {
        var read = new ReadByOthers(hospital, resources);
        assertThat(read.whole.entries()).hasSize(resources.size());
        var own = own(resources);
        for (var hidden : Chapter.values()) {
            var visible = read.under(Hospital.allBut(hidden));
            var only = onlyOf(hidden, own);
            for (var kept : visible) {
                var text = read.text(kept);
                assertThat(only.stream()
                                .filter(telling -> telling.standsIn(text))
                                .toList())
                        .as("%s is hidden, but stands in a %s", hidden, kept.type())
                        .isEmpty();
            }
            if (!List.of(Chapter.ENCOUNTERS, Chapter.VITALS).contains(hidden)) {
                assertThat(visible).hasSizeGreaterThan(least);
            }
        }
    }

    // --- what is a chapter's own, told without the code under test

    private record Telling(String words) {
        boolean standsIn(String text) {
            return text.contains(' ' + words + ' ');
        }
    }

    private static Map<Chapter, Set<Telling>> own(List<JsonNode> resources) {
        var own = new EnumMap<Chapter, Set<Telling>>(Chapter.class);
        for (var resource : resources) {
            var tellings = own.computeIfAbsent(ChapterTable.chapterOf(resource), _ -> new LinkedHashSet<>());
            for (var field : OWN) {
                Tree.list(resource, field).forEach(concept -> tell(concept, tellings));
            }
            if (Tree.type(resource).equals("CarePlan")) {
                Tree.list(resource, "category").forEach(concept -> tell(concept, tellings));
            }
        }
        return own;
    }

    private static void tell(JsonNode concept, Set<Telling> tellings) {
        for (var coding : Tree.list(concept, "coding")) {
            add(Tree.string(coding, "display"), tellings);
            var system = Tree.string(coding, "system");
            if (system.equals("http://snomed.info/sct")
                    || system.equals("http://loinc.org")
                    || system.contains("rxnorm")) {
                add(Tree.string(coding, "code"), tellings);
            }
        }
        Tree.list(concept, "itemCodeableConcept").forEach(c -> tell(c, tellings));
    }

    private static void add(String words, Set<Telling> tellings) {
        var normal = ReadByOthers.normal(words).strip();
        if (normal.length() >= 4) {
            tellings.add(new Telling(normal));
        }
    }

    private static List<Telling> onlyOf(Chapter chapter, Map<Chapter, Set<Telling>> own) {
        var elsewhere = new ArrayList<String>();
        own.forEach((other, tellings) -> {
            if (other != chapter) {
                tellings.forEach(t -> elsewhere.add(' ' + t.words() + ' '));
            }
        });
        return own.getOrDefault(chapter, Set.of()).stream()
                .filter(t -> elsewhere.stream().noneMatch(e -> e.contains(' ' + t.words() + ' ')))
                .toList();
    }
}
