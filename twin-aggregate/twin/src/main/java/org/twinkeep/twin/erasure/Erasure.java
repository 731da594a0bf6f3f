package org.twinkeep.twin.erasure;

import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;

/**
 * Erases: requested (fail closed from here) → keys shrunk → every copy swept → completed, with a signed receipt. Each step
 * is idempotent; {@link #resume()} at start-up finishes what a crash left between two steps.
 */
public interface Erasure {

    /** Erases entries of one or more chapters, all of their versions and statements. */
    ErasureReceipt eraseEntries(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by);

    /** Erases all that a chapter holds. That something was there stays known, so that no import brings it back. */
    ErasureReceipt eraseChapter(TwinId twin, Chapter chapter, Actor by);

    /** Erases the entries of a period, which whoever reads them has chosen. */
    ErasureReceipt erasePeriod(TwinId twin, Map<Chapter, List<EntryId>> entries, Actor by);

    /** Erases the whole twin. Its consents must have been ended before. */
    ErasureReceipt eraseTwin(TwinId twin, Actor by);

    /** Finishes every erasure that was requested and not completed. To be called before anybody is served. */
    void resume();

    List<ErasureReceipt> receipts();

    /** The receipts of one twin, newest first. */
    List<ErasureReceipt> receiptsOf(TwinId twin);
}
