package org.twinkeep.projections.reading;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Facts;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.decision.ConsentIndex.OfTwin;
import org.twinkeep.consent.decision.Denials;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/** Asks the engine what the live consents of a twin leave of a grant, on its first day and on its last. */
final class GrantBesideOthers {

    private static final ConsentHandle NOT_YET_GRANTED = new ConsentHandle("0".repeat(64));

    private final OfTwin there;
    private final Consent grant;
    private final AccessRequest request;
    private final Map<Item, Chapter> chapters = new IdentityHashMap<>();
    private final Set<Item> toCome = Collections.newSetFromMap(new IdentityHashMap<>());

    private GrantBesideOthers(OfTwin there, Consent grant, AccessRequest request) {
        this.there = there;
        this.grant = grant;
        this.request = request;
    }

    static Beside of(OfTwin there, TwinId twin, Terms terms, String role, Whole whole, Instant now) {
        var term = terms.term();
        var grant = new Consent(NOT_YET_GRANTED, twin, 1, terms, Consent.Status.ACTIVE, now, null);
        var first = term.start().filter(now::isBefore).orElse(now);
        var onFirst = on(first, there, grant, role, whole);
        if (!onFirst.isWhole() || term.end().isEmpty()) {
            return onFirst;
        }
        return on(term.end().get().minusNanos(1), there, grant, role, whole);
    }

    private static Beside on(Instant at, OfTwin there, Consent grant, String role, Whole whole) {
        var terms = grant.terms();
        var request = new AccessRequest(grant.twin(), terms.granteeId(), role, terms.purpose(), at);
        return new GrantBesideOthers(there, grant, request).beside(whole);
    }

    private Beside beside(Whole whole) {
        var items = new ArrayList<Item>();
        for (var kept : whole.entries()) {
            if (!kept.row().withdrawn()) {
                var item = Coverage.item(kept);
                chapters.put(item, kept.row().chapter());
                items.add(item);
            }
        }
        for (var chapter : grant.terms().chapters()) {
            var item = ConsentPolicy.item(new Facts(
                    chapter, Set.of(), ofData(), ofData(), request.at().plusSeconds(1)));
            chapters.put(item, chapter);
            toCome.add(item);
            items.add(item);
        }
        var ask = ConsentPolicy.ask(request, grant.terms().purpose());
        var effect = Denials.overriding(there.rules(), grant.rules(), ask, items);
        var open = EnumSet.noneOf(Chapter.class);
        effect.left().forEach(item -> open.add(Objects.requireNonNull(chapters.get(item))));
        return new Beside(entries(effect.granted()), entries(effect.left()), Set.copyOf(open), closed(effect.denied()));
    }

    private int entries(List<Item> items) {
        return Math.toIntExact(
                items.stream().filter(item -> !toCome.contains(item)).count());
    }

    private List<Beside.Closed> closed(Map<Denials.Denial, List<Item>> denied) {
        var byConsent = new LinkedHashMap<ConsentHandle, Map<Chapter, Integer>>();
        denied.forEach((denial, items) -> {
            var counts =
                    byConsent.computeIfAbsent(there.handles().get(denial.consent()), _ -> new EnumMap<>(Chapter.class));
            items.forEach(item -> counts.merge(
                    Objects.requireNonNull(chapters.get(item)), toCome.contains(item) ? 0 : 1, Integer::sum));
        });
        return byConsent.entrySet().stream()
                .map(each -> new Beside.Closed(each.getKey(), Map.copyOf(each.getValue())))
                .toList();
    }

    /** A day of which covered entries may speak; null where any may. */
    private @Nullable Instant ofData() {
        Period period = grant.terms().dataPeriod();
        return period == null
                ? null
                : period.start()
                        .or(() -> period.end().map(end -> end.minusNanos(1)))
                        .orElse(null);
    }
}
