package org.twinkeep.projections.clinic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.twinkeep.crypto.Chapter;
import tools.jackson.databind.JsonNode;

/**
 * Which chapter a FHIR R4 resource belongs to: by code, then wording, then category, then type; where two codes disagree,
 * the more protective chapter. The tables ({@code chapters-by-*.csv}, {@code telling-words.csv}, {@code note-codes.csv})
 * are data that a clinician can read, with the source of each list. A pure function: nothing but the resource decides. What
 * has no mapping belongs to {@code documents} and is kept whole.
 */
public final class ChapterTable {

    /** The most protective first. */
    private static final List<Chapter> PROTECTIVE = List.of(
            Chapter.SAFETY, Chapter.SEXUAL_HEALTH, Chapter.MENTAL_HEALTH, Chapter.SUBSTANCE_USE, Chapter.SOCIAL);

    private static final Map<String, String> SYSTEMS = systems();
    private static final Map<String, Chapter> TYPES = new HashMap<>();
    private static final Set<String> FIXED = new LinkedHashSet<>();
    private static final List<Category> CATEGORIES = new ArrayList<>();
    private static final Map<String, Chapter> CODES = new HashMap<>();
    private static final Map<String, TreeMap<String, Chapter>> CODE_BEGINNINGS = new HashMap<>();
    private static final Set<String> NOTE_CODES = new LinkedHashSet<>();
    private static final Wording<Optional<Chapter>> TELLING = new Wording<>();

    private record Category(String type, String code, Chapter chapter) {}

    static {
        for (var row : Csv.table(ChapterTable.class, "chapters-by-type.csv")) {
            TYPES.put(field(row, "type"), chapter(field(row, "chapter")));
            if (field(row, "fixed").equals("yes")) {
                FIXED.add(field(row, "type"));
            }
        }
        for (var row : Csv.table(ChapterTable.class, "chapters-by-category.csv")) {
            CATEGORIES.add(new Category(field(row, "type"), field(row, "category"), chapter(field(row, "chapter"))));
        }
        for (var row : Csv.table(ChapterTable.class, "chapters-by-code.csv")) {
            var code = field(row, "code");
            var chapter = chapter(field(row, "chapter"));
            if (code.endsWith("*")) {
                CODE_BEGINNINGS
                        .computeIfAbsent(field(row, "system"), _ -> new TreeMap<>())
                        .put(code.substring(0, code.length() - 1), chapter);
            } else {
                CODES.put(field(row, "system") + '|' + code, chapter);
            }
        }
        for (var row : Csv.table(ChapterTable.class, "note-codes.csv")) {
            NOTE_CODES.add(field(row, "system") + '|' + field(row, "code"));
        }
        for (var row : Csv.table(ChapterTable.class, "telling-words.csv")) {
            var chapter = field(row, "chapter");
            TELLING.add(field(row, "words"), chapter.equals("none") ? Optional.empty() : Optional.of(chapter(chapter)));
        }
    }

    private ChapterTable() {}

    /** The chapter of this resource. */
    public static Chapter chapterOf(JsonNode resource) {
        var type = Tree.type(resource);
        if (FIXED.contains(type)) {
            return TYPES.getOrDefault(type, Chapter.DOCUMENTS);
        }
        if (isNote(resource)) {
            return Chapter.DOCUMENTS;
        }
        return byCode(resource)
                .or(() -> byWording(resource))
                .or(() -> byCategory(type, resource))
                .orElseGet(() -> TYPES.getOrDefault(type, Chapter.DOCUMENTS));
    }

    /** Whether the table has a line for this resource type; what it has none for is kept whole in {@code documents}. */
    public static boolean knows(String resourceType) {
        return TYPES.containsKey(resourceType);
    }

    /** Changes whenever a table does: what was sorted by other tables has to be sorted again. */
    public static String fingerprint() {
        return Holder.FINGERPRINT;
    }

    private static final class Holder {
        private static final String FINGERPRINT = Csv.fingerprint(
                ChapterTable.class,
                "chapters-by-type.csv",
                "chapters-by-category.csv",
                "chapters-by-code.csv",
                "note-codes.csv",
                "telling-words.csv",
                "code-systems.csv");
    }

