package org.twinkeep.twin.kurrentdb;

import io.kurrent.dbclient.AppendStreamRequest;
import io.kurrent.dbclient.AppendToStreamOptions;
import io.kurrent.dbclient.DeleteStreamOptions;
import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.KurrentDBClientSettings;
import io.kurrent.dbclient.KurrentDBConnectionString;
import io.kurrent.dbclient.Position;
import io.kurrent.dbclient.ReadAllOptions;
import io.kurrent.dbclient.ReadStreamOptions;
import io.kurrent.dbclient.RecordedEvent;
import io.kurrent.dbclient.StreamNotFoundException;
import io.kurrent.dbclient.StreamState;
import io.kurrent.dbclient.WrongExpectedVersionException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.store.AppendRefused;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.EventRow;
import org.twinkeep.twin.store.Head;
import org.twinkeep.twin.store.Moved;
import org.twinkeep.twin.store.Moved.StreamHead;
import org.twinkeep.twin.store.SnapshotRow;

/**
 * Events in KurrentDB, or in EventStoreDB: a stream of the house is a stream there, a sequence is its revision, and a
 * position is the commit position of {@code $all}. Chunks and snapshots lie in streams beside it. The server sees
 * ciphertext and pseudonyms only.
 *
 * <p>Guarantees: as {@link EventLog}. An append whose answer was lost is asked again with the very same bytes, under ids
 * made from these bytes, so that it is kept once. A stream that was deleted has a tombstone and takes no event any more:
 * {@link TwinForgotten}. What was deleted lies on the server's disks until each node was scavenged; its keys are gone.
 */
public final class KurrentEvents implements EventLog {

    private static final int PAGE = 256;
    private static final int HEADS_REMEMBERED = 10_000;

    /** Streams of twins begin at 0; Axon lets others begin later, a little. */
    private static final int LATEST_BEGINNING = 16;

    /** The limit of one record (KurrentDB's {@code MaxAppendSize} by default), less what frames it. */
    private static final int MOST_IN_A_RECORD = (1 << 20) - (4 << 10);

    /** Says whose store it is, so that no house takes another's, or an empty one, for its own. */
    private static final String HOUSE = "hdthouse";

