package org.twinkeep.twin.erasure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.LeafRange;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinHistory.EntryState;
import org.twinkeep.twin.TwinHistory.SomeEntries;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.ErasureRecord.Completed;
import org.twinkeep.twin.erasure.ErasureRecord.EntriesRequested;
import org.twinkeep.twin.erasure.ErasureRecord.KeysBackedUp;
import org.twinkeep.twin.erasure.ErasureRecord.Punctured;
import org.twinkeep.twin.erasure.ErasureRecord.Requested;
import org.twinkeep.twin.erasure.ErasureRecord.Target;
import org.twinkeep.twin.erasure.ErasureRecord.TwinRequested;

/**
 * Erases by the ledger: the request is durable there first, completion last, and every step between may be done again.
 * A caller that gets an exception may repeat; whoever starts the house calls {@link #refuseOlderKeys()} and
 * {@link #resume()} before anybody is served, and {@link #reapply()} after a restore.
 */
public final class LedgeredErasure implements Erasure {

    /** Finishes what a crash cut short, when nobody can be asked who wished it. */
    private static final Actor RESUMED = new Actor(Actor.Kind.SYSTEM, "erasure");

    /** Versions of keys after a restore begin at the next multiple: no copy from before it reaches them. */
    private static final long VERSIONS_BETWEEN_RESTORES = 1L << 32;

    /** What has been done when. */
    public enum Step {
        REQUESTED,
        EVENTS,
        KEYS,
        IDENTITIES,
        STORE,
        SWEPT
    }

    /**
     * What erasing works on.
     *
     * @param trail the newest checkpoint of the trail, as size and root
     */
    public record Rooms(
            Twins twins,
            TwinHistory history,
            ErasableEvents events,
            KeyRing ring,
            Identities identities,
            Supplier<String> trail) {}

    private final ErasureLedger ledger;
    private final Rooms rooms;
    private final List<Sweep> sweeps;
    private final Medium medium;
    private final Clock clock;
    private final Consumer<Step> done;

    public LedgeredErasure(ErasureLedger ledger, Rooms rooms, List<Sweep> sweeps, Medium medium, Clock clock) {
        this(ledger, rooms, sweeps, medium, clock, _ -> {});
    }

    /** @param done hears of each step as it is done; what it throws ends the erasure there, as a crash would */
    public LedgeredErasure(
            ErasureLedger ledger, Rooms rooms, List<Sweep> sweeps, Medium medium, Clock clock, Consumer<Step> done) {
        this.ledger = ledger;
        this.rooms = rooms;
        this.sweeps = List.copyOf(sweeps);
        this.medium = medium;
        this.clock = clock;
        this.done = done;
    }

    @Override
    public ErasureReceipt eraseEntries(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by) {
        return erase(twin, ErasureScope.ENTRIES, entries, by);
    }

    @Override
    public ErasureReceipt erasePeriod(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by) {
        return erase(twin, ErasureScope.PERIOD, entries, by);
    }

    @Override
    public ErasureReceipt eraseChapter(TwinId twin, Chapter chapter, Actor by) {
        var left = rooms.history().entries(twin, chapter).stream()
                .filter(entry -> !entry.erased())
                .map(EntryState::entry)
                .toList();
        return erase(twin, ErasureScope.CHAPTER, left.isEmpty() ? Map.of() : Map.of(chapter, left), by);
    }

    private synchronized ErasureReceipt erase(
            TwinId twin, ErasureScope scope, Map<Chapter, List<EntryId>> entries, Actor by) {
        var known = known(twin, entries);
        boolean allKnown = known.entrySet().stream()
                .allMatch(chapter -> chapter.getValue().entries().keySet().containsAll(entries.get(chapter.getKey())));
        if (entries.isEmpty() || !allKnown) {
            throw rooms.history().exists(twin) ? TwinRefused.noSuchEntry() : TwinRefused.noSuchTwin();
        }
        var targets = new ArrayList<Target>();
        known.forEach((chapter, some) -> targets.add(new Target(
                rooms.ring().streamOf(twin, chapter), List.copyOf(some.entries().keySet()))));
        var leaves = leavesOf(twin, known);
        var requested = new EntriesRequested(
                newId(), clock.instant(), scope, keyState(twin), twin, targets, punctured(twin, leaves));
        ledger.append(requested);
        done.accept(Step.REQUESTED);
        return complete(requested, close(requested, Closing.of(known, leaves), by));
    }

    /** Those of the entries that are there, as they are. */
    private Map<Chapter, SomeEntries> known(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        var known = new EnumMap<Chapter, SomeEntries>(Chapter.class);
        entries.forEach((chapter, ids) -> known.put(chapter, rooms.history().entries(twin, chapter, ids)));
        return known;
    }

