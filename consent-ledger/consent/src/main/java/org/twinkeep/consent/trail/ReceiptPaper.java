package org.twinkeep.consent.trail;

import java.time.Instant;
import java.util.Set;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;

/**
 * What a receipt says, between two servers of one house of which one keeps the trail. It opens nothing by itself: whoever
 * lets it be issued has it from the server that wrote the leaf, over a channel that only servers of the house have.
 */
public record ReceiptPaper(TwinId twin, Set<KeyScope> scopes, long leafIndex, String leafHash, Instant at) {

    public static ReceiptPaper of(Receipt receipt) {
        return new ReceiptPaper(
                receipt.twin(), receipt.scopes(), receipt.leafIndex(), receipt.leafHash(), receipt.at());
    }

    /** The receipt of this server for the leaf that is durable. */
    public Receipt issuedBy(ReceiptAuthority receipts) {
        return receipts.issue(twin, scopes, leafIndex, leafHash, at);
    }
}
