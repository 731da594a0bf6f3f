package org.twinkeep.projections;

import org.twinkeep.consent.trail.ReceiptPaper;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;

/** Wrong on purpose: a view has a receipt issued for what it says itself, not for what the keeper of the trail says. */
public final class ViewsThatIssuePapers {
    Receipt take(ReceiptAuthority receipts, ReceiptPaper paper) {
        return paper.issuedBy(receipts);
    }
}
