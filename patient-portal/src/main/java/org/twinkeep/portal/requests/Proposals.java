package org.twinkeep.portal.requests;

import org.twinkeep.consent.ConsentHandle;

/** Where requests stand on the ledger: drafts that never count for a decision. */
public interface Proposals {

    /** @param commitment SHA-256 over salt and draft, in hexadecimal digits */
    ConsentHandle propose(String commitment);

    /** Declined, withdrawn or lapsed; what was granted meanwhile is left alone. Saying it again is fine. */
    void end(ConsentHandle handle);
}
