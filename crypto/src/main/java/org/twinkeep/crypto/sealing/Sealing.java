package org.twinkeep.crypto.sealing;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.AesGcm;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.keys.CommittedKey;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.Leaf;
import org.twinkeep.crypto.keys.LeafAddress;

/**
 * Seals events for every engine. The skeleton is sealed under its epoch's skeleton key, the body under the leaf of an
 * index of its own; each binds its whole context and the hash of the event before it.
 *
 * <p>Promise: what opens is what was sealed here, at this place in this stream of this house; anything else is {@link
 * org.twinkeep.crypto.Tampered}. Safe for many threads.
 */
public final class Sealing {

    public static final int CHUNK_BYTES = 512 * 1024;

    /** The hash before a stream's first event. */
    private static final byte[] NOTHING_BEFORE = new byte[32];

    private static final byte[] NO_TAG = {};

    /** Room for a place, or for what is hashed of an event: names, numbers and a hash. */
    private static final int PLACE_BYTES = 384;

    private final String tenant;
    private final KeyRing ring;
    private final SecureRandom random;

    /** @param tenant the id of this house (its data folder), bound into every envelope */
    public Sealing(String tenant, KeyRing ring, SecureRandom random) {
        this.tenant = tenant;
        this.ring = ring;
        this.random = random;
    }

