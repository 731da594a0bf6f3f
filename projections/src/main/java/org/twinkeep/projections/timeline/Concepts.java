package org.twinkeep.projections.timeline;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** Coded concepts in words. */
final class Concepts {

    /** SNOMED CT's semantic tags (Editorial Guide, "Fully specified name"): they sort concepts and are not for people. */
    private static final Pattern TAG = Pattern.compile("\\s*\\((disorder|finding|situation|procedure|regime/therapy"
            + "|morphologic abnormality|event|substance|organism|person|physical object|qualifier value|record artifact|product"
            + "|medicinal product|clinical drug|environment|observable entity|occupation|body structure|cell|cell structure"
            + "|assessment scale|staging scale|tumor staging|racial group|ethnic group|religion/philosophy|social concept"
            + "|physical force|specimen|context-dependent category|navigational concept|attribute|life style"
            + "|environment / location|geographic location|medicinal product form)\\)\\s*$");

    /** LOINC's properties of what is measured (LOINC Users' Guide, 2.3): the unit beside the value says the same. */
    private static final Pattern PROPERTY = Pattern.compile(
            "\\s*\\[(Mass|Moles|#|Units|Enzymatic activity|Volume Rate"
                    + "|Catalytic activity)/(volume|mass|area|time|Area)\\]|\\s*\\[(Presence|Volume Fraction|Entitic volume|Entitic mass"
                    + "|Mass Ratio|Molar ratio|Partial pressure|Ratio|Mass|Mass fraction|Time|Type|Susceptibility|Identifier)\\]");

    private Concepts() {}

    /** The words of a concept: the source's own text, else the first display; never a bare code. */
    static Optional<String> words(JsonNode concept) {
        if (concept.isString()) {
            return Optional.of(concept.stringValue()).filter(s -> !s.isBlank()).map(Concepts::plain);
        }
        return Stream.concat(Stream.of(Tree.string(concept, "text")), displays(concept))
                .filter(s -> !s.isBlank())
                .filter(s -> !isBareCode(concept, s))
                .findFirst()
                .map(Concepts::plain);
    }

    /** The words of the first concept that has any. */
    static Optional<String> words(List<JsonNode> concepts) {
        return concepts.stream().flatMap(c -> words(c).stream()).findFirst();
    }

    /** The semantic tag of the concept, or the empty string. */
    static String tag(JsonNode concept) {
        return Stream.concat(displays(concept), Stream.of(Tree.string(concept, "text")))
                .map(TAG::matcher)
                .filter(java.util.regex.Matcher::find)
                .map(m -> m.group(1))
                .findFirst()
                .orElse("");
    }

    /** The concept's first code. */
    static String code(JsonNode concept) {
        return Tree.list(concept, "coding").stream()
                .map(c -> Tree.string(c, "code"))
                .filter(c -> !c.isEmpty())
                .findFirst()
                .orElse("");
    }

    static boolean hasCode(JsonNode concept, String code) {
        return Tree.list(concept, "coding").stream()
                .anyMatch(c -> Tree.string(c, "code").equals(code));
    }

    /** Without tags and properties, beginning with a capital. */
    static String plain(String display) {
        var words = PROPERTY.matcher(TAG.matcher(display.strip()).replaceFirst(""))
                .replaceAll("")
                .strip();
        if (words.isEmpty()) {
            return display.strip();
        }
        return capital(words);
    }

    static String capital(String words) {
        var startsMixed = words.length() > 1 && Character.isUpperCase(words.charAt(1));
        return words.isEmpty() || startsMixed
                ? words
                : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private static Stream<String> displays(JsonNode concept) {
        return Stream.concat(
                Tree.list(concept, "coding").stream().map(c -> Tree.string(c, "display")),
                Stream.of(Tree.string(concept, "display")));
    }

    private static boolean isBareCode(JsonNode concept, String words) {
        return Tree.list(concept, "coding").stream()
                        .anyMatch(c -> Tree.string(c, "code").equals(words.strip()))
                && words.strip().chars().anyMatch(Character::isDigit);
    }
}
