package org.twinkeep.projections.reading;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.AccessRequest;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Verdict.Reason;
import org.twinkeep.consent.decision.ConsentIndex.Past;
import org.twinkeep.consent.decision.Implicit;
import org.twinkeep.consent.decision.Item;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.consent.decision.Ruling;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.reading.Verdicts.Found;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinHistory;

/**
 * Says what the {@link Door} would show, and shows nothing: the verdict of a page, for AuthZEN and the command line. Whatever
 * is told has its leaf first, in which the patient reads who asked about whom.
 */
public final class Judge {

    private final TwinHistory history;
    private final Consents consents;
    private final Trail trail;
    private final SealedViews views;
    private final Verdicts verdicts;

    public Judge(TwinHistory history, Consents consents, Trail trail, SealedViews views, Clock clock) {
        this.history = history;
        this.consents = consents;
        this.trail = trail;
        this.views = views;
        this.verdicts = new Verdicts(history, consents, views, clock);
    }

    /** What some asker may see of a twin; nothing of it was told yet. */
    public final class Reach {
        private final Looker whom;
        private final @Nullable Purpose purpose;
        private final TwinId twin;
        private final Set<Obligation> carriedOut;
        private final Found found;
        private @Nullable Whole covered;

        private Reach(Looker whom, @Nullable Purpose purpose, TwinId twin, Set<Obligation> carriedOut) {
            this.whom = whom;
            this.purpose = purpose;
            this.twin = twin;
            this.carriedOut = carriedOut;
            this.found = verdicts.of(whom, purpose, twin);
        }

        public Opinion on(Thing thing) {
            return switch (found) {
                case Found.No(Reason reason, Position reliedOn) ->
                    opinion(thing, reason, List.of(), Set.of(), Implicit.DENY, reliedOn);
                case Found.Yes yes -> on(thing, yes);
            };
        }

        /** Every chapter that is permitted, in their order. */
        public List<Thing> chapters() {
            return found instanceof Found.Yes yes
                    ? Arrays.stream(Chapter.values())
                            .filter(yes::permits)
                            .filter(chapter -> carriedOut.containsAll(Obligations.of(chapter, covered(yes))))
                            .map(chapter -> (Thing) new Thing.OfChapter(chapter))
                            .toList()
                    : List.of();
        }

        /** Every entry that is permitted, newest first. */
        public List<Thing> entries() {
            return found instanceof Found.Yes yes
                    ? covered(yes).entries().stream()
                            .filter(kept -> carriedOut.containsAll(Obligations.of(kept)))
                            .map(kept -> (Thing) new Thing.OfEntry(kept.row().entry()))
                            .toList()
                    : List.of();
        }

        private Opinion on(Thing thing, Found.Yes yes) {
            return switch (thing) {
                case Thing.WholeTwin _ -> opinion(thing, yes, true, Set.of());
                case Thing.OfChapter(Chapter chapter) ->
                    yes.permits(chapter)
                            ? owing(thing, yes, true, Obligations.of(chapter, covered(yes)))
                            : opinion(thing, yes, false, Set.of());
                case Thing.OfEntry(var entry) -> {
                    var kept = covered(yes).find(entry);
                    yield owing(
                            thing,
                            yes,
                            kept.isPresent(),
                            kept.map(Obligations::of).orElse(Set.of()));
                }
            };
        }

        private Opinion owing(Thing thing, Found.Yes yes, boolean permitted, Set<Obligation> owed) {
            return permitted && !carriedOut.containsAll(owed)
                    ? opinion(thing, Reason.OBLIGATION, yes.handles(), Set.of(), implicit(yes), yes.reliedOn())
                    : opinion(thing, yes, permitted, permitted ? owed : Set.of());
        }

        private Opinion opinion(Thing thing, Found.Yes yes, boolean permitted, Set<Obligation> owed) {
            var refused = permitted ? null : Reason.NOT_COVERED;
            return opinion(thing, refused, yes.handles(), owed, implicit(yes), yes.reliedOn());
        }

        private Opinion opinion(
                Thing thing,
                @Nullable Reason refused,
                List<String> relied,
                Set<Obligation> owed,
                Implicit implicit,
                Position asOf) {
            return new Opinion(whom, purpose, twin, thing, refused, relied, owed, implicit, asOf);
        }

        private Whole covered(Found.Yes yes) {
            var known = covered;
            if (known == null) {
                known = verdicts.covered(whom, yes);
                covered = known;
            }
            return known;
        }

        private static Implicit implicit(Found.Yes yes) {
            return yes.permitted().ruling().implicit();
        }
    }

    /** @param carriedOut obligations that whoever shows it carries out: what owes others is denied */
    public Reach reach(Looker whom, @Nullable Purpose purpose, TwinId twin, Set<Obligation> carriedOut) {
        return new Reach(whom, purpose, twin, carriedOut);
    }

