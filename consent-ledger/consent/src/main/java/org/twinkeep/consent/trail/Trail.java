package org.twinkeep.consent.trail;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * The append-only log of every verdict and every disclosure. A method that appends returns once its leaf is durable; when
 * it cannot be written it throws {@link TrailUnwritable}, and then nothing may be shown. Safe for many threads, which share
 * one sync.
 *
 * <p>A leaf's public part tells when, what kind, which decision, the ledger position relied on and a per-twin counter under
 * a pseudonym; who, why and what are sealed under the twin's own key inside it and go with the twin.
 */
public interface Trail extends AutoCloseable {

    /** Writes a permitting verdict, then issues the receipt that opens these scopes of the twin. */
    Receipt permitted(
            TwinId twin,
            Looker who,
            String purpose,
            @Nullable String why,
            List<String> consents,
            Set<KeyScope> scopes,
            ConsentLedger.Position reliedOn);

    /** Writes a denial about a twin. Returns the leaf hash: the id of the request in the answer. */
    String denied(TwinId twin, Looker who, String purpose, String reason, ConsentLedger.Position reliedOn);

    /** Writes a denial where there is no such twin, in the same time and shape. */
    String deniedUnknown(Looker who, String purpose, ConsentLedger.Position reliedOn);

    /**
     * Writes what was disclosed under a receipt: how many entries, and one hash over the hashes of their sealed envelopes.
     * Returns the leaf hash.
     */
    String disclosed(Receipt receipt, Looker who, String purpose, int entries, byte[] envelopesHash);

    /**
     * Remembers that the ledger has come this far, so that a shorter one is refused.
     *
     * @throws org.twinkeep.consent.ledger.LedgerUnavailable when the trail remembers another block of that number
     */
    void ledgerAdvanced(ConsentLedger.Position position);

    /** The furthest ledger position that the trail remembers; block -1 when none. */
    ConsentLedger.Position remembersLedger();

    /** Writes a leaf with the stream heads that moved since the last one, then signs a checkpoint. Nothing new: nothing. */
    void checkpoint();

    /** The twin's leaves, newest first, opened. */
    List<Look> looks(TwinId twin);

    /** How many leaves there are. */
    long size();

    /** The public face of leaves, newest first, for the auditor: {@code from} counts back from the end. */
    List<PublicLeaf> leaves(long from, int count);

    /** The newest checkpoint, a signed note (C2SP tlog-checkpoint); over no leaf before the first. */
    String checkpointNote();

    /**
     * A C2SP tlog-proof text for one leaf of the newest checkpoint: it verifies offline.
     *
     * @throws IllegalArgumentException when the leaf is not in a checkpoint yet
     */
    String proof(long leafIndex);

    VerifyingKey verifyingKey();

    @Override
    void close();

    /**
     * A leaf as anybody may see it.
     *
     * @param kind {@code verdict}, {@code disclosure}, {@code heads}, {@code ledger}
     * @param twin the twin's name in the trail, or empty
     * @param opened who, purpose and reason where the twin still has keys; never chapters or counts
     */
    record PublicLeaf(
            long index,
            String hash,
            String kind,
            java.time.Instant at,
            String decision,
            String twin,
            long counter,
            long ledgerBlock,
            @Nullable Looker opened,
            @Nullable String purpose,
            @Nullable String why) {}
}