    /** A note, wherever it stands: a document, or a report that carries its text or one of the codes of notes. */
    public static boolean isNote(JsonNode resource) {
        return switch (Tree.type(resource)) {
            case "DocumentReference", "Composition" -> true;
            case "DiagnosticReport" ->
                !Tree.list(resource, "presentedForm").isEmpty()
                        || Codings.own(resource).stream().anyMatch(c -> NOTE_CODES.contains(name(c)));
            default -> false;
        };
    }

    /** The sensitive or special chapter that this code alone tells, if any. */
    static Optional<Chapter> ofCode(Codings.Coding coding) {
        var system = SYSTEMS.get(coding.system());
        if (system == null) {
            return Optional.empty();
        }
        var exact = CODES.get(system + '|' + coding.code());
        if (exact != null) {
            return Optional.of(exact);
        }
        var beginnings = CODE_BEGINNINGS.get(system);
        if (beginnings == null) {
            return Optional.empty();
        }
        for (var length = coding.code().length(); length > 0; length--) {
            var chapter = beginnings.get(coding.code().substring(0, length));
            if (chapter != null) {
                return Optional.of(chapter);
            }
        }
        return Optional.empty();
    }

    /** The chapters that a text tells by its words; of two phrases, one inside the other, the longer one speaks. */
    static Set<Chapter> toldBy(List<String> words) {
        var told = new LinkedHashSet<Chapter>();
        Wording.longest(TELLING.in(words)).forEach(meaning -> meaning.ifPresent(told::add));
        return told;
    }

    /** The short name of a code's system, or the empty string: nothing is known of it. */
    static String systemOf(Codings.Coding coding) {
        return SYSTEMS.getOrDefault(coding.system(), "");
    }

    static boolean isSensitive(Chapter chapter) {
        return PROTECTIVE.contains(chapter);
    }

    private static Optional<Chapter> byCode(JsonNode resource) {
        var own = mostProtective(Codings.own(resource).stream().flatMap(c -> ofCode(c).stream()));
        return own.or(() -> mostProtective(Codings.parts(resource).stream()
                .flatMap(c -> ofCode(c).stream())
                .filter(ChapterTable::isSensitive)));
    }

    private static Optional<Chapter> byWording(JsonNode resource) {
        var told = Codings.ownNames(resource).stream()
                .flatMap(name -> toldBy(Wording.words(name)).stream())
                .filter(ChapterTable::isSensitive);
        return mostProtective(told);
    }

    private static Optional<Chapter> byCategory(String type, JsonNode resource) {
        var own = Tree.list(resource, "category").stream()
                .flatMap(category -> Stream.concat(
                        Stream.of(Tree.string(category)),
                        Tree.list(category, "coding").stream().map(c -> Tree.string(c, "code"))))
                .toList();
        return CATEGORIES.stream()
                .filter(c -> c.type().equals(type) && own.contains(c.code()))
                .map(Category::chapter)
                .findFirst();
    }

    private static Optional<Chapter> mostProtective(Stream<Chapter> chapters) {
        return chapters.min(Comparator.comparingInt(c -> {
            var rank = PROTECTIVE.indexOf(c);
            return rank < 0 ? PROTECTIVE.size() : rank;
        }));
    }

    private static String name(Codings.Coding coding) {
        return systemOf(coding) + '|' + coding.code();
    }

    private static Map<String, String> systems() {
        var systems = new LinkedHashMap<String, String>();
        Csv.table(ChapterTable.class, "code-systems.csv")
                .forEach(row -> systems.put(field(row, "uri"), field(row, "system")));
        return Map.copyOf(systems);
    }

    private static Chapter chapter(String code) {
        return Chapter.ofCode(code)
                .orElseThrow(() -> new IllegalStateException("the chapter tables name no such chapter: " + code));
    }

    private static String field(Map<String, String> row, String name) {
        var field = row.get(name);
        if (field == null) {
            throw new IllegalStateException("the chapter tables have no column " + name);
        }
        return field;
    }
}
