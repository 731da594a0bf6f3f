package org.twinkeep.twin.axon;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.common.AxonException;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.modelling.command.AggregateStreamCreationException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.Sweep;

/**
 * Commands for twins, carried by Axon: its command bus, its locks, its repositories, over an engine that seals. One
 * command is one append. An aggregate's id is the name of its stream. Nothing of Axon calls home, and it keeps no events
 * in memory.
 */
public final class AxonTwins implements Twins, Sweep, AutoCloseable {

    /** How often other servers may be faster before a command is refused. */
    private static final int ATTEMPTS = 32;

    private static final long FIRST_PAUSE_NANOS = 2_000_000;

    private final KeyRing ring;
    private final TwinHistory history;
    private final RecentAggregates recent = new RecentAggregates();
    private final Configuration axon;
    private final CommandBus commands;
    private final boolean alone;

    private AxonTwins(KeyRing ring, EventStorageEngine engine, TwinHistory history, Contents contents, boolean alone) {
        this.ring = ring;
        this.history = history;
        this.alone = alone;
        this.axon = configure(engine, contents);
        this.commands = axon.commandBus();
    }

    /**
     * Starts Axon.
     *
     * @param history tells whether a twin is living
     * @param contents compares what comes with what is stored
     */
    public static AxonTwins start(KeyRing ring, EventStorageEngine engine, TwinHistory history, Contents contents) {
        return start(new AxonTwins(ring, engine, history, contents, true));
    }

    /**
     * The same where other servers write to the same store: no aggregate is kept in memory, so that each command is decided
     * on what all of them wrote, and one that another was faster than is decided anew.
     */
    public static AxonTwins startAmongOthers(
            KeyRing ring, EventStorageEngine engine, TwinHistory history, Contents contents) {
        return start(new AxonTwins(ring, engine, history, contents, false));
    }

    private static AxonTwins start(AxonTwins twins) {
        System.setProperty("axoniq.update-checker.disabled", "true");
        System.setProperty("disable-axoniq-console-message", "true");
        twins.axon.start();
        return twins;
    }

    private Configuration configure(EventStorageEngine engine, Contents contents) {
        var serializer = new TwinSerializer();
        return DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(_ -> serializer)
                .configureCorrelationDataProviders(_ -> List.of())
                .configureEventStore(_ -> EmbeddedEventStore.builder()
                        .storageEngine(engine)
                        .cachedEvents(1)
                        .optimizeEventConsumption(false)
                        .build())
                .registerComponent(Contents.class, _ -> contents)
                .configureAggregate(aggregate(LifeAggregate.class, LifeAggregate::new))
                .configureAggregate(aggregate(ChapterAggregate.class, ChapterAggregate::new))
                .buildConfiguration();
    }

    private <A> AggregateConfigurer<A> aggregate(Class<A> type, Function<String, A> make) {
        var configured = AggregateConfigurer.defaultConfiguration(type);
        if (alone) {
            configured.configureCache(_ -> recent);
        }
        return configured
                .configureAggregateFactory(_ -> new Maker<>(type, make))
                .configureCreationPolicyAggregateFactory(_ -> id -> make.apply(String.valueOf(id)));
    }

    @Override
    public void create(TwinCommand.CreateTwin command) {
        ring.createIfMissing(command.twin());
        live(command);
    }

    @Override
    public void keep(TwinCommand.KeepConsentOpening command) {
        live(command);
    }

    @Override
    public void requestErasure(TwinCommand.RequestTwinErasure command) {
        live(command);
    }

    @Override
    public Recorded record(TwinCommand.RecordEntries command) {
        if (command.entries().isEmpty()) {
            return new Recorded(command.chapter(), List.of(), List.of(), 0, List.of());
        }
        return answered(Recorded.class, inChapter(command, stream -> new ToAggregate.RecordIn(stream, command)));
    }

    @Override
    public void correct(TwinCommand.CorrectEntry command) {
        inChapter(command, stream -> new ToAggregate.CorrectIn(stream, command));
    }

    @Override
    public long erase(TwinCommand.EraseEntries command) {
        return answered(Long.class, inChapter(command, stream -> new ToAggregate.EraseIn(stream, command)));
    }

    private static <A> A answered(Class<A> type, @Nullable Object answer) {
        if (!type.isInstance(answer)) {
            throw new IllegalStateException("this command answers what became of it");
        }
        return type.cast(answer);
    }

    @Override
    public EntryId entryId(TwinId twin, String source, String resourceType, String id) {
        var name = new ByteWriter().framed(source).framed(resourceType).framed(id);
        try {
            return EntryId.of(ring.pseudonym(twin, "entry", name.toBytes()));
        } catch (TwinForgotten e) {
            throw TwinRefused.noSuchTwin();
        }
    }

    @Override
    public void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        // The erased entries' states stay: they say "erased" and nothing else.
    }

    @Override
    public void twinErased(TwinId twin) {
        recent.removeAll();
    }

    private void live(TwinCommand.OfLife command) {
        try {
            var stream = ring.streamOf(command.twin(), KeyScope.Own.LIFE).value();
            dispatch(new ToAggregate.Live(stream, command));
        } catch (TwinForgotten e) {
            throw TwinRefused.noSuchTwin();
        }
    }

    /** A chapter knows nothing of its twin's life: a twin that is being erased is refused here. */
    private @Nullable Object inChapter(TwinCommand.OfChapter command, Function<String, ToAggregate> addressed) {
        if (!history.exists(command.twin())) {
            throw TwinRefused.noSuchTwin();
        }
        try {
            return dispatch(addressed.apply(
                    ring.streamOf(command.twin(), command.chapter()).value()));
        } catch (TwinForgotten e) {
            throw TwinRefused.noSuchTwin();
        }
    }

    /** What another server overtook was not stored: it is decided again, on what is there now. */
    private @Nullable Object dispatch(ToAggregate command) {
        for (int attempt = 1; ; attempt++) {
            var answer = new Answer();
            commands.dispatch(GenericCommandMessage.<Object>asCommandMessage(command), answer::take);
            if (!answer.isOvertaken() || attempt == ATTEMPTS) {
                return answer.get();
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(FIRST_PAUSE_NANOS * attempt));
        }
    }

    @Override
    public void close() {
        axon.shutdown();
    }

    /** What the bus, which works in the caller's thread, answered. */
    private static final class Answer {
        private @Nullable CommandResultMessage<?> result;

        void take(Object command, CommandResultMessage<?> answered) {
            result = answered;
        }

        boolean isOvertaken() {
            return result != null
                    && result.isExceptional()
                    && (result.exceptionResult() instanceof ConcurrencyException
                            || result.exceptionResult() instanceof AggregateStreamCreationException);
        }

        @Nullable
        Object get() {
            if (result == null) {
                throw new IllegalStateException("the bus answers before it returns");
            }
            if (!result.isExceptional()) {
                return result.getPayload();
            }
            throw switch (result.exceptionResult()) {
                case AxonException e ->
                    new StoreUnavailable("The twin could not be written. Repeating the command is safe.", e);
                case RuntimeException e -> e;
                case Error e -> throw e;
                case Throwable e -> new IllegalStateException("no command throws a checked exception", e);
            };
        }
    }

    /** Makes empty aggregates. */
    private record Maker<A>(Class<A> type, Function<String, A> make) implements AggregateFactory<A> {
        @Override
        public A createAggregateRoot(String aggregate, DomainEventMessage<?> first) {
            return make.apply(aggregate);
        }

        @Override
        public Class<A> getAggregateType() {
            return type;
        }
    }
}