    public SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash) {
        // The cipher is lent only once the keys are there: getting them may wait for the disk.
        var keys = ring.eventKeys(context.twin(), context.scope(), body != null);
        try (var cipher = AesGcm.lent()) {
            return seal(cipher, keys, context, skeleton, body, previousHash);
        }
    }

    private SealedEvent seal(
            AesGcm cipher,
            KeyRing.EventKeys keys,
            EventContext context,
            byte[] skeleton,
            @Nullable Body body,
            byte[] previousHash) {
        var place = place(context, previousHash, 0, 0).toBytes();
        try (var key = keys.skeletons()) {
            var address = new LeafAddress(keys.epoch(), 0);
            var sealedSkeleton =
                    Envelope.seal(cipher, Envelope.Kind.SKELETON, address, key, NO_TAG, place, skeleton, random);
            if (body == null) {
                return event(context, sealedSkeleton, null, List.of(), previousHash);
            }
            var parts = sealBody(cipher, context, body, keys.leaf().orElseThrow(), previousHash, place);
            return event(context, sealedSkeleton, parts.getFirst(), parts.subList(1, parts.size()), previousHash);
        }
    }

    /** @param whole the place of a body without chunks, which is its skeleton's as well */
    private List<byte[]> sealBody(
            AesGcm cipher, EventContext context, Body body, Leaf leaf, byte[] previousHash, byte[] whole) {
        var payload = encode(body);
        int count = Math.max(0, (payload.length - 1) / CHUNK_BYTES);
        try (var key = leaf.key();
                var tagKey = leaf.contentTag()) {
            var tag = Hmac.sha256(tagKey, body.content());
            if (count == 0) {
                return List.of(
                        Envelope.seal(cipher, Envelope.Kind.BODY, leaf.address(), key, tag, whole, payload, random));
            }
            var parts = new ArrayList<byte[]>();
            for (int number = 0; number <= count; number++) {
                var part = Arrays.copyOfRange(
                        payload, number * CHUNK_BYTES, Math.min(payload.length, (number + 1) * CHUNK_BYTES));
                parts.add(Envelope.seal(
                        cipher,
                        number == 0 ? Envelope.Kind.BODY : Envelope.Kind.CHUNK,
                        leaf.address(),
                        key,
                        number == 0 ? tag : NO_TAG,
                        place(context, previousHash, number, count).toBytes(),
                        part,
                        random));
            }
            return parts;
        }
    }

    /** For the skeletons of one scope, one after the other. */
    public Skeletons skeletons(TwinId twin, KeyScope scope) {
        return new Skeletons(twin, scope);
    }

    /** Asks for the key of an epoch once and keeps it until it is closed: close it after a page. For one thread at a time. */
    public final class Skeletons implements AutoCloseable {
        private final TwinId twin;
        private final KeyScope scope;
        private final AesGcm cipher = AesGcm.lent();
        private @Nullable CommittedKey key;
        private int epoch;

        private Skeletons(TwinId twin, KeyScope scope) {
            this.twin = twin;
            this.scope = scope;
        }

        /**
         * @throws org.twinkeep.crypto.Tampered when it is not what was sealed here
         * @throws org.twinkeep.crypto.keys.TwinForgotten once the twin was erased
         * @throws org.twinkeep.crypto.keys.ScopeForgotten once the chapter was dropped
         * @throws IllegalArgumentException for an event of another scope
         */
        public byte[] open(EventContext context, SealedEvent event) {
            refuseOther(twin, scope, context);
            return open(
                    Envelope.Kind.SKELETON,
                    place(context, event.previousHash(), 0, 0).toBytes(),
                    event.skeleton());
        }

        private byte[] open(Envelope.Kind kind, byte[] place, byte[] sealed) {
            var envelope = Envelope.read(kind, sealed);
            return envelope.open(cipher, keyOf(envelope.address().epoch()), place);
        }

        private CommittedKey keyOf(int ofEpoch) {
            var known = key;
            if (known != null && epoch == ofEpoch) {
                return known;
            }
            forget();
            known = ring.skeletonEnvelopeKey(twin, scope, ofEpoch);
            key = known;
            epoch = ofEpoch;
            return known;
        }

        private void forget() {
            if (key != null) {
                key.close();
                key = null;
            }
        }

        @Override
        public void close() {
            forget();
            cipher.close();
        }
    }

    /** @throws org.twinkeep.crypto.access.ReceiptRefused without a receipt that covers the event's twin and scope */
    public OpenedBody openBody(Receipt receipt, EventContext context, SealedEvent event) {
        try (var bodies = bodies(receipt, context.twin(), context.scope())) {
            return bodies.open(context, event);
        }
    }

    /**
     * Opens bodies of one scope, one after the other.
     *
     * @throws org.twinkeep.crypto.access.ReceiptRefused without a receipt that covers the twin and the scope
     */
    public Bodies bodies(Receipt receipt, TwinId twin, KeyScope scope) {
        return new Bodies(ring.bodyKeys(receipt, twin, scope), twin, scope);
    }

    /** Keeps no key from one body to the next: what is erased meanwhile is so at once. For one thread at a time. */
    public final class Bodies implements AutoCloseable {
        private final KeyRing.BodyKeys keys;
        private final TwinId twin;
        private final KeyScope scope;
        private final AesGcm cipher = AesGcm.lent();

        private Bodies(KeyRing.BodyKeys keys, TwinId twin, KeyScope scope) {
            this.keys = keys;
            this.twin = twin;
            this.scope = scope;
        }

        /** @throws IllegalArgumentException for an event of another scope */
        public OpenedBody open(EventContext context, SealedEvent event) {
            refuseOther(twin, scope, context);
            var head = event.body();
            if (head == null) {
                return new OpenedBody.None();
            }
            var envelope = Envelope.read(Envelope.Kind.BODY, head);
            var held = keys.of(envelope.address());
            if (held.isEmpty()) {
                return new OpenedBody.Erased();
            }
            try (var key = held.get()) {
                return new OpenedBody.Present(openBody(cipher, tenant, context, event, envelope, key));
            }
        }

        @Override
        public void close() {
            cipher.close();
        }
    }

    private static void refuseOther(TwinId twin, KeyScope scope, EventContext context) {
        if (!context.twin().equals(twin) || !context.scope().equals(scope)) {
            throw new IllegalArgumentException("That event is of another twin or scope.");
        }
    }

    static Body openBody(
            AesGcm cipher, String tenant, EventContext context, SealedEvent event, Envelope head, CommittedKey key) {
        int count = event.chunks().size();
        var first = head.open(
                cipher,
                key,
                place(tenant, context, event.previousHash(), 0, count).toBytes());
        if (count == 0) {
            return decode(first);
        }
        var payload = new ByteWriter(first.length * (1 + count)).raw(first);
        for (int number = 1; number <= count; number++) {
            var chunk = Envelope.read(Envelope.Kind.CHUNK, event.chunks().get(number - 1));
            payload.raw(chunk.open(
                    cipher,
                    key,
                    place(tenant, context, event.previousHash(), number, count).toBytes()));
        }
        return decode(payload.toBytes());
    }

    /** Compares by the content tag; opens nothing. Needs the envelope of the body only, not its chunks. */
    public Sameness compare(EventContext context, byte[] bodyEnvelope, byte[] content) {
        var envelope = Envelope.read(Envelope.Kind.BODY, bodyEnvelope);
        return ring.contentTagKey(context.twin(), context.scope(), envelope.address())
                .map(key -> {
                    try (key) {
                        return MessageDigest.isEqual(envelope.contentTag(), Hmac.sha256(key, content))
                                ? Sameness.SAME
                                : Sameness.DIFFERENT;
                    }
                })
                .orElse(Sameness.ERASED);
    }

    /** Where the body's key stands, read from its envelope. */
    public static LeafAddress addressOf(byte[] bodyEnvelope) {
        return Envelope.read(Envelope.Kind.BODY, bodyEnvelope).address();
    }

    /** The hash of an event in its chain; needs no key, so that anybody can verify a stream. */
    public static byte[] hash(
            EventContext context, byte[] skeleton, byte @Nullable [] body, List<byte[]> chunks, byte[] previousHash) {
        var sha256 = Sha2.sha256();
        var writer = new ByteWriter(PLACE_BYTES)
                .framed("twinkeep.event.v1")
                .framed(context.stream().value())
                .u64(context.sequence())
                .framed(context.eventId())
                .framed(context.type())
                .framed(context.revision())
                .framed(previousHash)
                .raw(sha256.digest(skeleton));
        writer.u8(body == null ? 0 : 1);
        if (body != null) {
            writer.raw(sha256.digest(body));
        }
        writer.u32(chunks.size());
        chunks.forEach(chunk -> writer.raw(sha256.digest(chunk)));
        return sha256.digest(writer.toBytes());
    }

    /** A snapshot or dead letter: sealed under the skeleton key, bound to its own kind. */
    public byte[] sealAside(EventContext context, String kind, byte[] plain) {
        var keys = ring.eventKeys(context.twin(), context.scope(), false);
        try (var key = keys.skeletons();
                var cipher = AesGcm.lent()) {
            var address = new LeafAddress(keys.epoch(), 0);
            return Envelope.seal(
                    cipher, Envelope.Kind.ASIDE, address, key, NO_TAG, aside(context, kind), plain, random);
        }
    }

    /** @throws org.twinkeep.crypto.Tampered when it is not what was sealed here */
    public byte[] openAside(EventContext context, String kind, byte[] sealed) {
        try (var skeletons = skeletons(context.twin(), context.scope())) {
            return skeletons.open(Envelope.Kind.ASIDE, aside(context, kind), sealed);
        }
    }

    private static SealedEvent event(
            EventContext context, byte[] skeleton, byte @Nullable [] body, List<byte[]> chunks, byte[] previousHash) {
        return new SealedEvent(
                skeleton,
                body,
                List.copyOf(chunks),
                previousHash.clone(),
                hash(context, skeleton, body, chunks, previousHash));
    }

    private byte[] aside(EventContext context, String kind) {
        return place(context, NOTHING_BEFORE, 0, 0).framed(kind).toBytes();
    }

    /** Everything that an envelope is bound to beside its own header. */
    private ByteWriter place(EventContext context, byte[] previousHash, int chunk, int chunks) {
        return place(tenant, context, previousHash, chunk, chunks);
    }

    private static ByteWriter place(String tenant, EventContext context, byte[] previousHash, int chunk, int chunks) {
        return new ByteWriter(PLACE_BYTES)
                .framed(tenant)
                .framed(context.stream().value())
                .u64(context.sequence())
                .framed(context.eventId())
                .framed(context.type())
                .framed(context.revision())
                .uuid(context.twin().value())
                .u8(context.scope().number())
                .u32(chunk)
                .u32(chunks)
                .framed(previousHash);
    }

    static byte[] encode(Body body) {
        return new ByteWriter(12 + body.about().length + body.content().length)
                .u32(body.revision())
                .framed(body.about())
                .framed(body.content())
                .toBytes();
    }

    static Body decode(byte[] payload) {
        var reader = new ByteReader(payload, "A body cannot be read.");
        var body = new Body(reader.u32(), reader.framed(), reader.framed());
        reader.end();
        return body;
    }
}
