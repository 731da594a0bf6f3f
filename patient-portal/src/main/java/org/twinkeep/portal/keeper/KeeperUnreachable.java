package org.twinkeep.portal.keeper;

import org.jspecify.annotations.Nullable;

/** The keeper did not answer: whether it did what it was asked is unknown. */
public final class KeeperUnreachable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KeeperUnreachable(@Nullable Throwable cause) {
        super("The server that keeps trail and ledger does not answer.", cause);
    }
}
