package org.twinkeep.twin.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.axonframework.common.jdbc.PersistenceExceptionResolver;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.DomainEventStream;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.snapshotting.SnapshotFilter;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.twin.Happened;

/**
 * Axon's storage engine over any {@link EventLog}: seals where an event becomes a row, and opens skeletons, never bodies,
 * where a row becomes event data: below the upcasters, with stream and sequence at hand.
 *
 * <p>Tokens are positions ({@link GlobalSequenceTrackingToken}): the order of the store is the order of commits. Events of
 * no aggregate lie in one stream of their own ({@link Places#ofApplication}). Events whose keys are gone are not there.
 */
public final class SealedEventStorageEngine extends BatchingEventStorageEngine {

    private static final byte[] NO_HASH = new byte[32];

    private final EventLog events;
    private final Places places;
    private final Envelopes envelopes;
    private final PersistenceExceptionResolver duplicates;
    private final byte[] noMetaData;
    private final Object application = new Object();
    private final LongAdder skeletons = new LongAdder();

    private SealedEventStorageEngine(Builder builder) {
        super(builder);
        this.events = builder.events;
        this.places = builder.places;
        this.envelopes = builder.envelopes;
        this.duplicates = builder.duplicates;
        this.noMetaData = getEventSerializer()
                .serialize(MetaData.emptyInstance(), byte[].class)
                .getData();
    }

    public static Builder builder(EventLog events, Places places, Envelopes envelopes) {
        return new Builder(events, places, envelopes);
    }

    /** How many skeletons were opened since it was made. */
    public long skeletonsOpened() {
        return skeletons.sum();
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> messages, Serializer serializer) {
        if (messages.stream().allMatch(message -> message instanceof DomainEventMessage<?>)) {
            append(messages, serializer);
        } else {
            synchronized (application) {
                append(messages, serializer);
            }
        }
    }

    private void append(List<? extends EventMessage<?>> messages, Serializer serializer) {
        if (messages.isEmpty()) {
            return;
        }
        try {
            var chain = new HashMap<StreamName, Optional<Head>>();
            var rows = new ArrayList<EventRow>(messages.size());
            for (var message : messages) {
                rows.add(sealed(message, serializer, chain, rows.size()));
            }
            events.append(rows);
        } catch (AppendRefused e) {
            handlePersistenceException(e, messages.get(e.index()));
        }
    }

    private EventRow sealed(
            EventMessage<?> message, Serializer serializer, Map<StreamName, Optional<Head>> chain, int index) {
        var place = placeOf(message);
        var head = chain.computeIfAbsent(place.stream(), events::believedHead);
        long next = head.map(h -> h.sequence() + 1).orElse(0L);
        long sequence = next;
        if (message instanceof DomainEventMessage<?> event) {
            sequence = event.getSequenceNumber();
            if (head.isPresent() && sequence != next) {
                throw new AppendRefused(index);
            }
        }
        var payload = message.serializePayload(serializer, byte[].class);
        var revision = payload.getType().getRevision();
        var context = new EventContext(
                place.stream(),
                sequence,
                message.getIdentifier(),
                payload.getType().getName(),
                revision == null ? "" : revision,
                place.twin(),
                place.scope());
        var sealed = envelopes.seal(
                context,
                frame(message, serializer, payload.getData()).bytes(),
                bodyOf(message),
                head.map(Head::hash).orElse(NO_HASH));
        chain.put(place.stream(), Optional.of(new Head(sequence, sealed.hash(), context.type())));
        return new EventRow(
                0,
                place.stream(),
                sequence,
                context.eventId(),
                context.type(),
                context.revision(),
                sealed.chunks().size(),
                sealed);
    }

    private Place placeOf(EventMessage<?> message) {
        return message instanceof DomainEventMessage<?> event
                ? places.ofAggregate(event.getAggregateIdentifier()).orElseThrow(TwinForgotten::new)
                : places.ofApplication();
    }