    @Override
    public synchronized ErasureReceipt eraseTwin(TwinId twin, Actor by) {
        for (var pending : ledger.pending()) {
            if (pending instanceof TwinRequested requested && requested.twin().equals(twin)) {
                return carryOut(requested, by);
            }
        }
        if (!rooms.history().exists(twin)) {
            throw TwinRefused.noSuchTwin();
        }
        var streams = rooms.ring().scopesOf(twin).stream()
                .map(scope -> rooms.ring().streamOf(twin, scope))
                .toList();
        var requested = new TwinRequested(
                newId(),
                clock.instant(),
                keyState(twin),
                twin,
                streams,
                rooms.events().count(streams));
        ledger.append(requested);
        done.accept(Step.REQUESTED);
        return carryOut(requested, by);
    }

    @Override
    public synchronized void resume() {
        ledger.pending().forEach(requested -> carryOut(requested, RESUMED));
    }

    /**
     * Refuses keys from before an erasure: somebody has put back an old copy of them.
     *
     * @throws VaultUnavailable which says what to do
     */
    public synchronized void refuseOlderKeys() {
        var ring = rooms.ring();
        var requests = requests();
        versions().forEach((twin, version) -> {
            if (ring.version(twin) < version) {
                throw olderKeys();
            }
        });
        for (var line : ledger.lines()) {
            if (line.record() instanceof Completed completed) {
                boolean old = switch (requests.get(completed.id())) {
                    case TwinRequested twin -> ring.holds(twin.twin());
                    case EntriesRequested entries -> completed.keysVersion() == 0 && open(entries);
                    case null -> false;
                };
                if (old) {
                    throw olderKeys();
                }
            }
        }
    }

    /** Whether keys of these entries are still there; only records of an older Twinkeep, which kept no versions, need it. */
    private boolean open(EntriesRequested requested) {
        var twin = requested.twin();
        return rooms.ring().holds(twin)
                && leavesOf(twin, known(twin, chaptersOf(requested))).entrySet().stream()
                        .anyMatch(scope -> scope.getValue().stream().anyMatch(run -> open(twin, scope.getKey(), run)));
    }

    private boolean open(TwinId twin, KeyScope scope, LeafRange run) {
        var key = rooms.ring().contentTagKey(twin, scope, new LeafAddress(run.epoch(), run.first()));
        key.ifPresent(Secret::close);
        return key.isPresent();
    }

    private static VaultUnavailable olderKeys() {
        return new VaultUnavailable(
                "The keys are older than the erasure ledger: they hold keys of what was deleted. Nothing is served. Restore"
                        + " the newest backup of the keys: twinkeep restore --keys FILE. Where there is none, twinkeep"
                        + " restore carries out the erasures again with the keys that are there.");
    }

    /**
     * Carries out every erasure again, after a restore and before anybody is served: what an older store or older keys
     * brought back is closed, and nothing else. Answers for how many erasures keys or events were still there.
     */
    public synchronized int reapply() {
        var completed = new HashMap<String, Completed>();
        ledger.lines().forEach(line -> {
            if (line.record() instanceof Completed each) {
                completed.put(each.id(), each);
            }
        });
        int again = 0;
        for (var requested : requests().values()) {
            var completion = completed.get(requested.id());
            if (completion != null) {
                again += reapply(requested, completion) ? 1 : 0;
            }
        }
        resume();
        var named = namedEpochs();
        var versions = versions();
        rooms.history().twins().forEach(twin -> beginAnew(twin, named, versions.getOrDefault(twin, 0L)));
        return again;
    }

    private boolean reapply(Requested requested, Completed completed) {
        var before = rooms.ring().version(requested.twin());
        switch (requested) {
            case EntriesRequested entries -> {
                var named = new ArrayList<>(entries.punctured());
                named.addAll(completed.punctured());
                close(entries, closing(entries, known(entries), named), RESUMED);
            }
            case TwinRequested twin -> {
                boolean stored = rooms.events().count(twin.streams()) > 0;
                destroy(twin, RESUMED);
                return before > 0 || stored;
            }
        }
        return rooms.ring().version(requested.twin()) != before;
    }

    /** Keys of after a restore are newer than any that were lost, and share no epoch with what the ledger names. */
    private void beginAnew(TwinId twin, Map<StreamName, Integer> named, long version) {
        var ring = rooms.ring();
        ring.advanceAll(twin);
        for (var scope : ring.scopesOf(twin)) {
            int last = named.getOrDefault(ring.streamOf(twin, scope), -1);
            while (ring.epochOf(twin, scope) <= last) {
                ring.advance(twin, scope);
            }
        }
        long newest = Math.max(ring.version(twin), version);
        ring.raise(twin, (newest / VERSIONS_BETWEEN_RESTORES + 1) * VERSIONS_BETWEEN_RESTORES);
    }

