package org.twinkeep.consent.decision;

import java.util.List;
import java.util.Set;

/** What one attribute of a provision states; it matches by any of its values. */
sealed interface Condition {

    /** The request's time, or what the item speaks of, is in it. */
    record During(Span span) implements Condition {}

    /** Codes of a fixed list, by number. */
    record Listed(Bits numbers) implements Condition {}

    /** @param levels the bits of confidentiality that match @param sensitive information sensitivity */
    record Labelled(int levels, Bits sensitive) implements Condition {}

    record Acting(List<Actor> anyOf) implements Condition {}

    /** One of these words is said of the item. */
    record Said(Set<Word> anyOf) implements Condition {}

    /** The item's chapter and every chapter that it touches are among these. */
    record Covered(Set<Word> chapters) implements Condition {}

    /** Recorded here when the consent was granted, or before. */
    record RecordedByGrant() implements Condition {}

    /** @param reference or {@link Word#ANY} @param role or {@link Word#ANY} */
    record Actor(Word reference, Word role) {}
}