    private static @Nullable Body bodyOf(EventMessage<?> message) {
        return message.getPayload() instanceof Happened happened ? happened.body() : null;
    }

    private SkeletonFrame frame(EventMessage<?> message, Serializer serializer, byte[] payload) {
        var metaData = message.getMetaData().isEmpty()
                ? new byte[0]
                : message.serializeMetaData(serializer, byte[].class).getData();
        var type = message instanceof DomainEventMessage<?> event ? event.getType() : "";
        return new SkeletonFrame(message.getTimestamp(), type, metaData, payload);
    }

    /** Says what went wrong without quoting the aggregate's id or the event. */
    @Override
    protected void handlePersistenceException(Exception exception, EventMessage<?> failed) {
        if (!duplicates.isDuplicateKeyViolation(exception)) {
            throw new EventStoreException("The event could not be stored.", exception);
        }
        if (failed instanceof DomainEventMessage<?> event && event.getSequenceNumber() == 0) {
            throw new AggregateStreamCreationException("There is an aggregate of this id already.", exception);
        }
        throw new ConcurrencyException("The aggregate was changed by somebody else at the same time.", exception);
    }

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(String aggregate, long first, int most) {
        return places.ofAggregate(aggregate)
                .map(place -> opened(events.skeletons(place.stream(), first, most), place))
                .orElse(List.of());
    }

