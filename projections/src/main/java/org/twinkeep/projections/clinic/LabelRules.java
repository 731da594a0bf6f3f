package org.twinkeep.projections.clinic;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.Labels.Basis;
import tools.jackson.databind.JsonNode;

/**
 * Which security labels a resource has (docs/formats/labels.md): by its codes and what lies above them where a code system's
 * beginnings are its hierarchy, by the words it says, and as its source labelled it. The chapter tables are the first half of
 * the rules: what they call sensitive is labelled so. {@code sensitivity-*.csv} say the rest, line by line, with the source
 * of each. A pure function of the resource; the rules have a number and a hash.
 */
public final class LabelRules {

    /** Raised when the same tables would give other labels. */
    public static final int VERSION = 1;

    /** Under which the ledger registers them. */
    public static final String SUBJECT = "label-rules";

    private static final Set<String> CONFIDENTIALITY_SYSTEMS = Set.of(
            "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
            "http://hl7.org/fhir/v3/Confidentiality",
            "urn:oid:2.16.840.1.113883.5.25");

    private static final Set<String> SENSITIVITY_SYSTEMS = Set.of(
            "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "http://hl7.org/fhir/v3/ActCode",
            "urn:oid:2.16.840.1.113883.5.4");

    private static final String ICD_10 = "ICD-10";

    private record Label(Confidentiality level, Set<Chapter> chapters) {}

    private static final Map<String, Label> LABELS = new HashMap<>();
    private static final Map<Confidentiality, Set<Chapter>> UNNAMED = new EnumMap<>(Confidentiality.class);
    private static final Map<Chapter, Labels> OF_CHAPTERS = new EnumMap<>(Chapter.class);
    private static final Map<String, Set<String>> CODES = new HashMap<>();
    private static final Map<String, Set<String>> CODE_BEGINNINGS = new HashMap<>();
    private static final Wording<Set<String>> WORDS = new Wording<>();

    static {
        for (var row : Csv.table(LabelRules.class, "sensitivity-labels.csv")) {
            var chapters = EnumSet.noneOf(Chapter.class);
            listed(row, "chapters").forEach(code -> chapters.add(chapter(code)));
            var level = Confidentiality.valueOf(field(row, "confidentiality"));
            if (field(row, "label").isEmpty()) {
                UNNAMED.put(level, chapters);
            } else {
                LABELS.put(field(row, "label"), new Label(level, chapters));
            }
        }
        for (var row : Csv.table(LabelRules.class, "sensitivity-rules.csv")) {
            var labels = known(listed(row, "labels"));
            var system = field(row, "system");
            var code = field(row, "code");
            if (system.equals("chapter")) {
                OF_CHAPTERS.put(chapter(code), labels(labels, Basis.CHAPTER));
            } else if (code.endsWith("*")) {
                put(CODE_BEGINNINGS, key(system, code.substring(0, code.length() - 1)), labels);
            } else {
                put(CODES, key(system, code), labels);
            }
        }
        for (var row : Csv.table(LabelRules.class, "sensitivity-words.csv")) {
            WORDS.add(field(row, "words"), known(listed(row, "labels")));
        }
    }

    private LabelRules() {}

    /** Whether entries are ever given this sensitivity label. */
    public static boolean gives(String sensitivity) {
        return LABELS.containsKey(sensitivity);
    }

    /** The labels of a resource that stands in this chapter, told by itself alone. */
    public static Labels of(Chapter chapter, JsonNode resource) {
        return of(chapter, resource, Said.of(resource));
    }

    static Labels of(Chapter chapter, JsonNode resource, Said said) {
        var labels = ofChapters(Set.of(chapter), Basis.CHAPTER).and(ofSource(resource, said));
        for (var coding : said.codings()) {
            labels = labels.and(ofCode(coding));
        }
        for (var text : said.texts()) {
            labels = labels.and(ofWords(text));
        }
        for (var name : said.names()) {
            labels = labels.and(ofWords(name));
        }
        return labels;
    }

    /** What words of free text tell; a second line, which knows no "not". */
    public static Labels ofWords(String text) {
        var words = Wording.words(text);
        var told = new LinkedHashSet<String>();
        Wording.longest(WORDS.in(words)).forEach(told::addAll);
        return ofChapters(ChapterTable.toldBy(words), Basis.WORDS).and(labels(told, Basis.WORDS));
    }

    /** What this code and those above it tell. */
    static Labels ofCode(Codings.Coding coding) {
        var system = ChapterTable.systemOf(coding);
        if (system.isEmpty()) {
            return Labels.NONE;
        }
        var labels = new LinkedHashSet<String>();
        var key = key(system, coding.code());
        labels.addAll(CODES.getOrDefault(key, Set.of()));
        for (var end = key.length(); end > system.length() + 1; end--) {
            labels.addAll(CODE_BEGINNINGS.getOrDefault(key.substring(0, end), Set.of()));
        }
        var byChapter = ChapterTable.ofCode(coding).map(Set::of).orElse(Set.of());
        return ofChapters(byChapter, Basis.CODE).and(labels(labels, Basis.CODE));
    }

