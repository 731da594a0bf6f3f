package org.twinkeep.projections.reading;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer.NotShown;
import org.twinkeep.projections.reading.Answer.Shown;
import org.twinkeep.projections.reading.Verdicts.Found;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinHistory;

/**
 * The door: verdict, its leaf, the receipt, the view, the filter, the disclosure's leaf, the answer; in this order, and no
 * other way. What is filtered is filtered by the consents and the time of this request, whatever a stored view holds.
 */
public final class GuardedDoor implements Door {

    private static final String NO_EMERGENCY = "no emergency access, or it has ended";
    private static final ConsentHandle NOT_YET_GRANTED = new ConsentHandle("0".repeat(64));

    private final TwinHistory history;
    private final Consents consents;
    private final Trail trail;
    private final SealedViews views;
    private final Keepers keepers;
    private final BreakTheGlass glass;
    private final Clock clock;
    private final Pages pages;
    private final Verdicts verdicts;

    public GuardedDoor(
            TwinHistory history,
            Consents consents,
            Trail trail,
            SealedViews views,
            Keepers keepers,
            BreakTheGlass glass,
            Clock clock) {
        this.history = history;
        this.consents = consents;
        this.trail = trail;
        this.views = views;
        this.keepers = keepers;
        this.glass = glass;
        this.clock = clock;
        this.pages = new Pages(history);
        this.verdicts = new Verdicts(history, consents, views, clock);
    }

    @Override
    public Answer<Timeline> timeline(Looker patient, TwinId twin) {
        return asKeeper(
                patient,
                twin,
                (receipt, whole) ->
                        shown(receipt, patient, Purpose.PATIENT_REQUEST.code(), whole.entries(), whole.timeline()));
    }

    @Override
    public Answer<EntryPage> entry(Looker patient, TwinId twin, EntryId entry) {
        return asKeeper(
                patient,
                twin,
                (receipt, whole) -> page(
                        receipt,
                        patient,
                        Purpose.PATIENT_REQUEST.code(),
                        whole.find(entry),
                        k -> pages.forPatient(receipt, twin, k, whole)));
    }

    @Override
    public Answer<Map<Chapter, Integer>> preview(Looker patient, TwinId twin, Terms terms) {
        return asKeeper(patient, twin, (receipt, whole) -> {
            var now = clock.instant();
            var grant = new Consent(NOT_YET_GRANTED, twin, 1, terms, Consent.Status.ACTIVE, now, null);
            var opens = Coverage.owingNoMoreThan(CARRIES_OUT, Coverage.of(whole, ConsentPolicy.ruling(grant)));
            var counts = opens.timeline().counts();
            return shown(receipt, patient, Purpose.PATIENT_REQUEST.code(), List.of(), counts);
        });
    }

    @Override
    public Answer<Beside> beside(Looker patient, TwinId twin, Terms terms, String role) {
        return asKeeper(
                patient,
                twin,
                (receipt, whole) -> shown(
                        receipt,
                        patient,
                        Purpose.PATIENT_REQUEST.code(),
                        List.of(),
                        GrantBesideOthers.of(consents.live(twin), twin, terms, role, whole, clock.instant())));
    }

    @Override
    public Answer<CareView> care(Looker clinician, @Nullable Purpose purpose, TwinId twin) {
        if (purpose == Purpose.BREAK_THE_GLASS) {
            return inEmergency(clinician, twin, (receipt, emergency) -> {
                var whole = covered(twin, emergency);
                var view = new CareView(whole.timeline(), emergency.chapters());
                return shown(receipt, clinician, code(purpose), whole.entries(), view);
            });
        }
        return byConsent(clinician, purpose, twin, (receipt, covered, shared) -> {
            var view = new CareView(covered.timeline(), shared);
            return shown(receipt, clinician, code(purpose), covered.entries(), view);
        });
    }

    @Override
    public Answer<EntryPage> careEntry(Looker clinician, @Nullable Purpose purpose, TwinId twin, EntryId entry) {
        if (purpose == Purpose.BREAK_THE_GLASS) {
            return inEmergency(clinician, twin, (receipt, emergency) -> {
                var found = covered(twin, emergency).find(entry);
                return page(receipt, clinician, code(purpose), found, k -> pages.forOthers(receipt, twin, k));
            });
        }
        return byConsent(clinician, purpose, twin, (receipt, covered, _) -> {
            var found = covered.find(entry);
            return page(receipt, clinician, code(purpose), found, k -> pages.forOthers(receipt, twin, k));
        });
    }

    // --- who may

    @FunctionalInterface
    private interface Own<T> {
        Answer<T> look(Receipt receipt, Whole whole);
    }