    /** Axon takes an empty batch for the end of the log: read on until something is there for it, or there is nothing. */
    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken token, int most) {
        long after = positionOf(token);
        while (true) {
            var rows = events.skeletonsAfter(after, most);
            var tracked = rows.stream().flatMap(row -> tracked(row).stream()).toList();
            if (rows.isEmpty() || !tracked.isEmpty()) {
                return tracked;
            }
            after = rows.getLast().position();
        }
    }

    private Optional<TrackedEventData<?>> tracked(EventRow row) {
        var token = new GlobalSequenceTrackingToken(row.position());
        return open(row)
                .map(opened -> opened.frame().aggregateType().isEmpty()
                        ? new OpenedEvent.OfApplication(
                                opened(row.id(), row.type(), row.revision(), opened.frame()), token)
                        : new TrackedDomainEventData<>(token, dataOf(row, opened.place(), opened.frame())));
    }

    private record Opened(Place place, SkeletonFrame frame) {}

    /** Nothing once the keys are gone. */
    private Optional<Opened> open(EventRow row) {
        try {
            return places.ofStream(row.stream()).map(place -> {
                try (var opening = envelopes.skeletons(place.twin(), place.scope())) {
                    return new Opened(place, frameOf(row, place, opening));
                }
            });
        } catch (TwinForgotten e) {
            return Optional.empty();
        }
    }

    private SkeletonFrame frameOf(EventRow row, Place place, Envelopes.Skeletons opening) {
        skeletons.increment();
        return SkeletonFrame.of(opening.open(row.context(place), row.sealed()));
    }

    private DomainEventData<byte[]> dataOf(EventRow row, Place place, SkeletonFrame frame) {
        return new OpenedEvent.OfAggregate(
                opened(row.id(), row.type(), row.revision(), frame), place.aggregate(), row.sequence());
    }

    private OpenedEvent opened(String id, String type, String revision, SkeletonFrame frame) {
        return new OpenedEvent(id, type, revision, frame, frame.metaData().length == 0 ? noMetaData : frame.metaData());
    }

    /** Opens the skeletons of rows of one place. */
    List<DomainEventData<byte[]>> opened(List<EventRow> rows, Place place) {
        try (var opening = envelopes.skeletons(place.twin(), place.scope())) {
            return rows.stream()
                    .map(row -> dataOf(row, place, frameOf(row, place, opening)))
                    .toList();
        }
    }

    /** What rows of one place say, upcast: for readers beside Axon that need the body too. */
    DomainEventStream decode(List<EventRow> rows, Place place) {
        return EventStreamUtils.upcastAndDeserializeDomainEvents(
                opened(rows, place).stream(), getEventSerializer(), upcasterChain);
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer serializer) {
        var place = placeOf(snapshot);
        var payload = snapshot.serializePayload(serializer, byte[].class);
        var revision = payload.getType().getRevision();
        var context = new EventContext(
                place.stream(),
                snapshot.getSequenceNumber(),
                snapshot.getIdentifier(),
                payload.getType().getName(),
                revision == null ? "" : revision,
                place.twin(),
                place.scope());
        var frame = frame(snapshot, serializer, payload.getData());
        var sealed = envelopes.sealSnapshot(context, frame.bytes());
        events.keep(new SnapshotRow(
                context.stream(), context.sequence(), context.eventId(), context.type(), context.revision(), sealed));
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregate) {
        return places.ofAggregate(aggregate).stream()
                .flatMap(place -> events.snapshot(place.stream()).stream().map(row -> snapshotData(row, place)));
    }

    private DomainEventData<byte[]> snapshotData(SnapshotRow row, Place place) {
        var frame = SkeletonFrame.of(envelopes.openSnapshot(row.context(place), row.sealed()));
        return new OpenedEvent.OfAggregate(
                opened(row.id(), row.type(), row.revision(), frame), place.aggregate(), row.sequence());
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregate) {
        return places.ofAggregate(aggregate)
                .flatMap(place -> events.head(place.stream()))
                .map(Head::sequence);
    }

    @Override
    public TrackingToken createTailToken() {
        return new GlobalSequenceTrackingToken(0);
    }

    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(events.lastPosition());
    }

    /** The time of an event is sealed: this opens skeletons from the beginning until it finds one of that time. */
    @Override
    public TrackingToken createTokenAt(Instant time) {
        for (long after = 0; ; ) {
            var rows = events.skeletonsAfter(after, batchSize());
            if (rows.isEmpty()) {
                return createHeadToken();
            }
            for (var row : rows) {
                if (open(row)
                        .filter(opened -> !opened.frame().at().isBefore(time))
                        .isPresent()) {
                    return new GlobalSequenceTrackingToken(after);
                }
                after = row.position();
            }
        }
    }

    private static long positionOf(@Nullable TrackingToken token) {
        return switch (token) {
            case null -> 0;
            case GlobalSequenceTrackingToken sequence -> sequence.getGlobalIndex();
            default -> throw new IllegalArgumentException("this store's tokens are global sequences");
        };
    }

    /** Builds an engine: what it stands on comes with {@link #builder}, what Axon adds may be set. */
    public static final class Builder extends BatchingEventStorageEngine.Builder {
        private final EventLog events;
        private final Places places;
        private final Envelopes envelopes;
        private PersistenceExceptionResolver duplicates = AppendRefused.class::isInstance;

        private Builder(EventLog events, Places places, Envelopes envelopes) {
            this.events = events;
            this.places = places;
            this.envelopes = envelopes;
        }

        @Override
        public Builder eventSerializer(Serializer serializer) {
            super.eventSerializer(serializer);
            return this;
        }

        @Override
        public Builder snapshotSerializer(Serializer serializer) {
            super.snapshotSerializer(serializer);
            return this;
        }

        @Override
        public Builder upcasterChain(EventUpcaster upcasters) {
            super.upcasterChain(upcasters);
            return this;
        }

        @Override
        public Builder persistenceExceptionResolver(PersistenceExceptionResolver resolver) {
            super.persistenceExceptionResolver(resolver);
            duplicates = resolver;
            return this;
        }

        @Override
        public Builder snapshotFilter(SnapshotFilter filter) {
            super.snapshotFilter(filter);
            return this;
        }

        @Override
        public Builder batchSize(int size) {
            super.batchSize(size);
            return this;
        }

        public SealedEventStorageEngine build() {
            return new SealedEventStorageEngine(this);
        }
    }
}
