package org.twinkeep.twin.erasure;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.ErasureRecord.Completed;
import org.twinkeep.twin.erasure.ErasureRecord.EntriesRequested;
import org.twinkeep.twin.erasure.ErasureRecord.Requested;
import org.twinkeep.twin.erasure.ErasureRecord.Target;
import org.twinkeep.twin.erasure.ErasureRecord.TwinRequested;

/**
 * Erases by the ledger: the request is durable there first, completion last, and every step between may be done again.
 * A caller that gets an exception may repeat; whoever starts the house calls {@link #resume()} before anybody is served.
 */
public final class LedgeredErasure implements Erasure {

    /** Finishes what a crash cut short, when nobody can be asked who wished it. */
    private static final Actor RESUMED = new Actor(Actor.Kind.SYSTEM, "erasure");

    /** What has been done when. */
    enum Step {
        REQUESTED,
        EVENTS,
        KEYS,
        IDENTITIES,
        STORE,
        SWEPT
    }

    /** What erasing works on. */
    public record Rooms(Twins twins, TwinHistory history, ErasableEvents events, KeyRing ring, Identities identities) {}

    private final ErasureLedger ledger;
    private final Rooms rooms;
    private final List<Sweep> sweeps;
    private final Medium medium;
    private final Clock clock;
    private final Consumer<Step> done;

    public LedgeredErasure(ErasureLedger ledger, Rooms rooms, List<Sweep> sweeps, Medium medium, Clock clock) {
        this(ledger, rooms, sweeps, medium, clock, _ -> {});
    }

    /** @param done hears of each step, and may fail where a crash would */
    LedgeredErasure(
            ErasureLedger ledger, Rooms rooms, List<Sweep> sweeps, Medium medium, Clock clock, Consumer<Step> done) {
        this.ledger = ledger;
        this.rooms = rooms;
        this.sweeps = List.copyOf(sweeps);
        this.medium = medium;
        this.clock = clock;
        this.done = done;
    }

    @Override
    public synchronized ErasureReceipt eraseEntries(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by) {
        refuseUnknown(twin, entries);
        var targets = new ArrayList<Target>();
        entries.forEach((chapter, ids) ->
                targets.add(new Target(rooms.ring().streamOf(twin, chapter), List.copyOf(new HashSet<>(ids)))));
        var requested = new EntriesRequested(newId(), clock.instant(), keyState(twin), twin, targets);
        ledger.append(requested);
        done.accept(Step.REQUESTED);
        return carryOut(requested, by);
    }

    private void refuseUnknown(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        if (!rooms.history().exists(twin)) {
            throw TwinRefused.noSuchTwin();
        }
        entries.forEach((chapter, ids) -> {
            var known = new HashSet<EntryId>();
            rooms.history().entries(twin, chapter).forEach(entry -> known.add(entry.entry()));
            if (!known.containsAll(ids)) {
                throw TwinRefused.noSuchEntry();
            }
        });
    }

    @Override
    public synchronized ErasureReceipt eraseTwin(TwinId twin, Actor by) {
        for (var pending : pending()) {
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
        pending().forEach(requested -> carryOut(requested, RESUMED));
    }

    @Override
    public List<ErasureReceipt> receipts() {
        return ledger.lines().stream()
                .flatMap(line -> line.record() instanceof Completed ? Stream.of(receipt(line)) : null)
                .toList();
    }

    private List<Requested> pending() {
        var pending = new LinkedHashMap<String, Requested>();
        for (var line : ledger.lines()) {
            switch (line.record()) {
                case Requested requested -> pending.put(requested.id(), requested);
                case Completed completed -> pending.remove(completed.id());
            }
        }
        return List.copyOf(pending.values());
    }

    private ErasureReceipt carryOut(Requested requested, Actor by) {
        return switch (requested) {
            case EntriesRequested entries -> eraseEntries(entries, by);
            case TwinRequested twin -> eraseTwin(twin, by);
        };
    }

    /** Of a twin that is gone meanwhile, the entries are gone with it. */
    private ErasureReceipt eraseEntries(EntriesRequested requested, Actor by) {
        var twin = requested.twin();
        var entries = rooms.history().exists(twin) ? chaptersOf(requested) : Map.<Chapter, List<EntryId>>of();
        entries.forEach((chapter, ids) -> rooms.twins()
                .erase(new TwinCommand.EraseEntries(twin, chapter, ids, requested.id(), clock.instant(), by)));
        done.accept(Step.EVENTS);
        var leaves = leavesOf(twin, entries);
        if (!leaves.isEmpty()) {
            rooms.ring().puncture(twin, leaves);
        }
        done.accept(Step.KEYS);
        sweeps.forEach(sweep -> sweep.entriesErased(twin, entries));
        done.accept(Step.SWEPT);
        return complete(
                requested, leaves.values().stream().mapToLong(List::size).sum());
    }

    private Map<Chapter, List<EntryId>> chaptersOf(EntriesRequested requested) {
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
    private Map<KeyScope, List<LeafAddress>> leavesOf(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        var leaves = new HashMap<KeyScope, List<LeafAddress>>();
        entries.forEach((chapter, ids) -> {
            var erased = Set.copyOf(ids);
            var sequences = rooms.history().entries(twin, chapter).stream()
                    .filter(entry -> erased.contains(entry.entry()))
                    .flatMap(entry -> Stream.concat(entry.versions().stream(), entry.statements().stream()))
                    .toList();
            leaves.put(chapter, rooms.events().leavesOf(rooms.ring().streamOf(twin, chapter), sequences));
        });
        return leaves;
    }

    private ErasureReceipt eraseTwin(TwinRequested requested, Actor by) {
        var twin = requested.twin();
        if (rooms.ring().holds(twin)) {
            rooms.twins().requestErasure(new TwinCommand.RequestTwinErasure(twin, clock.instant(), by));
        }
        done.accept(Step.EVENTS);
        rooms.ring().destroy(twin);
        done.accept(Step.KEYS);
        rooms.identities().erased(twin);
        done.accept(Step.IDENTITIES);
        rooms.events().delete(requested.streams());
        done.accept(Step.STORE);
        sweeps.forEach(sweep -> sweep.twinErased(twin));
        done.accept(Step.SWEPT);
        return complete(requested, requested.events());
    }

    private ErasureReceipt complete(Requested requested, long events) {
        return receipt(ledger.append(new Completed(
                requested.id(),
                clock.instant(),
                requested.scope(),
                events,
                requested.keysBefore(),
                keyState(requested.twin()),
                medium.promise(),
                medium.keysBackedUp().get())));
    }

    private static ErasureReceipt receipt(ErasureLedger.Line line) {
        if (!(line.record() instanceof Completed completed)) {
            throw new IllegalStateException("only a completed erasure has a receipt");
        }
        return new ErasureReceipt(
                completed.id(),
                completed.scope(),
                Math.toIntExact(completed.events()),
                completed.at(),
                line.document(),
                line.signature());
    }

    private String keyState(TwinId twin) {
        return HexFormat.of().formatHex(rooms.ring().stateHash(twin));
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
