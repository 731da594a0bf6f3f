package org.twinkeep.twin.kurrentdb;

/** What a {@link WireServer} does wrong, once for each time that it was asked to. */
public enum Fault {
    /** An append is kept, and the call breaks before its answer. */
    DROP_AFTER_COMMIT,
    /** An append is not kept, and the call breaks. */
    DROP_BEFORE_COMMIT,
    /** An append is kept, and no answer ever comes. */
    SILENCE_AFTER_COMMIT,
    /** A read sends its first event and then nothing. */
    STALLED_READ,
    /** A read sends every event twice. */
    DOUBLED_READ,
    /** A read is cancelled: the client of 1.1.0 then tells nobody. */
    CANCELLED_READ,
    /** A read breaks after its first event. */
    BROKEN_READ;

    boolean isOfReads() {
        return this == STALLED_READ || this == DOUBLED_READ || this == CANCELLED_READ || this == BROKEN_READ;
    }
}
