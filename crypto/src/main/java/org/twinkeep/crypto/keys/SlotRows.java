package org.twinkeep.crypto.keys;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the wrapped slots of a vault lie that several servers share: its header, and for each slot its version and its box.
 *
 * <p>Guarantees: what returned is durable and seen by every server; of several that replace a slot at the same version one
 * succeeds. It sees wrapped bytes only.
 */
public interface SlotRows {

    /** The vault's header; nothing before {@link #begin}. */
    Optional<byte[]> header();

    /** Keeps the header and the first slot of a new vault, together. @return whether there was none */
    boolean begin(byte[] header, SlotId first, byte[] box);

    /** What is kept of a slot, also once it was erased; nothing where it never was. */
    Optional<Kept> read(SlotId id);

    /** The version of the slot; 0 where there is none, or it was erased. */
    long version(SlotId id);

    /**
     * Writes a slot that is still at this version.
     *
     * @param before 0 where it never was; that of an erased one still counts
     * @param box nothing erases it
     * @return whether it was
     */
    boolean replace(SlotId id, long before, long after, byte @Nullable [] box);

    /** A slot as it is kept. @param box nothing once it was erased */
    @SuppressWarnings("ArrayRecordComponent")
    record Kept(long version, byte @Nullable [] box) {

        @Override
        public String toString() {
            return "Kept " + version;
        }
    }
}
