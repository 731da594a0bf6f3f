package org.twinkeep.consent.ledger;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.twinkeep.consent.ConsentHandle;

/**
 * Where consents are recorded.
 *
 * <p>Guarantees: {@link #submit} returns once the transaction is durable in a block; a transaction that the contract
 * refuses leaves no mark and throws {@link LedgerRefused}. Failure: {@link LedgerUnavailable}; then the outcome is unknown
 * and submitting the same transaction again is safe.
 */
public interface ConsentLedger extends AutoCloseable {

    /** What the ledger was founded on. */
    Charter charter();

    Position submit(Transaction transaction);

    Optional<ConsentRecord> get(ConsentHandle handle);

    /** Every step of the consent, oldest first. */
    List<ConsentRecord> historyOf(ConsentHandle handle);

    /** Whether what stood under this handle was ended with its own key, and not by an organisation. */
    boolean wasRevoked(ConsentHandle handle);

    /** The consent as it stood when this block was the last one; nothing where it was not recorded yet. */
    Optional<ConsentRecord> asOf(ConsentHandle handle, long block);

    /** What a block recorded: the last record of each consent that it changed. Empty for a block that is not there. */
    List<ConsentRecord> recordedBy(long block);

    /** The last block. */
    Position head();

    /**
     * Says that a decision may rely on what this ledger answers now: a ledger that follows a network fails here once it may
     * lag behind by more than it states. What it knew stays readable, so that a consent can be ended meanwhile.
     *
     * @throws LedgerUnavailable when it may be out of date
     */
    default void requireCurrent() {}

    /**
     * Whether who has every file of the house lacks oversight's key, and that key was oversight's already when something was
     * recorded (decision 0329).
     *
     * @param at the time of its record
     */
    default boolean isOversightApart(Instant at) {
        return false;
    }

    /** How it stands, for whoever looks after the house. */
    default Standing standing() {
        return new Standing(Kept.EMBEDDED, 0, "", Map.of());
    }

    /**
     * Calls for every block after the given number, in order, now and from now on, before {@link #submit} returns. A
     * follower that throws is called again for the same block when the next one comes; it never undoes a block.
     */
    void follow(long afterBlock, Consumer<Position> eachBlock);

    @Override
    void close();

    /** Who keeps it: one operator in the data folder, or the organisations of a Fabric network. */
    enum Kept {
        EMBEDDED,
        FABRIC
    }

    /**
     * How a ledger stands.
     *
     * @param behind by how many blocks we are behind what we last heard of
     * @param trouble why nobody is let in now, and what to look at; empty while all is well
     * @param keys where each organisation has its key: the address of its own signer, or empty where it lies in the house;
     *     nothing where the ledger's network knows
     */
    record Standing(Kept kept, long behind, String trouble, Map<String, String> keys) {
        public Standing {
            keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
        }
    }

    /** A block: its number (0 is the genesis block) and the hash of its header, hexadecimal. */
    record Position(long block, String hash) {

        /** Before any block, or not known. */
        public static final Position NONE = new Position(-1, "");
    }
}
