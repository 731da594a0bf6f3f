package org.twinkeep.crypto.access;

import java.time.Instant;
import java.util.Set;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;

/**
 * Issues receipts to the trail and checks them for the key ring. Its key is random, lives in this process only, and is
 * what makes a {@link Receipt} impossible to make up elsewhere.
 */
public final class ReceiptAuthority {

    /** Called by the trail alone, after the leaf is durable. */
    public Receipt issue(TwinId twin, Set<KeyScope> scopes, long leafIndex, String leafHash, Instant at) {
        throw new IllegalStateException("not built");
    }

    /** @throws ReceiptRefused when the receipt was not issued here, speaks of another twin or does not cover the scope */
    public void check(Receipt receipt, TwinId twin, KeyScope scope) {
        throw new IllegalStateException("not built");
    }
}