    /**
     * Writes the leaf of a verdict; only then may its answer be said.
     *
     * @param caller who asked
     * @param why what for, in the caller's words; null where none are asked for
     * @return the leaf's hash
     * @throws org.twinkeep.consent.trail.TrailUnwritable when it cannot be written: then nothing is answered
     */
    public String tell(Looker caller, Opinion opinion, @Nullable String why) {
        var whom = opinion.whom();
        var asked =
                "asked whether " + named(whom) + " may see " + opinion.thing().inWords();
        return tell(caller, opinion, asked, why);
    }

    /** The same for a search: one leaf for all that is named of one twin. @param named how many, in words */
    public String tellSearch(Looker caller, Opinion any, String named) {
        return tell(caller, any, named, null);
    }

    private String tell(Looker caller, Opinion opinion, String asked, @Nullable String why) {
        var purpose = Verdicts.code(opinion.purpose());
        var refused = opinion.refused();
        if (refused == Reason.UNKNOWN_TWIN) {
            return trail.deniedUnknown(caller, purpose, opinion.asOf());
        }
        var words = Objects.requireNonNull(verdicts.inForce(why == null ? asked : asked + "; " + why));
        return refused == null
                ? trail.permitted(opinion.twin(), caller, purpose, words, opinion.consents(), Set.of(), opinion.asOf())
                        .leafHash()
                : trail.denied(opinion.twin(), caller, purpose, words + ": " + refused.plain(), opinion.asOf());
    }

    /** What was found nowhere leaves a leaf too. */
    public String tellNothing(Looker caller, @Nullable Purpose purpose) {
        return trail.deniedUnknown(caller, Verdicts.code(purpose), consents.position());
    }

    private static String named(Looker whom) {
        return whom.organisation().isEmpty() ? whom.name() : whom.name() + " (" + whom.organisation() + ")";
    }

    // --- the past

    /** Writes the leaf of a question about the past, before it is decided again. @return the leaf's hash */
    public String tellPast(
            Looker caller, Looker whom, Purpose purpose, TwinId twin, Thing thing, Instant at, String why) {
        var asOf = consents.position();
        if (!history.exists(twin)) {
            return trail.deniedUnknown(caller, purpose.code(), asOf);
        }
        var words = "asked whether " + named(whom) + " could see " + thing.inWords() + " at " + at + "; " + why;
        return trail.permitted(twin, caller, purpose.code(), words, List.of(), Set.of(), asOf)
                .leafHash();
    }

    /** A verdict of the past, made again. */
    public sealed interface Then {

        /** @param consents handles relied on @param bytes of the decision (docs/formats/consent-decision.md) */
        @SuppressWarnings("ArrayRecordComponent")
        record Again(boolean permitted, List<String> consents, Implicit implicit, byte[] bytes) implements Then {
            @Override
            public String toString() {
                return "Again";
            }
        }

        /** What the consents said was erased with the twin. */
        record Erased() implements Then {}

        /** There is no such entry now. */
        record NoSuchEntry() implements Then {}
    }

    /**
     * What was so when this block was the ledger's last one, at this time. An entry is taken as it is known now.
     *
     * @param asOf the block; its number counts
     */
    public Then then(Looker whom, Purpose purpose, TwinId twin, Thing thing, Instant at, Position asOf) {
        var implicit = consents.implicitPolicyAsOf(asOf.block());
        var ask = ConsentPolicy.ask(new AccessRequest(twin, whom.id(), whom.role(), purpose, at), purpose);
        Function<Item, Then> decide = item -> switch (consents.asOf(twin, asOf.block(), ask, item, implicit)) {
            case Past.Erased _ -> new Then.Erased();
            case Past.Again(var decision, var live) -> {
                var ruling = new Ruling(live, ask, implicit, asOf);
                boolean permitted = thing instanceof Thing.WholeTwin ? ruling.mayPermit() : decision.visible();
                yield new Then.Again(
                        permitted,
                        (thing instanceof Thing.WholeTwin ? ruling.permitting() : ruling.behind(decision))
                                .stream().map(ConsentHandle::value).toList(),
                        decision.implicit(),
                        decision.bytes(number -> live.handles().get(number).value(), ask, item, asOf));
            }
        };
        return switch (thing) {
            case Thing.WholeTwin _ -> decide.apply(ConsentPolicy.item(Chapter.PROFILE));
            case Thing.OfChapter(Chapter chapter) -> decide.apply(ConsentPolicy.item(chapter));
            case Thing.OfEntry(var entry) -> item(twin, entry).map(decide).orElseGet(Then.NoSuchEntry::new);
        };
    }

    private Optional<Item> item(TwinId twin, EntryId entry) {
        if (!history.exists(twin)) {
            return Optional.empty();
        }
        return views.known(twin)
                .find(entry)
                .filter(kept -> !kept.row().withdrawn())
                .map(Coverage::item);
    }
}
