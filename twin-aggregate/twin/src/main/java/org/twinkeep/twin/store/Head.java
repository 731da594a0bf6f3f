package org.twinkeep.twin.store;

/**
 * The last event of a stream.
 *
 * @param hash the chain's hash of it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Head(long sequence, byte[] hash, String type) {}
