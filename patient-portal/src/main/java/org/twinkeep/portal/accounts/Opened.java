package org.twinkeep.portal.accounts;

import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Secret;

/**
 * An account whose owner has just shown that it is theirs.
 *
 * @param seed the patient's seed, the caller's to wipe; null for everybody else
 * @param recoveryCode a fresh code to be shown once; null where none was made
 */
public record Opened(
        Account account, @Nullable Secret seed, @Nullable RecoveryCode recoveryCode) {

    @Override
    public String toString() {
        return "Opened " + account.id();
    }
}
