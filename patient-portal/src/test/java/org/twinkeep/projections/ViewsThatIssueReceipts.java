package org.twinkeep.projections;

import java.time.Instant;
import java.util.Set;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;

/** Wrong on purpose: a view writes itself a receipt, without a leaf in the trail. */
public final class ViewsThatIssueReceipts {
    Receipt take(ReceiptAuthority receipts, TwinId twin) {
        return receipts.issue(twin, Set.of(), 0, "", Instant.EPOCH);
    }
}