    private <T> Answer<T> asKeeper(Looker looker, TwinId twin, Own<T> own) {
        var purpose = Purpose.PATIENT_REQUEST.code();
        if (!history.exists(twin)) {
            return new NotShown<>(trail.deniedUnknown(looker, purpose, consents.position()), null);
        }
        var scopes = new HashSet<KeyScope>(history.chapters(twin));
        return switch (keepers.of(looker, twin)) {
            case Keepers.Nobody(var why) ->
                new NotShown<>(trail.denied(twin, looker, purpose, why, consents.position()), null);
            case Keepers.Patient _ -> {
                var receipt = trail.permitted(twin, looker, purpose, null, List.of(), scopes, consents.position());
                yield own.look(receipt, views.ofPatient(receipt, twin));
            }
            case Keepers.Delegate(var chapters, var delegation, var why) -> {
                scopes.retainAll(chapters);
                var receipt =
                        trail.permitted(twin, looker, purpose, why, List.of(delegation), scopes, consents.position());
                yield own.look(receipt, views.ofDelegate(twin, chapters));
            }
        };
    }

    @FunctionalInterface
    private interface Care<T> {
        Answer<T> look(Receipt receipt, Whole covered, Set<Chapter> shared);
    }

    private <T> Answer<T> byConsent(Looker looker, @Nullable Purpose purpose, TwinId twin, Care<T> care) {
        return switch (verdicts.of(looker, purpose, twin)) {
            case Found.No(Reason reason, Position reliedOn)
            when reason == Reason.UNKNOWN_TWIN ->
                new NotShown<>(trail.deniedUnknown(looker, code(purpose), reliedOn), null);
            case Found.No(Reason reason, Position reliedOn) ->
                new NotShown<>(
                        trail.denied(
                                twin,
                                looker,
                                code(purpose),
                                Objects.requireNonNull(verdicts.inForce(reason.plain())),
                                reliedOn),
                        endedOn(looker, purpose, twin, reason));
            case Found.Yes yes -> {
                var shared = yes.shared();
                var receipt = trail.permitted(
                        twin,
                        looker,
                        code(purpose),
                        verdicts.inForce(null),
                        yes.handles(),
                        Set.copyOf(shared),
                        yes.reliedOn());
                var covered = Coverage.owingNoMoreThan(CARRIES_OUT, verdicts.covered(looker, yes));
                yield care.look(receipt, covered, yes.open(covered));
            }
        };
    }

    /** By a broken glass alone: a consent for that purpose opens nothing, and the ledger is not asked. */
    private <T> Answer<T> inEmergency(Looker looker, TwinId twin, BiFunction<Receipt, Emergency, Answer<T>> look) {
        var purpose = Purpose.BREAK_THE_GLASS.code();
        var reliedOn = consents.position();
        if (!history.exists(twin)) {
            return new NotShown<>(trail.deniedUnknown(looker, purpose, reliedOn), null);
        }
        var live = glass.live(twin, looker);
        if (live.isEmpty()) {
            return new NotShown<>(
                    trail.denied(twin, looker, purpose, NO_EMERGENCY, reliedOn),
                    glass.endedOn(twin, looker).orElse(null));
        }
        var emergency = live.get();
        var receipt = trail.permitted(
                twin,
                looker,
                purpose,
                emergency.broken().reason(),
                List.of(emergency.handle().value()),
                Set.<KeyScope>copyOf(emergency.chapters()),
                reliedOn);
        return look.apply(receipt, emergency);
    }

    private Whole covered(TwinId twin, Emergency emergency) {
        return Coverage.owingNoMoreThan(
                CARRIES_OUT_IN_AN_EMERGENCY, Coverage.of(views.ofEmergency(twin, emergency.handle()), emergency));
    }

    /** Only an asker whose own grant ended may read that it did, and when. */
    private @Nullable Instant endedOn(Looker looker, @Nullable Purpose purpose, TwinId twin, Reason reason) {
        if (reason != Reason.EXPIRED && reason != Reason.REVOKED) {
            return null;
        }
        return consents.of(twin).stream()
                .filter(c -> c.terms().granteeId().equals(looker.id()))
                .filter(c -> c.terms().purpose() == purpose)
                .flatMap(c -> ConsentPolicy.endOf(c).stream())
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static String code(@Nullable Purpose purpose) {
        return Verdicts.code(purpose);
    }

    // --- answering

    private Answer<EntryPage> page(
            Receipt receipt,
            Looker looker,
            String purpose,
            Optional<Kept> found,
            Function<Kept, Optional<EntryPage>> make) {
        var page = found.flatMap(make);
        if (page.isEmpty()) {
            return new NotShown<>(trail.disclosed(receipt, looker, purpose, 0, hash(List.of())), null);
        }
        return shown(receipt, looker, purpose, found.stream().toList(), page.get());
    }

    private <T> Answer<T> shown(Receipt receipt, Looker looker, String purpose, List<Kept> entries, T what) {
        return new Shown<>(what, trail.disclosed(receipt, looker, purpose, entries.size(), hash(entries)));
    }

    /** One hash over the hashes of the sealed envelopes that pass, oldest version first, in the order shown. */
    private static byte[] hash(List<Kept> entries) {
        try {
            var hash = MessageDigest.getInstance("SHA-256");
            for (var kept : entries) {
                kept.versions().forEach(moment -> hash.update(moment.hash()));
                kept.statements().forEach(moment -> hash.update(moment.hash()));
            }
            return hash.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
