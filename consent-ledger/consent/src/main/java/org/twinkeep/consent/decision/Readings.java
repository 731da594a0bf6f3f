package org.twinkeep.consent.decision;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.FhirConsent;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.decision.Condition.Acting;
import org.twinkeep.consent.decision.Condition.Actor;
import org.twinkeep.consent.decision.Condition.Covered;
import org.twinkeep.consent.decision.Condition.During;
import org.twinkeep.consent.decision.Condition.Listed;
import org.twinkeep.consent.decision.Condition.RecordedByGrant;
import org.twinkeep.consent.decision.Word.Kind;

/** One way into the engine for each dialect. */
final class Readings {
    private Readings() {}

    static Reading of(Dialect dialect, byte[] json) {
        return switch (dialect) {
            case R4 -> ConsentReader.r4(json);
            case R5 -> ConsentReader.r5(json);
            case OURS -> FhirConsent.read(json).map(Readings::ours).orElse(new Reading.Unread("Consent"));
        };
    }

    /** What {@link FhirConsent} read back to the last byte: an opt-out with one permit (docs/formats/consent.md). */
    private static Reading ours(FhirConsent consent) {
        var terms = consent.terms();
        var conditions = new EnumMap<Attribute, Condition>(Attribute.class);
        var grantee = Word.of(Kind.REFERENCE, FhirConsent.GRANTEE_SYSTEM + "|" + terms.granteeId());
        conditions.put(Attribute.ACTOR, new Acting(List.of(new Actor(grantee, Word.ANY))));
        var purpose =
                Purposes.numberOf(new Code(Purposes.SYSTEM, terms.purpose().code()));
        conditions.put(Attribute.PURPOSE, new Listed(Bits.NONE.with(purpose.orElseThrow())));
        conditions.put(Attribute.PERIOD, new During(span(terms.term())));
        conditions.put(
                Attribute.CHAPTERS,
                new Covered(terms.chapters().stream()
                        .map(chapter -> Word.of(Kind.CLASS, new Code(Code.CHAPTERS, chapter.code())))
                        .collect(Collectors.toUnmodifiableSet())));
        putDataPeriod(conditions, terms.dataPeriod());
        if (!terms.includesLater()) {
            conditions.put(Attribute.RECORDED, new RecordedByGrant());
        }
        var permit = new Provision(true, 0, conditions, List.of(), List.of());
        var root = new Provision(false, -1, Map.of(), List.of(), List.of(permit));
        return new Reading.Typed(terms.term().zone(), Span.ALWAYS, false, root, true);
    }

    private static void putDataPeriod(Map<Attribute, Condition> conditions, @Nullable Period period) {
        if (period != null) {
            conditions.put(Attribute.DATA_PERIOD, new During(span(period)));
        }
    }

    private static Span span(Period period) {
        return new Span(
                period.start().orElse(Span.ALWAYS.first()),
                period.end().map(end -> end.minusNanos(1)).orElse(Span.ALWAYS.last()));
    }
}