    private static final byte[] ONE_SNAPSHOT = "{\"$maxCount\":1}".getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private volatile Quiet quiet = new Quiet(0, 0);
    private final Map<StreamName, Head> believed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamName, Head> eldest) {
            return size() > HEADS_REMEMBERED;
        }
    };

    private KurrentEvents(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens a store. It connects at the first question.
     *
     * @param connectionString as KurrentDB documents it ({@code kurrentdb://...}); it may hold a password and is quoted
     *     nowhere
     * @throws StoreUnavailable when it cannot be read
     */
    public static KurrentEvents open(String connectionString, Patience patience) {
        return new KurrentEvents(new Connection(settings(connectionString), patience));
    }

    /** The cause is left out: it quotes what it could not read. */
    private static KurrentDBClientSettings settings(String connectionString) {
        try {
            return KurrentDBConnectionString.parseOrThrow(connectionString);
        } catch (RuntimeException quoting) {
            throw new StoreUnavailable("The connection string of the store cannot be read. It is like"
                    + " kurrentdb://user:password@host:2113?tls=true; the client reads no port above 32767 in a list"
                    + " of hosts.");
        }
    }

    /** Whose events these are; nothing where nobody claimed the store yet. */
    public Optional<String> house() {
        return last(HOUSE).map(record -> new String(record.getEventData(), StandardCharsets.UTF_8));
    }

    /** Claims the store for one house, once. @return whether it is that house's now */
    public boolean claim(String house) {
        if (house().isEmpty()) {
            var name = house.getBytes(StandardCharsets.UTF_8);
            var claim = EventData.builderAsBinary(Records.idOf(name), "claimed", name)
                    .build();
            try {
                append(HOUSE, StreamState.noStream(), List.of(claim));
            } catch (WrongExpectedVersionException overtaken) {
                return house().equals(Optional.of(house));
            }
        }
        return house().equals(Optional.of(house));
    }

    @Override
    public void append(List<EventRow> rows) {
        var byStream = byStream(rows);
        try {
            rows.forEach(this::appendChunks);
            var appends = byStream.values().stream().map(this::appendOf).toList();
            if (appends.size() == 1) {
                var append = appends.getFirst();
                append(append.stream().value(), append.before(), append.records());
            } else {
                connection.ask(client -> client.multiStreamAppend(appends.stream()
                        .map(append -> new AppendStreamRequest(
                                append.stream().value(), append.records().iterator(), append.before()))
                        .iterator()));
            }
            rows.forEach(this::believe);
        } catch (WrongExpectedVersionException e) {
            byStream.keySet().forEach(this::forget);
            if (!isThere(rows)) {
                throw new AppendRefused(firstOf(e.getStreamName(), rows), e);
            }
        } catch (StreamGone e) {
            byStream.keySet().forEach(this::forget);
            throw new TwinForgotten();
        } catch (RuntimeException e) {
            byStream.keySet().forEach(this::forget);
            throw e;
        }
    }

    /** What the server would not look at: the same id twice, and a hole within one append. */
    private static SequencedMap<StreamName, List<EventRow>> byStream(List<EventRow> rows) {
        var byStream = new LinkedHashMap<StreamName, List<EventRow>>();
        var ids = new HashSet<String>();
        for (int i = 0; i < rows.size(); i++) {
            var row = rows.get(i);
            var others = byStream.computeIfAbsent(row.stream(), _ -> new ArrayList<>());
            if (!ids.add(row.id()) || !others.isEmpty() && others.getLast().sequence() + 1 != row.sequence()) {
                throw new AppendRefused(i);
            }
            others.add(row);
        }
        return byStream;
    }

    private record Append(StreamName stream, StreamState before, List<EventData> records) {}

    private Append appendOf(List<EventRow> rows) {
        var stream = rows.getFirst().stream();
        long first = rows.getFirst().sequence();
        var records = rows.stream().map(Records::of);
        if (first == 0 || first > LATEST_BEGINNING || believedHead(stream).isPresent()) {
            return new Append(stream, before(first), records.toList());
        }
        var nothing = LongStream.range(0, first).mapToObj(revision -> Records.nothing(stream, revision));
        return new Append(stream, before(0), Stream.concat(nothing, records).toList());
    }

    private static StreamState before(long revision) {
        return revision == 0 ? StreamState.noStream() : StreamState.streamRevision(revision - 1);
    }

    /** Before the event that they belong to: an event is never there without its chunks. */
    private void appendChunks(EventRow row) {
        long number = 0;
        for (var chunk : Records.chunks(row)) {
            append(Records.chunksOf(row), before(number++), List.of(chunk));
        }
    }

    private void append(String stream, StreamState before, List<EventData> records) {
        connection.ask(client -> client.appendToStream(
                stream,
                AppendToStreamOptions.get().streamState(before).deadline(connection.answerMillis()),
                records.iterator()));
    }

    /** An earlier attempt of this append was kept, and its answer was lost. */
    private boolean isThere(List<EventRow> rows) {
        return rows.stream()
                .allMatch(row -> event(row.stream(), row.sequence())
                        .filter(stored -> Arrays.equals(
                                stored.sealed().hash(), row.sealed().hash()))
                        .isPresent());
    }

    private static int firstOf(String stream, List<EventRow> rows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).stream().value().equals(stream)) {
                return i;
            }
        }
        return 0;
    }

    @Override
    public Optional<Head> head(StreamName stream) {
        var found = last(stream.value()).map(record -> headOf(Records.event(record, false)));
        found.ifPresentOrElse(head -> believe(stream, head), () -> forget(stream));
        return found;
    }

    /** What this process knows last. Who was overtaken by another process is refused by the server. */
    @Override
    public Optional<Head> believedHead(StreamName stream) {
        synchronized (believed) {
            var known = believed.get(stream);
            if (known != null) {
                return Optional.of(known);
            }
        }
        return head(stream);
    }

    private Optional<RecordedEvent> last(String stream) {
        return stream(stream, ReadStreamOptions.get().backwards().fromEnd().maxCount(1), 1, _ -> true).stream()
                .findFirst();
    }

    @Override
    public List<EventRow> skeletons(StreamName stream, long first, int most) {
        return rows(stream, first, most, false, _ -> false);
    }

    @Override
    public List<EventRow> events(StreamName stream, long first, int most, long bytes) {
        var size = new long[1];
        return rows(stream, first, most, true, record -> {
                    size[0] += record.getEventData().length
                            + Records.event(record, false).chunks() * (512L << 10);
                    return size[0] >= bytes;
                })
                .stream()
                .map(this::withChunks)
                .toList();
    }

    private List<EventRow> rows(
            StreamName stream, long first, int most, boolean withBody, Predicate<RecordedEvent> enough) {
        var options = ReadStreamOptions.get().forwards().fromRevision(first).maxCount(most);
        var rows = new ArrayList<EventRow>();
        long next = first;
        for (var record : stream(stream.value(), options, most, enough)) {
            if (record.getRevision() >= next) {
                if (!Records.isNothing(record)) {
                    rows.add(Records.event(record, withBody));
                }
                next = record.getRevision() + 1;
            }
        }
        if (rows.isEmpty()) {
            return next == first ? rows : rows(stream, next, most, withBody, enough);
        }
        believeIfNewer(rows.getLast());
        return rows;
    }

    /** What arrives twice is the reader's to see: this answers what came. Nothing where there is no such stream. */
    private List<RecordedEvent> stream(
            String stream, ReadStreamOptions options, int most, Predicate<RecordedEvent> enough) {
        var seen = new HashSet<Long>();
        try {
            return connection.read(
                    client -> client.readStreamReactive(stream, options.requiresLeader()),
                    record -> enough.test(record) || seen.add(record.getRevision()) && seen.size() >= most);
        } catch (StreamNotFoundException | StreamGone gone) {
            return List.of();
        }
    }

    @Override
    public Optional<EventRow> event(StreamName stream, long sequence) {
        return rows(stream, sequence, 1, true, _ -> true).stream()
                .filter(row -> row.sequence() == sequence)
                .findFirst();
    }

    @Override
    public EventRow withChunks(EventRow row) {
        if (row.chunks() == 0) {
            return row;
        }
        var chunks = new ArrayList<byte[]>();
        while (chunks.size() < row.chunks()) {
            int next = chunks.size();
            var options = ReadStreamOptions.get().forwards().fromRevision(next).maxCount(8);
            for (var record : stream(Records.chunksOf(row), options, 8, _ -> false)) {
                if (record.getRevision() == chunks.size()) {
                    chunks.add(record.getEventData());
                }
            }
            if (chunks.size() == next) {
                break;
            }
        }
        return row.withChunks(chunks);
    }

    @Override
    public List<EventRow> skeletonsAfter(long position, int most) {
        var found = new ArrayList<EventRow>();
        for (long from = quiet.skip(position); ; ) {
            var page = all(from, Math.max(64, most - found.size() + 1));
            for (var record : page) {
                if (isEvent(record)) {
                    found.add(Records.event(record, false));
                    if (found.size() == most) {
                        return found;
                    }
                }
            }
            if (page.isEmpty()) {
                if (found.isEmpty()) {
                    quiet = quiet.upTo(position, from);
                }
                return found;
            }
            from = positionOf(page.getLast());
        }
    }

    private static boolean isEvent(RecordedEvent record) {
        return Records.isOfEvents(record) && !record.getEventType().equals(Records.TOMBSTONE);
    }

    /** Of all records, those after a position: the server begins at it, not after it. */
    private List<RecordedEvent> all(long position, int most) {
        var options = ReadAllOptions.get().forwards().maxCount(most).requiresLeader();
        if (position == 0) {
            options.fromStart();
        } else {
            options.fromPosition(new Position(position, position));
        }
        var page = new ArrayList<RecordedEvent>();
        long last = position;
        for (var record : connection.read(client -> client.readAllReactive(options), _ -> false)) {
            if (positionOf(record) > last) {
                page.add(record);
                last = positionOf(record);
            }
        }
        return page;
    }

    private static long positionOf(RecordedEvent record) {
        return record.getPosition().getCommitUnsigned();
    }

    private void forAll(long after, Consumer<RecordedEvent> each) {
        long from = after;
        for (var page = all(from, PAGE); !page.isEmpty(); page = all(from, PAGE)) {
            page.forEach(each);
            from = positionOf(page.getLast());
        }
    }

    @Override
    public long lastPosition() {
        var options = ReadAllOptions.get().backwards().fromEnd().maxCount(1).requiresLeader();
        var last = connection.read(client -> client.readAllReactive(options), _ -> true);
        return last.isEmpty() ? 0 : positionOf(last.getFirst());
    }

    /** Reads all that there is. */
    @Override
    public List<StreamName> streams() {
        return movedSince(0).heads().stream().map(StreamHead::stream).toList();
    }

    @Override
    public Moved movedSince(long position) {
        var moved = new LinkedHashMap<StreamName, StreamHead>();
        var last = new long[] {quiet.skip(position)};
        forAll(last[0], record -> {
            last[0] = positionOf(record);
            if (isEvent(record)) {
                var row = Records.event(record, false);
                moved.put(
                        row.stream(),
                        new StreamHead(
                                row.stream(), row.sequence(), row.sealed().hash()));
            } else if (Records.isOfEvents(record)) {
                moved.remove(new StreamName(record.getStreamId()));
            }
        });
        if (moved.isEmpty()) {
            quiet = quiet.upTo(position, last[0]);
        }
        return new Moved(last[0], List.copyOf(moved.values()));
    }

    /** A part of the log without an event of ours: a server writes there too, and nobody reads that twice. */
    private record Quiet(long after, long until) {
        long skip(long position) {
            return position >= after && position < until ? until : position;
        }

        Quiet upTo(long position, long last) {
            return position >= after && position <= until ? new Quiet(after, last) : new Quiet(position, last);
        }
    }

    /** A snapshot spares time only: one that is too large for a record, or was overtaken, is not kept. */
    @Override
    public void keep(SnapshotRow snapshot) {
        var record = Records.of(snapshot);
        if (record.getEventData().length > MOST_IN_A_RECORD) {
            return;
        }
        var stream = Records.snapshotsOf(snapshot.stream());
        try {
            var newest = last(stream);
            if (newest.isEmpty()) {
                append(
                        "$$" + stream,
                        StreamState.any(),
                        List.of(EventData.builderAsJson(
                                        Records.idOf(stream.getBytes(StandardCharsets.UTF_8)),
                                        "$metadata",
                                        ONE_SNAPSHOT)
                                .build()));
            } else if (Records.snapshot(snapshot.stream(), newest.get()).sequence() >= snapshot.sequence()) {
                return;
            }
            append(
                    stream,
                    newest.map(kept -> StreamState.streamRevision(kept.getRevision()))
                            .orElseGet(StreamState::noStream),
                    List.of(record));
        } catch (WrongExpectedVersionException | StreamGone overtaken) {
            return;
        }
    }

    @Override
    public Optional<SnapshotRow> snapshot(StreamName stream) {
        return last(Records.snapshotsOf(stream)).map(record -> Records.snapshot(stream, record));
    }

    @Override
    public List<LeafAddress> leavesOf(StreamName stream, Collection<Long> sequences) {
        return sequences.stream()
                .flatMap(sequence -> event(stream, sequence).stream())
                .flatMap(row -> Optional.ofNullable(row.sealed().body()).stream())
                .map(Sealing::addressOf)
                .toList();
    }

    @Override
    public long count(Collection<StreamName> streams) {
        return streams.stream()
                .mapToLong(
                        stream -> head(stream).map(head -> head.sequence() + 1).orElse(0L))
                .sum();
    }

    /** Tombstones, the stream of events last: until then whoever repeats this finds what lies beside it. */
    @Override
    public void delete(Collection<StreamName> streams) {
        for (var stream : streams) {
            for (long next = 0; ; ) {
                var page = skeletons(stream, next, PAGE);
                if (page.isEmpty()) {
                    break;
                }
                page.stream()
                        .filter(row -> row.chunks() > 0)
                        .map(Records::chunksOf)
                        .forEach(this::tombstone);
                next = page.getLast().sequence() + 1;
            }
            tombstone(Records.snapshotsOf(stream));
            tombstone(stream.value());
            forget(stream);
        }
    }

    private void tombstone(String stream) {
        if (last(stream).isEmpty()) {
            return;
        }
        try {
            connection.ask(client -> client.tombstoneStream(
                    stream,
                    DeleteStreamOptions.get().streamState(StreamState.any()).deadline(connection.answerMillis())));
        } catch (StreamGone done) {
            return;
        }
    }

    private static Head headOf(EventRow row) {
        return new Head(row.sequence(), row.sealed().hash(), row.type());
    }

    private void believe(EventRow row) {
        believe(row.stream(), headOf(row));
    }

    private void believe(StreamName stream, Head head) {
        synchronized (believed) {
            believed.put(stream, head);
        }
    }

    private void believeIfNewer(EventRow row) {
        synchronized (believed) {
            var known = believed.get(row.stream());
            if (known != null && known.sequence() < row.sequence()) {
                believed.put(row.stream(), headOf(row));
            }
        }
    }

    private void forget(StreamName stream) {
        synchronized (believed) {
            believed.remove(stream);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
