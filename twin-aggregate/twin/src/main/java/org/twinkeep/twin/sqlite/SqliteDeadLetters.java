package org.twinkeep.twin.sqlite;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.deadletter.Cause;
import org.axonframework.messaging.deadletter.DeadLetter;
import org.axonframework.messaging.deadletter.DeadLetterQueueOverflowException;
import org.axonframework.messaging.deadletter.EnqueueDecision;
import org.axonframework.messaging.deadletter.NoSuchDeadLetterException;
import org.axonframework.messaging.deadletter.SequencedDeadLetterQueue;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.Happened;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.erasure.Sweep;
import org.twinkeep.twin.store.Place;
import org.twinkeep.twin.store.Places;

/**
 * Events that a handler of one processing group could not handle, in a file of their own. Payload, metadata and cause are
 * sealed under the keys of the twin that the event is of: what {@code Sealing} puts aside. A sequence is known by a keyed
 * hash. The letters of an erased twin or entry are swept, overwritten, and gone from the log.
 *
 * <p>Guarantees: a letter that {@link #enqueue} took is synced; the letters of a sequence keep their order; one task at a
 * time works on a sequence. An event whose twin is gone is not kept. Failure: {@link StoreUnavailable}.
 */
public final class SqliteDeadLetters implements SequencedDeadLetterQueue<EventMessage<?>>, Sweep, AutoCloseable {

    private static final int MOST_SEQUENCES = 1024;
    private static final int MOST_IN_A_SEQUENCE = 1024;
    private static final String KIND = "dead letter";

    private static final Schema SCHEMA =
            Schema.of(1, """
            CREATE TABLE letters(
              id INTEGER PRIMARY KEY AUTOINCREMENT,
              processing_group TEXT NOT NULL,
              sequence TEXT NOT NULL,
              twin TEXT NOT NULL,
              stream TEXT NOT NULL,
              number INTEGER NOT NULL,
              event_id TEXT NOT NULL,
              type TEXT NOT NULL,
              revision TEXT NOT NULL,
              sealed BLOB NOT NULL) STRICT""", "CREATE INDEX letters_of_sequence ON letters(processing_group, sequence)");

    private static final String LETTER = "SELECT id, sequence, stream, number, event_id, type, revision, sealed"
            + " FROM letters WHERE processing_group = ? ";

    private final Database database;
    private final Session session;
    private final String group;
    private final Places places;
    private final Sealing sealing;
    private final Secret key;
    private final Serializer serializer;
    private final DeadLetterForm form;
    private final Set<String> claimed = new HashSet<>();

    private SqliteDeadLetters(
            Path file, String group, Places places, Sealing sealing, Secret key, Serializer serializer)
            throws SQLException {
        this.database = Database.at(file);
        this.session = database.open(SCHEMA);
        this.group = group;
        this.places = places;
        this.sealing = sealing;
        this.key = key;
        this.serializer = serializer;
        this.form = new DeadLetterForm(serializer);
    }

    /**
     * Opens the letters of a processing group, or makes the file.
     *
     * @param key the house's key of the label {@code dead-letters}
     * @param serializer of payloads, as the engine's
     */
    public static SqliteDeadLetters open(
            Path file, String group, Places places, Sealing sealing, Secret key, Serializer serializer) {
        try {
            return new SqliteDeadLetters(file, group, places, sealing, key, serializer);
        } catch (SQLException e) {
            throw new StoreUnavailable("The store " + file.getFileName() + " cannot be opened.", e);
        }
    }

