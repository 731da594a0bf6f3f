package org.twinkeep.consent.decision;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.twinkeep.consent.decision.Word.Kind;

/** What is said of an asker or an item, as numbers of a vocabulary. Words that no consent says are left out. */
final class Words {
    private Words() {}

    /** IHE PCF, data with a relationship to an encounter, an episode or a plan. */
    static boolean isToCare(String reference) {
        return reference.startsWith("Encounter/")
                || reference.startsWith("EpisodeOfCare/")
                || reference.startsWith("CarePlan/");
    }

    static Set<Word> ofClass(Item item) {
        var words = new LinkedHashSet<Word>();
        words.add(Word.of(Kind.TYPE, item.type()));
        for (var profile : item.profiles()) {
            words.add(Word.of(Kind.PROFILE, profile));
            int version = profile.indexOf('|');
            if (version >= 0) {
                words.add(Word.of(Kind.PROFILE, profile.substring(0, version)));
            }
        }
        item.classes().forEach(code -> words.add(Word.of(Kind.CLASS, code)));
        return words;
    }

    static Set<Word> ofCodes(Item item) {
        var words = new LinkedHashSet<Word>();
        item.codes().forEach(code -> words.add(Word.of(Kind.CODE, code)));
        return words;
    }

    /** Its chapter and those that it touches. */
    static Set<Word> ofChapters(Item item) {
        var words = new LinkedHashSet<Word>();
        for (var code : item.classes()) {
            if (code.system().equals(Code.CHAPTERS)) {
                words.add(Word.of(Kind.CLASS, code));
            }
        }
        return words;
    }

    /** FHIR consent-data-meaning (docs/formats/consent-decision.md, 8). */
    static Set<Word> ofData(Item item) {
        var words = new LinkedHashSet<Word>();
        words.add(Word.of(Kind.INSTANCE, item.reference()));
        words.add(Word.of(Kind.RELATED, item.reference()));
        words.add(Word.of(Kind.DEPENDENT, item.reference()));
        item.referredBy().forEach(reference -> words.add(Word.of(Kind.RELATED, reference)));
        var held = new LinkedHashSet<>(item.refersTo());
        if (item.encounter() != null) {
            held.add(item.encounter());
        }
        for (var reference : held) {
            words.add(Word.of(Kind.DEPENDENT, reference));
            words.add(Word.of(Kind.RELATED_TO_CARE, reference));
        }
        item.authors().forEach(author -> words.add(Word.of(Kind.AUTHOR, author)));
        if (item.authors().isEmpty()) {
            words.add(Word.NO_AUTHOR);
        }
        return words;
    }

    static int[] numbers(Collection<Word> words, Vocabulary vocabulary) {
        var numbers = new int[words.size()];
        int known = 0;
        for (var word : words) {
            int number = vocabulary.find(word);
            if (number != Vocabulary.UNSAID) {
                numbers[known++] = number;
            }
        }
        return Arrays.copyOf(numbers, known);
    }
}
