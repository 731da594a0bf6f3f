package org.twinkeep.crypto.keys;

/** The chapter's keys of that time were dropped: nothing sealed with them opens again. */
public final class ScopeForgotten extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ScopeForgotten() {
        super("The keys of this chapter were forgotten.");
    }
}