    /** The newest epoch of each stream that the ledger names. */
    private Map<StreamName, Integer> namedEpochs() {
        var named = new HashMap<StreamName, Integer>();
        for (var line : ledger.lines()) {
            var punctured = switch (line.record()) {
                case Completed completed -> completed.punctured();
                case EntriesRequested requested -> requested.punctured();
                case TwinRequested _, KeysBackedUp _ -> List.<Punctured>of();
            };
            punctured.forEach(each -> each.leaves().forEach(run -> named.merge(each.stream(), run.epoch(), Math::max)));
        }
        return named;
    }

    /** Of each twin that is not erased, the version of its keys after its last erasure; 0 where an older Twinkeep did not say. */
    private Map<TwinId, Long> versions() {
        var requests = requests();
        var versions = new HashMap<TwinId, Long>();
        for (var line : ledger.lines()) {
            if (line.record() instanceof Completed completed
                    && requests.get(completed.id()) instanceof Requested asked) {
                versions.merge(asked.twin(), completed.keysVersion(), Math::max);
            }
        }
        requests.values().forEach(requested -> {
            if (requested instanceof TwinRequested twin) {
                versions.remove(twin.twin());
            }
        });
        return versions;
    }

    @Override
    public List<ErasureReceipt> receipts() {
        return ledger.lines().stream().flatMap(ErasureLedger::receipt).toList();
    }

    @Override
    public List<ErasureReceipt> receiptsOf(TwinId twin) {
        var requests = requests();
        return ledger.lines().reversed().stream()
                .filter(line -> requests.get(line.record().id()) instanceof Requested asked
                        && asked.twin().equals(twin))
                .flatMap(ErasureLedger::receipt)
                .toList();
    }

    private Map<String, Requested> requests() {
        var requests = new LinkedHashMap<String, Requested>();
        for (var line : ledger.lines()) {
            if (line.record() instanceof Requested requested) {
                requests.put(requested.id(), requested);
            }
        }
        return requests;
    }

    private ErasureReceipt carryOut(Requested requested, Actor by) {
        return switch (requested) {
            case EntriesRequested entries ->
                complete(entries, close(entries, closing(entries, chaptersOf(entries), entries.punctured()), by));
            case TwinRequested twin -> {
                destroy(twin, by);
                yield complete(requested, twin.events(), List.of());
            }
        };
    }

    /**
     * What is marked as erased and what is forgotten for it.
     *
     * @param entries of a twin that is gone meanwhile, none: they are gone with it
     * @param leaves where their keys stand; also of entries that an older store does not hold
     * @param events how many each chapter has once they are marked and nothing else came, where it was read just now
     */
    private record Closing(
            Map<Chapter, List<EntryId>> entries, Map<KeyScope, List<LeafRange>> leaves, Map<Chapter, Long> events) {

        static Closing of(Map<Chapter, SomeEntries> known, Map<KeyScope, List<LeafRange>> leaves) {
            var entries = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
            var events = new EnumMap<Chapter, Long>(Chapter.class);
            known.forEach((chapter, some) -> {
                entries.put(chapter, List.copyOf(some.entries().keySet()));
                long unmarked = some.entries().values().stream()
                        .filter(entry -> !entry.erased())
                        .count();
                events.put(chapter, some.events() + unmarked);
            });
            return new Closing(entries, leaves, events);
        }
    }

    private Closing closing(EntriesRequested requested, Map<Chapter, List<EntryId>> entries, List<Punctured> named) {
        var twin = requested.twin();
        var leaves = rooms.ring().holds(twin) ? ranges(twin, named) : new HashMap<KeyScope, List<LeafRange>>();
        return new Closing(entries, leaves, Map.of());
    }

    /** Marks the entries as erased and forgets their keys. */
    private List<Punctured> close(EntriesRequested requested, Closing closing, Actor by) {
        var twin = requested.twin();
        var moved = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
        closing.entries().forEach((chapter, ids) -> {
            long events = rooms.twins()
                    .erase(new TwinCommand.EraseEntries(twin, chapter, ids, requested.id(), clock.instant(), by));
            var expected = closing.events().get(chapter);
            if (expected == null || events != expected) {
                moved.put(chapter, ids); // More than the erasures was written meanwhile: a version may have come.
            }
        });
        done.accept(Step.EVENTS);
        var leaves = new HashMap<>(closing.leaves());
        leavesOf(twin, known(twin, moved)).forEach((scope, runs) -> leaves.merge(scope, runs, Leaves::joined));
        if (!leaves.isEmpty()) {
            rooms.ring().punctureRanges(twin, leaves);
        }
        done.accept(Step.KEYS);
        rooms.ring().sweep(twin);
        sweeps.forEach(sweep -> sweep.entriesErased(twin, closing.entries()));
        done.accept(Step.SWEPT);
        return punctured(twin, leaves);
    }

