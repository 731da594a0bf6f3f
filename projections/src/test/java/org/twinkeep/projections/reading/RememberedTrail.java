package org.twinkeep.projections.reading;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Look;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.sign.VerifyingKey;

/** A trail in memory that tells its leaves and can be made unwritable. */
final class RememberedTrail implements Trail {

    record Leaf(
            String kind,
            @Nullable TwinId twin,
            Looker who,
            String purpose,
            @Nullable String why,
            Set<KeyScope> scopes,
            int entries,
            String hash) {}

    final List<Leaf> leaves = new ArrayList<>();
    boolean writable = true;

    /** How many more leaves can be written; then none. */
    int room = Integer.MAX_VALUE;

    private final ReceiptAuthority receipts;
    private final Clock clock;

    RememberedTrail(ReceiptAuthority receipts, Clock clock) {
        this.receipts = receipts;
        this.clock = clock;
    }

    @Override
    public Receipt permitted(
            TwinId twin,
            Looker who,
            String purpose,
            @Nullable String why,
            List<String> consents,
            Set<KeyScope> scopes,
            ConsentLedger.Position reliedOn) {
        var hash = append("permitted", twin, who, purpose, why, scopes, 0);
        return receipts.issue(twin, scopes, leaves.size() - 1L, hash, clock.instant());
    }

    @Override
    public String denied(TwinId twin, Looker who, String purpose, String reason, ConsentLedger.Position reliedOn) {
        return append("denied", twin, who, purpose, reason, Set.of(), 0);
    }

    @Override
    public String deniedUnknown(Looker who, String purpose, ConsentLedger.Position reliedOn) {
        return append("denied", null, who, purpose, null, Set.of(), 0);
    }

    @Override
    public String disclosed(Receipt receipt, Looker who, String purpose, int entries, byte[] envelopesHash) {
        return append("disclosed", receipt.twin(), who, purpose, null, Set.of(), entries);
    }

    private String append(
            String kind,
            @Nullable TwinId twin,
            Looker who,
            String purpose,
            @Nullable String why,
            Set<KeyScope> scopes,
            int entries) {
        if (!writable || leaves.size() >= room) {
            throw new TrailUnwritable("the trail is full", new IOException());
        }
        var hash = "%064x".formatted(leaves.size());
        leaves.add(new Leaf(kind, twin, who, purpose, why, scopes, entries, hash));
        return hash;
    }

    @Override
    public void ledgerAdvanced(ConsentLedger.Position position) {}

    @Override
    public ConsentLedger.Position remembersLedger() {
        return ConsentLedger.Position.NONE;
    }

    @Override
    public void checkpoint() {}

    @Override
    public List<Look> looks(TwinId twin) {
        return List.of();
    }

    @Override
    public long size() {
        return leaves.size();
    }

    @Override
    public List<PublicLeaf> leaves(long from, int count) {
        return List.of();
    }

    @Override
    public String checkpointNote() {
        return "";
    }

    @Override
    public String proof(long leafIndex) {
        return "";
    }

    @Override
    public VerifyingKey verifyingKey() {
        throw new AssertionError("a reader asked for the key of the trail");
    }

    @Override
    public void close() {}
}
