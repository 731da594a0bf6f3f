package org.twinkeep.twin.kurrentdb;

/** The stream has a tombstone: it can be neither read nor written any more. */
final class StreamGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    StreamGone(Throwable cause) {
        super("a stream was deleted", cause);
    }
}