    @Override
    public synchronized void enqueue(Object sequence, DeadLetter<? extends EventMessage<?>> letter) {
        if (isFull(sequence)) {
            throw new DeadLetterQueueOverflowException("There is no room for another dead letter of this group.");
        }
        placeOf(letter.message()).ifPresent(place -> {
            var context = contextOf(letter.message(), place);
            var sealed = sealing.sealAside(context, KIND, form.write(letter));
            ask(() -> session.update(
                    """
                    INSERT INTO letters(processing_group, sequence, twin, stream, number, event_id, type, revision, sealed)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                    group,
                    tag("sequence", sequence.toString()),
                    tag("twin", place.twin().toString()),
                    context.stream().value(),
                    context.sequence(),
                    context.eventId(),
                    context.type(),
                    context.revision(),
                    sealed));
        });
    }

    /** Nothing once the twin is gone. */
    private Optional<Place> placeOf(EventMessage<?> message) {
        return message instanceof DomainEventMessage<?> event
                ? places.ofAggregate(event.getAggregateIdentifier())
                : Optional.of(places.ofApplication());
    }

    private EventContext contextOf(EventMessage<?> message, Place place) {
        var type = message.serializePayload(serializer, byte[].class).getType();
        return new EventContext(
                place.stream(),
                message instanceof DomainEventMessage<?> event ? event.getSequenceNumber() : 0,
                message.getIdentifier(),
                type.getName(),
                Objects.requireNonNullElse(type.getRevision(), ""),
                place.twin(),
                place.scope());
    }

    @Override
    public synchronized void evict(DeadLetter<? extends EventMessage<?>> letter) {
        if (letter instanceof Letter known) {
            ask(() -> session.update("DELETE FROM letters WHERE id = ?", known.id));
        }
    }

    @Override
    public synchronized void requeue(
            DeadLetter<? extends EventMessage<?>> letter, UnaryOperator<DeadLetter<? extends EventMessage<?>>> updater)
            throws NoSuchDeadLetterException {
        if (!(letter instanceof Letter known)
                || !replace(known, updater.apply(letter).markTouched())) {
            throw new NoSuchDeadLetterException("There is no such dead letter.");
        }
    }

    private boolean replace(Letter known, DeadLetter<? extends EventMessage<?>> with) {
        return placeOf(with.message())
                .map(place -> sealing.sealAside(contextOf(with.message(), place), KIND, form.write(with)))
                .map(bytes -> ask(() -> session.update("UPDATE letters SET sealed = ? WHERE id = ?", bytes, known.id)))
                .filter(changed -> changed == 1)
                .isPresent();
    }

    @Override
    public boolean contains(Object sequence) {
        return sequenceSize(sequence) > 0;
    }

    @Override
    public Iterable<DeadLetter<? extends EventMessage<?>>> deadLetterSequence(Object sequence) {
        return List.copyOf(lettersOf(tag("sequence", sequence.toString())));
    }

    @Override
    public Iterable<Iterable<DeadLetter<? extends EventMessage<?>>>> deadLetters() {
        var all = new ArrayList<Iterable<DeadLetter<? extends EventMessage<?>>>>();
        sequences().forEach(sequence -> all.add(List.copyOf(lettersOf(sequence))));
        return all;
    }

    @Override
    public synchronized boolean isFull(Object sequence) {
        long size = sequenceSize(sequence);
        return size == 0 ? amountOfSequences() >= MOST_SEQUENCES : size >= MOST_IN_A_SEQUENCE;
    }

    @Override
    public long size() {
        return count("SELECT count(*) FROM letters WHERE processing_group = ?", group);
    }

    @Override
    public long sequenceSize(Object sequence) {
        return count(
                "SELECT count(*) FROM letters WHERE processing_group = ? AND sequence = ?",
                group,
                tag("sequence", sequence.toString()));
    }

    @Override
    public long amountOfSequences() {
        return count("SELECT count(DISTINCT sequence) FROM letters WHERE processing_group = ?", group);
    }

    /** Takes the sequence whose first letter was touched longest ago, and goes through it until one stays. */
    @Override
    public boolean process(
            Predicate<DeadLetter<? extends EventMessage<?>>> filter,
            Function<DeadLetter<? extends EventMessage<?>>, EnqueueDecision<EventMessage<?>>> task) {
        var taken = claim(filter);
        if (taken.isEmpty()) {
            return false;
        }
        try {
            for (var letter = first(taken.get()); letter.isPresent(); letter = first(taken.get())) {
                var decision = task.apply(letter.get());
                if (decision.shouldEnqueue()) {
                    requeue(
                            letter.get(),
                            failed -> decision.withDiagnostics(failed)
                                    .withCause(decision.enqueueCause().orElse(null)));
                    return false;
                }
                evict(letter.get());
            }
            return true;
        } finally {
            release(taken.get());
        }
    }

    private synchronized Optional<String> claim(Predicate<DeadLetter<? extends EventMessage<?>>> filter) {
        String earliest = null;
        var since = Instant.MAX;
        for (var sequence : sequences()) {
            var first = claimed.contains(sequence) ? Optional.<Letter>empty() : first(sequence);
            if (first.isPresent() && first.get().lastTouched().isBefore(since) && filter.test(first.get())) {
                earliest = sequence;
                since = first.get().lastTouched();
            }
        }
        if (earliest != null) {
            claimed.add(earliest);
        }
        return Optional.ofNullable(earliest);
    }

    private synchronized void release(String sequence) {
        claimed.remove(sequence);
    }

    @Override
    public synchronized void clear() {
        ask(() -> session.update("DELETE FROM letters WHERE processing_group = ?", group));
    }

    /** Takes away the letters about these entries, of every group. */
    @Override
    public synchronized void entriesErased(TwinId twin, Map<Chapter, List<EntryId>> entries) {
        var erased = new HashSet<EntryId>();
        entries.values().forEach(erased::addAll);
        sweep(ask(() -> letters(session.query(
                                "SELECT id, sequence, stream, number, event_id, type, revision, sealed FROM letters WHERE twin = ?",
                                tag("twin", twin.toString()))
                        .executeQuery()))
                .stream()
                .filter(letter -> letter.message().getPayload() instanceof Happened(TwinEvent.OfChapter event, var _)
                        && erased.contains(event.entry()))
                .map(Letter::id)
                .toList());
    }

    @Override
    public synchronized void twinErased(TwinId twin) {
        var letters = new ArrayList<Long>();
        ask(() -> {
            try (var row = session.query("SELECT id FROM letters WHERE twin = ?", tag("twin", twin.toString()))
                    .executeQuery()) {
                while (row.next()) {
                    letters.add(row.getLong(1));
                }
            }
            return letters;
        });
        sweep(letters);
    }

    private void sweep(Collection<Long> letters) {
        if (letters.isEmpty()) {
            return;
        }
        ask(() -> {
            for (long letter : letters) {
                session.update("DELETE FROM letters WHERE id = ?", letter);
            }
            return session.emptyLog();
        });
    }

    private synchronized List<Letter> lettersOf(String sequence) {
        return ask(() -> letters(session.query(LETTER + "AND sequence = ? ORDER BY id", group, sequence)
                .executeQuery()));
    }

    private synchronized Optional<Letter> first(String sequence) {
        return ask(() -> letters(session.query(LETTER + "AND sequence = ? ORDER BY id LIMIT 1", group, sequence)
                        .executeQuery()))
                .stream()
                .findFirst();
    }

    /** Those whose twin is still there: its erasure sweeps the others. */
    private List<Letter> letters(ResultSet result) throws SQLException {
        try (result) {
            var letters = new ArrayList<Letter>();
            while (result.next()) {
                open(result).ifPresent(letters::add);
            }
            return letters;
        }
    }

    private Optional<Letter> open(ResultSet row) throws SQLException {
        var place = places.ofStream(new StreamName(row.getString(3)));
        if (place.isEmpty()) {
            return Optional.empty();
        }
        var context = new EventContext(
                place.get().stream(),
                row.getLong(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                place.get().twin(),
                place.get().scope());
        try {
            var bytes = sealing.openAside(context, KIND, row.getBytes(8));
            var revision = context.revision().isEmpty() ? null : context.revision();
            var letter = form.read(row.getString(2), context.eventId(), context.type(), revision, bytes);
            return Optional.of(new Letter(row.getLong(1), letter));
        } catch (TwinForgotten e) {
            return Optional.empty();
        }
    }

    private synchronized List<String> sequences() {
        return ask(() -> {
            var sequences = new ArrayList<String>();
            var sql = "SELECT sequence, min(id) FROM letters WHERE processing_group = ? GROUP BY sequence ORDER BY 2";
            try (var row = session.query(sql, group).executeQuery()) {
                while (row.next()) {
                    sequences.add(row.getString(1));
                }
            }
            return sequences;
        });
    }

    private synchronized long count(String sql, Object... parameters) {
        return ask(() -> {
            try (var row = session.query(sql, parameters).executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    /** A name that says nothing to who has not the house's key. */
    private String tag(String label, String of) {
        var name = new ByteWriter().framed(label).framed(of).toBytes();
        return HexFormat.of().formatHex(Hmac.sha256(key, name));
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException e) {
            throw new StoreUnavailable("The store " + database.name() + " does not answer.", e);
        }
    }

    @Override
    public synchronized void close() {
        key.close();
        ask(() -> {
            session.close();
            return group;
        });
    }

    /** A letter as it lies in the file. */
    private record Letter(long id, DeadLetter<EventMessage<?>> letter) implements DeadLetter<EventMessage<?>> {
        @Override
        public EventMessage<?> message() {
            return letter.message();
        }

        @Override
        public Optional<Cause> cause() {
            return letter.cause();
        }

        @Override
        public Instant enqueuedAt() {
            return letter.enqueuedAt();
        }

        @Override
        public Instant lastTouched() {
            return letter.lastTouched();
        }

        @Override
        public MetaData diagnostics() {
            return letter.diagnostics();
        }

        @Override
        public DeadLetter<EventMessage<?>> markTouched() {
            return new Letter(id, letter.markTouched());
        }

        @Override
        public DeadLetter<EventMessage<?>> withCause(@Nullable Throwable cause) {
            return new Letter(id, letter.withCause(cause));
        }

        @Override
        public DeadLetter<EventMessage<?>> withDiagnostics(MetaData diagnostics) {
            return new Letter(id, letter.withDiagnostics(diagnostics));
        }

        @Override
        public String toString() {
            return "Letter";
        }
    }
}
