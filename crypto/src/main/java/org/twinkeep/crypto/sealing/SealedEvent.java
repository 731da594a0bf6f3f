package org.twinkeep.crypto.sealing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored: ciphertext, and its place in the chain of its stream.
 *
 * @param skeleton envelope of the skeleton
 * @param body envelope of the body (its head, where there are chunks), or null for an event without health content
 * @param chunks envelopes of a body over 512 KiB, each bound to its number and count, stored beside the event
 * @param previousHash hash of the event before it in its stream; 32 zero bytes for the first
 * @param hash over all of the above and the event's context: the next event's {@code previousHash}
 */
@SuppressWarnings("ArrayRecordComponent")
public record SealedEvent(
        byte[] skeleton, byte @Nullable [] body, List<byte[]> chunks, byte[] previousHash, byte[] hash) {}
