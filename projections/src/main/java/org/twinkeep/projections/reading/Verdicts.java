package org.twinkeep.projections.reading;

import java.time.Clock;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict;
import org.twinkeep.consent.Verdict.Denied;
import org.twinkeep.consent.Verdict.Permitted;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.decision.Decision.Because;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Outcome;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.twin.TwinHistory;

/** The one way to a verdict, for whoever shows by it and whoever only says it. It writes no leaf: that is the caller's. */
final class Verdicts {

    private static final String UNDECLARED = "undeclared";

    private final TwinHistory history;
    private final Consents consents;
    private final SealedViews views;
    private final Clock clock;

    Verdicts(TwinHistory history, Consents consents, SealedViews views, Clock clock) {
        this.history = history;
        this.consents = consents;
        this.views = views;
        this.clock = clock;
    }

    /** A verdict on a twin, and the ledger's block that it relies on. */
    sealed interface Found {

        record No(Reason reason, Position reliedOn) implements Found {}

        record Yes(TwinId twin, Purpose purpose, Permitted permitted) implements Found {

            Position reliedOn() {
                return permitted.ruling().asOf();
            }

            List<String> handles() {
                return permitted.ruling().permitting().stream()
                        .map(ConsentHandle::value)
                        .toList();
            }

            /** Chapters of which something may be shown. */
            Set<Chapter> shared() {
                boolean byOthers =
                        permitted.ruling().permitting().size() > permitted.by().size();
                if (byOthers || permitted.ruling().implicit() != Implicit.DENY) {
                    return Set.copyOf(EnumSet.allOf(Chapter.class));
                }
                var chapters = EnumSet.noneOf(Chapter.class);
                permitted
                        .by()
                        .forEach(consent -> chapters.addAll(consent.terms().chapters()));
                Arrays.stream(Chapter.values()).filter(this::permits).forEach(chapters::add);
                return Set.copyOf(chapters);
            }

            /**
             * Chapters that are shown as shared: not one that a denial closes, unless something of it is visible. So what is
             * denied looks like what was never shared, and not like an empty chapter.
             */
            Set<Chapter> open(Whole covered) {
                var visible = covered.timeline().counts().keySet();
                return shared().stream()
                        .filter(chapter -> visible.contains(chapter) || !isClosed(chapter))
                        .collect(Collectors.toUnmodifiableSet());
            }

            private boolean isClosed(Chapter chapter) {
                return permitted.ruling().decide(ConsentPolicy.item(chapter)).because().stream()
                        .anyMatch(why -> why instanceof Because.OfConsent(int _, Outcome said, String _)
                                && said == Outcome.DENY);
            }

            /** Whether whatever stands in the chapter, and touches no other, is permitted. */
            boolean permits(Chapter chapter) {
                return permitted.ruling().decide(ConsentPolicy.item(chapter)).visible();
            }
        }
    }

    Found of(Looker looker, @Nullable Purpose purpose, TwinId twin) {
        var before = consents.position();
        if (!history.exists(twin)) {
            return new Found.No(Reason.UNKNOWN_TWIN, before);
        }
        if (purpose == Purpose.BREAK_THE_GLASS) {
            return new Found.No(Reason.EMERGENCY, before);
        }
        if (!labelsAsRegistered()) {
            return new Found.No(Reason.LABEL_RULES, before);
        }
        var request = new AccessRequest(twin, looker.id(), looker.role(), purpose, clock.instant());
        Verdict verdict = consents.decide(request);
        return switch (verdict) {
            case Denied(Reason reason) -> new Found.No(reason, before);
            case Permitted permitted -> new Found.Yes(twin, Objects.requireNonNull(purpose), permitted);
        };
    }

    /** The stored view, filtered again by what holds at this request. */
    Whole covered(Looker looker, Found.Yes yes) {
        var permitted = yes.permitted();
        return Coverage.of(views.ofCare(looker, yes.twin(), yes.purpose(), permitted), permitted.ruling());
    }

    /** A verdict by other label rules than those that everybody may know is none. Where none are registered, ours hold. */
    private boolean labelsAsRegistered() {
        try {
            return consents.registered(LabelRules.SUBJECT)
                    .map(record -> record.commitment().equals(LabelRules.sha256()))
                    .orElse(true);
        } catch (LedgerUnavailable e) {
            return true;
        }
    }

    /** With what else is in force where it permits without a consent: every verdict names it. */
    @Nullable
    String inForce(@Nullable String words) {
        try {
            var implicit = consents.implicitPolicy();
            if (implicit == Implicit.DENY) {
                return words;
            }
            var named = "implicit policy " + implicit.code();
            return words == null ? named : words + "; " + named;
        } catch (LedgerUnavailable e) {
            return words;
        }
    }

    static String code(@Nullable Purpose purpose) {
        return purpose == null ? UNDECLARED : purpose.code();
    }
}
