package org.twinkeep.twin.store;

/** An event does not follow the head of its stream, or its id is taken: somebody else was faster, or it is there. */
public final class AppendRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int index;

    public AppendRefused(int index, Throwable cause) {
        super("an event does not follow the head of its stream", cause);
        this.index = index;
    }

    public AppendRefused(int index) {
        super("an event does not follow the head of its stream");
        this.index = index;
    }

    /** Which of the events appended together. */
    int index() {
        return index;
    }
}
