package org.twinkeep.crypto.sealing;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.keys.KeyRing;

/**
 * Seals events for every engine. The skeleton is sealed under its epoch's skeleton key, the body under the leaf of an
 * index of its own; each binds its whole context and the hash of the event before it.
 */
public final class Sealing {

    public static final int CHUNK_BYTES = 512 * 1024;

    /** @param tenant the id of this house (its data folder), bound into every envelope */
    public Sealing(String tenant, KeyRing ring, SecureRandom random) {}

    public SealedEvent seal(EventContext context, byte[] skeleton, @Nullable Body body, byte[] previousHash) {
        throw new IllegalStateException("not built");
    }

    /** @throws org.twinkeep.crypto.Tampered when it is not what was sealed here */
    public byte[] openSkeleton(EventContext context, SealedEvent event) {
        throw new IllegalStateException("not built");
    }

    /** @throws org.twinkeep.crypto.access.ReceiptRefused without a receipt that covers the event's twin and scope */
    public OpenedBody openBody(Receipt receipt, EventContext context, SealedEvent event) {
        throw new IllegalStateException("not built");
    }

    /** Compares by the content tag; opens nothing. Needs the envelope of the body only, not its chunks. */
    public Sameness compare(EventContext context, byte[] bodyEnvelope, byte[] content) {
        throw new IllegalStateException("not built");
    }

    /** Where the body's key stands, read from its envelope. */
    public static org.twinkeep.crypto.keys.LeafAddress addressOf(byte[] bodyEnvelope) {
        throw new IllegalStateException("not built");
    }

    /** The hash of an event in its chain; needs no key, so that anybody can verify a stream. */
    public static byte[] hash(EventContext context, byte[] skeleton, byte @Nullable [] body, java.util.List<byte[]> chunks, byte[] previousHash) {
        throw new IllegalStateException("not built");
    }

    /** A snapshot or dead letter: sealed under the skeleton key, bound to its own kind. */
    public byte[] sealAside(EventContext context, String kind, byte[] plain) {
        throw new IllegalStateException("not built");
    }

    public byte[] openAside(EventContext context, String kind, byte[] sealed) {
        throw new IllegalStateException("not built");
    }
}
