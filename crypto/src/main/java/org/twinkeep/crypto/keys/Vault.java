package org.twinkeep.crypto.keys;

import java.util.Optional;
import org.twinkeep.crypto.Secret;

/**
 * Holds what must be erasable: one 32-byte slot a twin (and a view), wrapped by a key that is never in the data folder.
 *
 * <p>Guarantees: {@link #replace} and {@link #erase} return once the new state is durable and the old slot's bytes are
 * overwritten; a crash at any point leaves either the old or the new slot, whole. Failure: {@link VaultUnavailable}, whose
 * message says what is wrong and what to do, and names no key.
 */
public interface Vault extends AutoCloseable {

    Optional<Secret> read(SlotId id);

    /** How often the slot was written; it never goes back. 0 where there is none. */
    long version(SlotId id);

    /** Writes a new or replaces an old slot. */
    default void replace(SlotId id, Secret secret) {
        replace(id, secret, 1);
    }

    /** The same; its version is then at least this one. */
    void replace(SlotId id, Secret secret, long version);

    /**
     * The same, only where the slot is still at this version, 0 where there is none; it is then at the next. Of several
     * that try at the same time, also in other processes on the same vault, one succeeds.
     *
     * @return whether it was written
     */
    boolean replaceIf(SlotId id, long version, Secret secret);

    /** Destroys a slot; done already is done. */
    void erase(SlotId id);

    /** Whether what wraps the slots is still there. @throws VaultUnavailable once it is out of reach */
    default void check() {}

    /** A key of the house itself (not of any twin), derived from the vault's own slot by label; stable over restarts. */
    Secret houseKey(String label);

    @Override
    void close();
}
