package org.twinkeep.twin.axon;

import org.twinkeep.crypto.sealing.Sameness;

/** Answers "imported before?" from what is stored, without opening it. */
@FunctionalInterface
public interface Contents {

    /** Is this the content of the event at this sequence of the aggregate's stream? */
    Sameness compare(String aggregate, long sequence, byte[] content);
}
