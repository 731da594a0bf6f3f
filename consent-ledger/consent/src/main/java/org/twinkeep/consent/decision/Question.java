package org.twinkeep.consent.decision;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.Word.Kind;

/** One asker and one item in the numbers of a vocabulary; what only some consents ask for is looked up when they do. */
final class Question {

    private final Vocabulary vocabulary;
    private final Ask ask;
    private final Item item;
    final int[] actors;
    final int[] roles;
    final Purposes.@Nullable Asked purpose;
    final int action;
    final Labels.OfItem labels;
    private final boolean isSameInAllZones;
    private int @Nullable [] classes;
    private int @Nullable [] codes;
    private int @Nullable [] data;
    private int @Nullable [] chapters;
    private boolean hasUnknownChapter;
    private int zoneOfSpan = -1;
    private @Nullable Span span;

    Question(Vocabulary vocabulary, Ask ask, Item item) {
        this.vocabulary = vocabulary;
        this.ask = ask;
        this.item = item;
        var references = new ArrayList<Word>(ask.actors().size());
        ask.actors().forEach(actor -> references.add(Word.of(Kind.REFERENCE, actor)));
        this.actors = Words.numbers(references, vocabulary);
        var held = new ArrayList<Word>(ask.roles().size());
        ask.roles().forEach(role -> held.add(Word.of(Kind.ROLE, role)));
        this.roles = Words.numbers(held, vocabulary);
        this.purpose = Purposes.asked(ask.purpose()).orElse(null);
        this.action = ask.action() == null ? -1 : Actions.numberOf(ask.action()).orElse(-1);
        this.labels = Labels.of(item.labels());
        this.isSameInAllZones = isSameInAllZones(item.start()) && isSameInAllZones(item.end());
    }

    boolean hasPurpose() {
        return purpose != null;
    }

    Purposes.Asked purpose() {
        return Objects.requireNonNull(purpose, "asked only where there is one");
    }

    Instant at() {
        return ask.at();
    }

    @Nullable
    Instant recordedAt() {
        return item.recordedAt();
    }

    int[] classes() {
        if (classes == null) {
            classes = Words.numbers(Words.ofClass(item), vocabulary);
        }
        return classes;
    }

    int[] codes() {
        if (codes == null) {
            codes = Words.numbers(Words.ofCodes(item), vocabulary);
        }
        return codes;
    }

    int[] data() {
        if (data == null) {
            data = Words.numbers(Words.ofData(item), vocabulary);
        }
        return data;
    }

    int[] chapters() {
        if (chapters == null) {
            var words = Words.ofChapters(item);
            chapters = Words.numbers(words, vocabulary);
            hasUnknownChapter = chapters.length < words.size();
        }
        return chapters;
    }

    /** Some chapter of the item is in no consent at all. */
    boolean hasUnknownChapter() {
        return chapters().length == 0 || hasUnknownChapter;
    }

    boolean isUndated() {
        return item.start() == null && item.end() == null;
    }

    /** What the item speaks of, in the zone of a consent; null when it has no form of a date. */
    @Nullable
    Span span(int zone) {
        if (zoneOfSpan < 0 || (zone != zoneOfSpan && !isSameInAllZones)) {
            span = span(item, zone);
            zoneOfSpan = zone;
        }
        return span;
    }

    /** Whether its dates can be read at all, and it does not end before it begins. */
    boolean isReadable() {
        if (isUndated()) {
            return true;
        }
        var inUtc = span(Vocabulary.UTC);
        return inUtc != null && !inUtc.isBackwards();
    }

    private static boolean isSameInAllZones(@Nullable String date) {
        return date == null || Span.isTime(date);
    }

    private @Nullable Span span(Item of, int number) {
        var zone = vocabulary.zone(number);
        var from = of.start() == null ? Span.ALWAYS : Span.of(of.start(), zone).orElse(null);
        var to = of.end() == null ? Span.ALWAYS : Span.of(of.end(), zone).orElse(null);
        if (from == null || to == null) {
            return null;
        }
        return new Span(from.first(), to.last());
    }
}