    /** What the store holds of it: an older one may hold less. */
    private Map<Chapter, List<EntryId>> known(EntriesRequested requested) {
        var entries = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
        known(requested.twin(), chaptersOf(requested)).forEach((chapter, found) -> {
            if (!found.entries().isEmpty()) {
                entries.put(chapter, List.copyOf(found.entries().keySet()));
            }
        });
        return entries;
    }

    private Map<Chapter, List<EntryId>> chaptersOf(EntriesRequested requested) {
        if (!rooms.history().exists(requested.twin())) {
            return Map.of();
        }
        var chapters = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
        for (var target : requested.targets()) {
            rooms.ring().ownerOf(target.stream()).ifPresent(owner -> {
                if (owner.scope() instanceof Chapter chapter) {
                    chapters.put(chapter, target.entries());
                }
            });
        }
        return chapters;
    }

    /** Where the keys of every version and statement of the entries stand. */
    private Map<KeyScope, List<LeafRange>> leavesOf(TwinId twin, Map<Chapter, SomeEntries> entries) {
        var leaves = new HashMap<KeyScope, List<LeafRange>>();
        entries.forEach((chapter, states) ->
                leaves.put(chapter, leaves(twin, chapter, states.entries().values())));
        return leaves;
    }

    private List<LeafRange> leaves(TwinId twin, Chapter chapter, Collection<EntryState> entries) {
        var sequences = entries.stream()
                .flatMap(entry -> Stream.concat(entry.versions().stream(), entry.statements().stream()))
                .toList();
        return Leaves.joined(rooms.events().leavesOf(rooms.ring().streamOf(twin, chapter), sequences).stream()
                .map(LeafRange::of)
                .toList());
    }

    private List<Punctured> punctured(TwinId twin, Map<KeyScope, List<LeafRange>> ranges) {
        return ranges.entrySet().stream()
                .map(scope -> new Punctured(rooms.ring().streamOf(twin, scope.getKey()), scope.getValue()))
                .toList();
    }

    /** By scope; an epoch that these keys do not have yet has nothing to forget. */
    private Map<KeyScope, List<LeafRange>> ranges(TwinId twin, List<Punctured> punctured) {
        var ranges = new HashMap<KeyScope, List<LeafRange>>();
        for (var each : punctured) {
            rooms.ring()
                    .ownerOf(each.stream())
                    .filter(owner -> owner.twin().equals(twin))
                    .ifPresent(owner -> {
                        int newest = rooms.ring().epochOf(twin, owner.scope());
                        var runs = each.leaves().stream()
                                .filter(run -> run.epoch() <= newest)
                                .toList();
                        ranges.merge(owner.scope(), runs, Leaves::joined);
                    });
        }
        return ranges;
    }

    private void destroy(TwinRequested requested, Actor by) {
        var twin = requested.twin();
        if (rooms.history().exists(twin)) {
            rooms.twins().requestErasure(new TwinCommand.RequestTwinErasure(twin, clock.instant(), by));
        }
        done.accept(Step.EVENTS);
        rooms.ring().destroy(twin);
        done.accept(Step.KEYS);
        rooms.ring().sweep(twin);
        rooms.identities().erased(twin);
        done.accept(Step.IDENTITIES);
        rooms.events().delete(requested.streams());
        done.accept(Step.STORE);
        sweeps.forEach(sweep -> sweep.twinErased(twin));
        done.accept(Step.SWEPT);
    }

    private ErasureReceipt complete(EntriesRequested requested, List<Punctured> punctured) {
        long events = punctured.stream()
                .mapToLong(each -> Leaves.count(each.leaves()))
                .sum();
        return complete(requested, events, punctured);
    }

    private ErasureReceipt complete(Requested requested, long events, List<Punctured> punctured) {
        var line = ledger.append(new Completed(
                requested.id(),
                clock.instant(),
                requested.scope(),
                events,
                requested.keysBefore(),
                keyState(requested.twin()),
                rooms.ring().version(requested.twin()),
                punctured,
                rooms.trail().get(),
                medium.promise(),
                ledger.keysBackedUp()));
        return ErasureLedger.receipt(line).findFirst().orElseThrow();
    }

    /** Only a completed erasure has one. */
    private String keyState(TwinId twin) {
        return HexFormat.of().formatHex(rooms.ring().stateHash(twin));
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
