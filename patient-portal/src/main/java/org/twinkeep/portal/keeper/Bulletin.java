package org.twinkeep.portal.keeper;

import java.util.List;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.crypto.TwinId;

/** What happened at the keeper, so that the other servers drop what they keep in memory of it. */
public interface Bulletin {

    /**
     * What is new.
     *
     * @param keeper what the last news were signed with; another keeper tells everything
     * @param changed how many changed twins are known from that keeper
     */
    News since(String keeper, int changed);

    /**
     * @param keeper a name of this keeper for as long as it keeps
     * @param head the ledger's last block
     * @param changed twins of which something was erased, in order
     */
    record News(String keeper, ConsentLedger.Position head, List<TwinId> changed) {}
}
