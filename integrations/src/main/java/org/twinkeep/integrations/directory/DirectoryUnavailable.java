package org.twinkeep.integrations.directory;

/** The shared directory cannot be read or written; the cause says why. */
public final class DirectoryUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DirectoryUnavailable(String what, Throwable cause) {
        super(what, cause);
    }
}
