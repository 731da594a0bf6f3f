package org.twinkeep.twin.kurrentdb;

import io.kurrent.dbclient.EventData;
import io.kurrent.dbclient.RecordedEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.twin.store.EventRow;
import org.twinkeep.twin.store.SnapshotRow;

/**
 * How events, chunks and snapshots lie in KurrentDB; {@code docs/formats/events-kurrentdb.md} has the layout.
 *
 * <p>A record's id comes from the hash of what it holds. The server takes a second append of the same ids for the first
 * one repeated and compares no bytes: so only the very same bytes are ever taken for a repetition.
 */
final class Records {

    /** The streams of events; everything after the first hyphen is a pseudonym. */
    static final String EVENTS = "hdt-";

    /** What a tombstone is called in the order of all events. */
    static final String TOMBSTONE = "$streamDeleted";

    private static final String CHUNK = "chunk";

    /** Stands where a stream has no event because it begins later. */
    private static final String NOTHING = "nothing";

    private static final int VERSION = 1;
    private static final int HASH_BYTES = 32;
    private static final String MALFORMED = "A record of the store cannot be read.";

    private Records() {}

    static String snapshotsOf(StreamName stream) {
        return "hdtsnap-" + bare(stream);
    }

    /** Chunks lie in a stream of their event's own, so that each has its place whoever else writes. */
    static String chunksOf(EventRow row) {
        return "hdtchunks-" + bare(row.stream()) + "-" + idOf(row.sealed().hash());
    }

    private static String bare(StreamName stream) {
        var name = stream.value();
        return name.startsWith(EVENTS) ? name.substring(EVENTS.length()) : name;
    }

    /** Of a stream of events: one of its events, or its tombstone. */
    static boolean isOfEvents(RecordedEvent record) {
        return record.getStreamId().startsWith(EVENTS) && !isNothing(record);
    }

    static boolean isNothing(RecordedEvent record) {
        return record.getEventType().equals(NOTHING);
    }

    /** So that a sequence is a revision also where a stream begins after 0. */
    static EventData nothing(StreamName stream, long revision) {
        var id = idOf((stream.value() + "/" + revision).getBytes(StandardCharsets.UTF_8));
        return EventData.builderAsBinary(id, NOTHING, new byte[0]).build();
    }

    static EventData of(EventRow row) {
        var sealed = row.sealed();
        var body = sealed.body();
        var data = new ByteWriter()
                .u8(VERSION)
                .framed(row.id())
                .framed(row.revision())
                .u32(sealed.chunks().size())
                .raw(sealed.previousHash())
                .raw(sealed.hash())
                .framed(sealed.skeleton())
                .u8(body == null ? 0 : 1);
        if (body != null) {
            data.raw(body);
        }
        return EventData.builderAsBinary(idOf(sealed.hash()), row.type(), data.toBytes())
                .build();
    }

    /** @param withBody whether the body is wanted as well */
    static EventRow event(RecordedEvent record, boolean withBody) {
        var reader = reader(record);
        var id = text(reader.framed());
        var revision = text(reader.framed());
        int chunks = reader.u32();
        var previous = reader.raw(HASH_BYTES);
        var hash = reader.raw(HASH_BYTES);
        var skeleton = reader.framed();
        var body = reader.u8() == 1 && withBody ? reader.rest() : null;
        return new EventRow(
                record.getPosition().getCommitUnsigned(),
                new StreamName(record.getStreamId()),
                record.getRevision(),
                id,
                record.getEventType(),
                revision,
                chunks,
                new SealedEvent(skeleton, body, List.of(), previous, hash));
    }

    static List<EventData> chunks(EventRow row) {
        var chunks = new ArrayList<EventData>();
        for (var chunk : row.sealed().chunks()) {
            var id = idOf(ByteBuffer.allocate(HASH_BYTES + 4)
                    .put(row.sealed().hash())
                    .putInt(chunks.size())
                    .array());
            chunks.add(EventData.builderAsBinary(id, CHUNK, chunk).build());
        }
        return chunks;
    }

    static EventData of(SnapshotRow snapshot) {
        var data = new ByteWriter()
                .u8(VERSION)
                .framed(snapshot.id())
                .framed(snapshot.revision())
                .u64(snapshot.sequence())
                .raw(snapshot.sealed())
                .toBytes();
        return EventData.builderAsBinary(idOf(data), snapshot.type(), data).build();
    }

    static SnapshotRow snapshot(StreamName stream, RecordedEvent record) {
        var reader = reader(record);
        var id = text(reader.framed());
        var revision = text(reader.framed());
        return new SnapshotRow(stream, reader.u64(), id, record.getEventType(), revision, reader.rest());
    }

    private static ByteReader reader(RecordedEvent record) {
        var reader = new ByteReader(record.getEventData(), MALFORMED);
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        return reader;
    }

    /** Made from the bytes themselves (RFC 9562, 5.8: a UUID of version 8). */
    static UUID idOf(byte[] bytes) {
        var hash = ByteBuffer.wrap(
                bytes.length == HASH_BYTES ? bytes : Sha2.sha256().digest(bytes));
        long high = hash.getLong() & ~0xF000L | 0x8000L;
        long low = hash.getLong() & ~(0b11L << 62) | 0b10L << 62;
        return new UUID(high, low);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
