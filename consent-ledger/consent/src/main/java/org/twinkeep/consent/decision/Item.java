package org.twinkeep.consent.decision;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decision knows of one thing in a record; a missing set is an empty one, and that is a fact about the item.
 *
 * @param start and end: what it speaks of, as FHIR dates, both included; one missing: open on that side; both: undated
 * @param refersTo references that it holds
 * @param referredBy instances that hold a reference to it
 * @param recordedAt when it came here; read by consents of our own shape alone
 */
public record Item(
        String reference,
        String type,
        Set<String> profiles,
        Set<Code> classes,
        Set<Code> codes,
        Set<Code> labels,
        @Nullable String start,
        @Nullable String end,
        Set<String> authors,
        @Nullable String encounter,
        Set<String> refersTo,
        Set<String> referredBy,
        @Nullable Instant recordedAt) {

    public Item {
        profiles = Set.copyOf(profiles);
        classes = Set.copyOf(classes);
        codes = Set.copyOf(codes);
        labels = Set.copyOf(labels);
        authors = Set.copyOf(authors);
        refersTo = Set.copyOf(refersTo);
        referredBy = Set.copyOf(referredBy);
    }

    /** An entry of ours: known by its chapters and times alone. */
    public static Item of(
            Set<Code> chapters, @Nullable String start, @Nullable String end, @Nullable Instant recordedAt) {
        return new Item(
                "",
                "",
                Set.of(),
                chapters,
                Set.of(),
                Set.of(),
                start,
                end,
                Set.of(),
                null,
                Set.of(),
                Set.of(),
                recordedAt);
    }

    @Override
    public String toString() {
        return "Item";
    }
}
