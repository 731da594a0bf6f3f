package org.twinkeep.portal.cli;

/** How a command ends, for scripts. */
final class Exit {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int WRONG_USE = 2;
    /** Done, but some of the input was refused. */
    static final int PARTLY = 3;
    /** Checked, and found bad. */
    static final int BAD = 4;

    private Exit() {}
}
