package org.twinkeep.twin.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.ScopeForgotten;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.crypto.sealing.Sameness;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.ChapterState;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.erasure.Sweep;
import org.twinkeep.twin.json.EventForm;

/**
 * Reads twins from an {@link EventLog} beside Axon, in pages, so that a long read holds nothing up. A twin whose erasure
 * was requested is not there any more. What the skeletons of the chapters that were read last come to is remembered, so that
 * only what was written since is read again.
 */
public final class StoredTwinHistory implements TwinHistory, Sweep {

    private static final int PAGE = 128;

    /** Read before anything can be opened beside it. */
    private static final int FIRST_PAGE = 32;

    /** So few that what was read ahead is still in the processor's cache when it is opened. */
    private static final int REPLAY_PAGE = 64;

    private static final long PAGE_BYTES = 4L << 20;

    private final EventLog events;
    private final SealedEventStorageEngine engine;
    private final Places places;
    private final Sealing sealing;
    private final KeyRing ring;
    private final RecentChapters recent = new RecentChapters();
    private final LongAdder bodies = new LongAdder();

    public StoredTwinHistory(
            EventLog events, SealedEventStorageEngine engine, Places places, Sealing sealing, KeyRing ring) {
        this.events = events;
        this.engine = engine;
        this.places = places;
        this.sealing = sealing;
        this.ring = ring;
    }

    @Override
    public long bodiesOpened() {
        return bodies.sum();
    }

    @Override
    public Collection<TwinId> twins() {
        return events.streams().stream()
                .flatMap(stream -> ring.ownerOf(stream).stream())
                .filter(owner -> owner.scope() == KeyScope.Own.LIFE)
                .map(KeyRing.Owner::twin)
                .filter(this::exists)
                .toList();
    }

    @Override
    public boolean exists(TwinId twin) {
        return placeOf(twin, KeyScope.Own.LIFE)
                .flatMap(life -> events.head(life.stream()))
                .filter(head -> EventForm.isName(head.type()) && !head.type().equals(EventForm.TWIN_ERASURE_REQUESTED))
                .isPresent();
    }

    @Override
    public Collection<Chapter> chapters(TwinId twin) {
        return heads(twin).keySet().stream()
                .filter(Chapter.class::isInstance)
                .map(Chapter.class::cast)
                .toList();
    }

    @Override
    public Map<KeyScope, Long> heads(TwinId twin) {
        if (!exists(twin)) {
            return Map.of();
        }
        var heads = new LinkedHashMap<KeyScope, Long>();
        for (var scope : scopesOf(twin)) {
            placeOf(twin, scope)
                    .flatMap(place -> events.head(place.stream()))
                    .ifPresent(head -> heads.put(scope, head.sequence() + 1));
        }
        return heads;
    }

    @Override
    public List<EntryState> entries(TwinId twin, Chapter chapter) {
        var place = exists(twin) ? placeOf(twin, chapter) : Optional.<Place>empty();
        if (place.isEmpty()) {
            return List.of();
        }
        return state(place.get()).entries().entrySet().stream()
                .map(entry -> entryState(entry.getKey(), chapter, entry.getValue()))
                .sorted(Comparator.comparing(entry -> entry.versions().getFirst()))
                .toList();
    }

    @Override
    public SomeEntries entries(TwinId twin, Chapter chapter, Collection<EntryId> ids) {
        var place = exists(twin) ? placeOf(twin, chapter) : Optional.<Place>empty();
        var state = place.map(this::state).orElseGet(ChapterState::empty);
        var found = new LinkedHashMap<EntryId, EntryState>();
        for (var id : ids) {
            var entry = state.entries().get(id);
            if (entry != null) {
                found.put(id, entryState(id, chapter, entry));
            }
        }
        return new SomeEntries(found, state.events());
    }

    /** The state of a chapter: what is remembered of it, and what was written since. */
    private ChapterState state(Place place) {
        var state = recent.of(place.stream());
        List<EventRow> page;
        long next = state.events();
        do {
            page = skeletons(place, next);
            next += page.size();
            for (var messages = engine.decode(page, place); messages.hasNext(); ) {
                if (messages.next().getPayload() instanceof Happened happened
                        && happened.event() instanceof TwinEvent.OfChapter ofChapter) {
                    state = state.evolve(ofChapter);
                }
            }
        } while (page.size() == PAGE);
        recent.keep(place.stream(), state);
        return state;
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // The states of erased entries stay: they say "erased" and nothing else.
    }

    @Override
    public void twinErased(TwinId twin) {
        recent.forgetAll();
    }

    private static EntryState entryState(EntryId id, Chapter chapter, ChapterState.Entry entry) {
        return new EntryState(id, chapter, entry.versions(), entry.statements(), entry.erased());
    }

