package org.twinkeep.projections.reading;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Facts;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.consent.decision.Ruling;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;

/**
 * What consents let others see of a view: the one filter of every answer and every count. Withdrawn entries are not shown
 * to others; a row names no visit that is hidden; what looks implausible is for the patient.
 */
final class Coverage {
    private Coverage() {}

    static Whole of(Whole whole, Ruling ruling) {
        return of(whole, kept -> ruling.decide(item(kept)).visible());
    }

    /** What an emergency opens; nothing that the patient keeps closer. */
    static Whole of(Whole whole, Emergency emergency) {
        return of(whole, kept -> !kept.row().keptCloser() && emergency.covers(facts(kept.row())));
    }

    private static Whole of(Whole whole, Predicate<Kept> covers) {
        var visible = whole.entries().stream()
                .filter(k -> !k.row().withdrawn() && covers.test(k))
                .toList();
        var ids = new HashSet<EntryId>();
        visible.forEach(k -> ids.add(k.row().entry()));
        return new Whole(
                whole.profile(),
                visible.stream().map(k -> k.with(shared(k.row(), ids))).toList());
    }

    /** What stands in these chapters and touches no other: for a delegate, who reads it as the patient does. */
    static Whole within(Whole whole, Set<Chapter> chapters) {
        var visible = whole.entries().stream()
                .filter(k -> chapters.contains(k.row().chapter())
                        && chapters.containsAll(k.row().touches()))
                .toList();
        var ids = new HashSet<EntryId>();
        visible.forEach(k -> ids.add(k.row().entry()));
        return new Whole(
                whole.profile(),
                visible.stream()
                        .map(k -> {
                            var visit = k.row().visit();
                            return visit == null || ids.contains(visit)
                                    ? k
                                    : k.with(k.row().withVisit(null));
                        })
                        .toList());
    }

    /** Without what owes something that whoever shows it does not do. */
    static Whole owingNoMoreThan(Set<Obligation> carriedOut, Whole whole) {
        return new Whole(
                whole.profile(),
                whole.entries().stream()
                        .filter(kept -> carriedOut.containsAll(Obligations.of(kept)))
                        .toList());
    }

    /** An entry, as the engine takes it. */
    static Item item(Kept kept) {
        return ConsentPolicy.item(
                facts(kept.row()),
                kept.type() + "/" + kept.row().entry(),
                kept.type(),
                kept.labels().codes());
    }

    private static Facts facts(Row row) {
        return new Facts(
                row.chapter(), row.touches(), row.when().from(), row.when().to(), row.recordedAt());
    }

    private static Row shared(Row row, HashSet<EntryId> visible) {
        var visit = row.visit();
        var named = visit == null || visible.contains(visit) ? row : row.withVisit(null);
        return named.marks().isEmpty() ? named : named.withMarks(List.of());
    }
}
