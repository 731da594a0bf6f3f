package org.twinkeep.twin;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.sealing.OpenedBody;

/**
 * The reading side of all twins. Skeletons are read freely within the process; a body opens only against a receipt.
 * Nothing is answered of a twin that was erased or never was: {@link Optional#empty()}, empty collections.
 */
public interface TwinHistory {

    Collection<TwinId> twins();

    /** How many bodies were opened, by whomever, since it was made. */
    long bodiesOpened();

    boolean exists(TwinId twin);

    /** The chapters in which something was ever recorded. */
    Collection<Chapter> chapters(TwinId twin);

    /** How many events each scope has: a view that remembers them knows when it is stale. */
    Map<KeyScope, Long> heads(TwinId twin);

    /** The present state of each entry of the chapter, from skeletons alone. */
    List<EntryState> entries(TwinId twin, Chapter chapter);

    /** Those of these entries that the chapter has: what it costs depends on how many are asked for, not on the chapter. */
    SomeEntries entries(TwinId twin, Chapter chapter, Collection<EntryId> ids);

    /** Every event of the scope in order, with its body opened. */
    void replay(Receipt receipt, TwinId twin, KeyScope scope, Consumer<Opened> each);

    /** The chain's hash of every event of the scope, in the order of their sequences from 0; needs no key. */
    List<byte[]> hashes(TwinId twin, KeyScope scope);

    /** One event's body. */
    OpenedBody open(Receipt receipt, TwinId twin, KeyScope scope, long sequence);

    /**
     * Some entries of a chapter.
     *
     * @param events how many the chapter had when they were so
     */
    record SomeEntries(Map<EntryId, EntryState> entries, long events) {}

    /** An event with what it said, or that what it said was erased. */
    record Opened(long sequence, TwinEvent event, OpenedBody body) {}

    /**
     * An entry as its skeletons tell it.
     *
     * @param versions sequences in the chapter's stream of its versions, oldest first
     * @param statements sequences of the patient's statements beside it
     */
    record EntryState(EntryId entry, Chapter chapter, List<Long> versions, List<Long> statements, boolean erased) {}
}