    @Override
    public void replay(Receipt receipt, TwinId twin, KeyScope scope, Consumer<Opened> each) {
        if (!exists(twin)) {
            return;
        }
        placeOf(twin, scope).ifPresent(place -> {
            for (var page = page(place, 0, FIRST_PAGE); !page.rows().isEmpty(); ) {
                long next = page.rows().getLast().sequence() + 1;
                try (var ahead =
                        new Ahead<>(awaited -> page(place, next, REPLAY_PAGE).readUntil(awaited))) {
                    open(receipt, place, page, each);
                    page = ahead.get();
                }
            }
        });
    }

    /** Whole events, and what their skeletons hold, unread; their bodies are closed. */
    private record Page(List<EventRow> rows, List<Said> said) {

        /** Reads what the skeletons hold until then. The others, and what cannot be read, are left for when it is their turn. */
        Page readUntil(BooleanSupplier then) {
            try {
                for (int i = 0; i < said.size() && !then.getAsBoolean(); i++) {
                    said.get(i).message().getPayload();
                }
                return this;
            } catch (RuntimeException e) {
                return this;
            }
        }
    }

    private record Said(EventRow row, DomainEventMessage<?> message) {}

    private Page page(Place place, long first, int most) {
        var rows = events.events(place.stream(), first, most, PAGE_BYTES);
        var said = new ArrayList<Said>(rows.size());
        int at = 0;
        for (var messages = engine.decode(rows, place); messages.hasNext(); ) {
            var message = messages.next();
            while (rows.get(at).sequence() < message.getSequenceNumber()) {
                at++;
            }
            said.add(new Said(rows.get(at), message));
        }
        return new Page(rows, said);
    }

    /** A body is opened when it is its turn, and not before: what was erased meanwhile stays closed. */
    private void open(Receipt receipt, Place place, Page page, Consumer<Opened> each) {
        try (var opening = sealing.bodies(receipt, place.twin(), place.scope())) {
            for (var said : page.said()) {
                if (said.message().getPayload() instanceof Happened happened) {
                    var row = counted(said.row());
                    var body = opening.open(row.context(place), row.sealed());
                    each.accept(new Opened(row.sequence(), happened.event(), body));
                }
            }
        }
    }

    @Override
    public List<byte[]> hashes(TwinId twin, KeyScope scope) {
        var place = exists(twin) ? placeOf(twin, scope) : Optional.<Place>empty();
        var hashes = new ArrayList<byte[]>();
        if (place.isEmpty()) {
            return hashes;
        }
        for (var page = skeletons(place.get(), 0); !page.isEmpty(); page = skeletons(place.get(), hashes.size())) {
            page.forEach(row -> hashes.add(row.sealed().hash()));
        }
        return hashes;
    }

    @Override
    public OpenedBody open(Receipt receipt, TwinId twin, KeyScope scope, long sequence) {
        if (!exists(twin)) {
            return new OpenedBody.Erased();
        }
        return placeOf(twin, scope)
                .flatMap(place ->
                        events.event(place.stream(), sequence).map(row -> body(receipt, events.withChunks(row), place)))
                .orElseGet(OpenedBody.None::new);
    }

    /** Is this the content of that event? Opens nothing. */
    public Sameness compare(String aggregate, long sequence, byte[] content) {
        return places.ofAggregate(aggregate)
                .flatMap(place -> events.event(place.stream(), sequence).flatMap(row -> compare(row, place, content)))
                .orElse(Sameness.ERASED);
    }

    private Optional<Sameness> compare(EventRow row, Place place, byte[] content) {
        return Optional.ofNullable(row.sealed().body())
                .map(envelope -> sealing.compare(row.context(place), envelope, content));
    }

    /** How many streams end with an event that today's keys do not open, but for these, which are erased. */
    public long unreadable(Collection<StreamName> erased) {
        var gone = Set.copyOf(erased);
        return events.streams().stream()
                .filter(stream -> !gone.contains(stream) && !endOpens(stream))
                .count();
    }

    private boolean endOpens(StreamName stream) {
        try {
            var place = places.ofAggregate(stream.value());
            place.flatMap(_ -> events.head(stream))
                    .ifPresent(
                            head -> engine.opened(events.skeletons(stream, head.sequence(), 1), place.orElseThrow()));
            return place.isPresent();
        } catch (Tampered | ScopeForgotten | TwinForgotten e) {
            return false;
        }
    }

    private List<EventRow> skeletons(Place place, long first) {
        return events.skeletons(place.stream(), first, PAGE);
    }

    private OpenedBody body(Receipt receipt, EventRow row, Place place) {
        return sealing.openBody(receipt, row.context(place), counted(row).sealed());
    }

    private EventRow counted(EventRow row) {
        if (row.sealed().body() != null) {
            bodies.increment();
        }
        return row;
    }

    private Collection<KeyScope> scopesOf(TwinId twin) {
        try {
            return ring.scopesOf(twin);
        } catch (TwinForgotten e) {
            return List.of();
        }
    }

    /** The place of a scope that the twin uses: asking for another does not open it. */
    private Optional<Place> placeOf(TwinId twin, KeyScope scope) {
        return ring.streamInUse(twin, scope).map(stream -> new Place(stream.value(), stream, twin, scope));
    }
}
