package org.twinkeep.consent.trail;

import java.util.List;

/** The heads of event streams, for the trail's checkpoints. */
@FunctionalInterface
public interface StreamHeads {

    /** The heads of the streams that have moved after this position of the store, and the position read up to. */
    Moved movedSince(long position);

    record Moved(long position, List<Head> heads) {}

    /** @param hash the chain's hash of the stream's last event, hexadecimal */
    record Head(String stream, long sequence, String hash) {}
}