    /** What whatever stands in these chapters, or restates them, has at least. */
    static Labels ofChapters(Collection<Chapter> chapters, Basis basis) {
        return Labels.over(chapters.stream()
                .map(chapter -> OF_CHAPTERS.getOrDefault(chapter, Labels.NONE).because(basis))
                .toList());
    }

    /** As the source labelled it, anywhere in its tree: kept, and only ever raised. */
    private static Labels ofSource(JsonNode resource, Said said) {
        var level = Confidentiality.U;
        var labels = new LinkedHashSet<String>();
        for (var coding : said.codings()) {
            if (CONFIDENTIALITY_SYSTEMS.contains(coding.system())) {
                level = level.orHigher(Confidentiality.ofCode(coding.code()));
            }
            if (SENSITIVITY_SYSTEMS.contains(coding.system()) && LABELS.containsKey(coding.code())) {
                labels.add(coding.code());
            }
        }
        for (var node : Tree.list(resource.path("meta"), "security")) {
            var coding = Codings.Coding.of(node);
            if (SENSITIVITY_SYSTEMS.contains(coding.system()) && !LABELS.containsKey(coding.code())) {
                level = level.orHigher(Confidentiality.R);
            }
        }
        var written = Tree.string(resource, "confidentiality");
        if (!written.isEmpty()) {
            level = level.orHigher(Confidentiality.ofCode(written));
        }
        return new Labels(level.orHigher(Confidentiality.N), Labels.NONE.sensitivity())
                .and(labels(labels, Basis.SOURCE));
    }

    static Labels labels(Set<String> labels, Basis basis) {
        if (labels.isEmpty()) {
            return Labels.NONE;
        }
        var level = Confidentiality.N;
        var bases = new HashMap<String, Basis>();
        for (var label : labels) {
            level = level.orHigher(label(label).level());
            bases.put(label, basis);
        }
        return Labels.of(level, bases);
    }

    static Set<Chapter> chaptersOf(String label) {
        return label(label).chapters();
    }

    static Set<Chapter> chaptersOf(Confidentiality level) {
        return UNNAMED.getOrDefault(level, Set.of());
    }

    private static Label label(String label) {
        var found = LABELS.get(label);
        if (found == null) {
            throw new IllegalStateException("the label tables name no such label");
        }
        return found;
    }

    /** What these rules are, without the remarks of their lines: the same text, the same labels. */
    public static String canonical() {
        return "twinkeep labels " + VERSION + "\n"
                + lines("sensitivity-labels.csv", "label", "confidentiality", "chapters")
                + lines("sensitivity-rules.csv", "system", "code", "labels")
                + lines("sensitivity-words.csv", "words", "labels")
                + lines("code-systems.csv", "system", "uri")
                + lines("chapters-by-code.csv", "system", "code", "chapter")
                + lines("telling-words.csv", "words", "chapter");
    }

    /** The hash of {@link #canonical}, by which a ledger may name these rules. */
    public static String sha256() {
        return Holder.SHA_256;
    }

    private static final class Holder {
        private static final String SHA_256 = sha256(canonical());

        private static String sha256(String text) {
            try {
                var hash = MessageDigest.getInstance("SHA-256");
                return HexFormat.of().formatHex(hash.digest(text.getBytes(StandardCharsets.UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String lines(String table, String... columns) {
        var lines = new ArrayList<String>();
        for (var row : Csv.table(LabelRules.class, table)) {
            lines.add(
                    List.of(columns).stream().map(column -> field(row, column)).collect(Collectors.joining("\t")));
        }
        return table + "\n" + lines.stream().distinct().sorted().collect(Collectors.joining("\n")) + "\n";
    }

    /** ICD-10 is written with and without its dot. */
    private static String key(String system, String code) {
        return system + '|' + (system.equals(ICD_10) ? code.replace(".", "") : code);
    }

    private static void put(Map<String, Set<String>> rules, String key, Set<String> labels) {
        if (rules.put(key, labels) != null) {
            throw new IllegalStateException("the label tables have two lines for " + key);
        }
    }

    private static Set<String> known(List<String> labels) {
        labels.forEach(LabelRules::label);
        return Set.copyOf(labels);
    }

    private static List<String> listed(Map<String, String> row, String column) {
        var listed = field(row, column);
        return listed.isEmpty() || listed.equals("none") ? List.of() : List.of(listed.split(" "));
    }

    private static Chapter chapter(String code) {
        return Chapter.ofCode(code)
                .orElseThrow(() -> new IllegalStateException("the label tables name no such chapter: " + code));
    }

    private static String field(Map<String, String> row, String name) {
        var field = row.get(name);
        if (field == null) {
            throw new IllegalStateException("the label tables have no column " + name);
        }
        return field;
    }
}
