package org.twinkeep.twin;

import java.util.List;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/**
 * The writing side of all twins. Every method returns once what it did is durable; a refusal is {@link TwinRefused}; a
 * store that cannot be written is {@link StoreUnavailable}, and then the outcome is unknown: repeating the command is safe.
 */
public interface Twins {

    void create(TwinCommand.CreateTwin command);

    void keep(TwinCommand.KeepConsentOpening command);

    void requestErasure(TwinCommand.RequestTwinErasure command);

    Recorded record(TwinCommand.RecordEntries command);

    void correct(TwinCommand.CorrectEntry command);

    /**
     * Appends the erasures; the keys are forgotten by {@code twin.erasure}, which is how callers erase.
     *
     * @return how many events the chapter has then
     */
    long erase(TwinCommand.EraseEntries command);

    /** The id of an entry: keyed, so that it can be known again and says nothing. */
    EntryId entryId(TwinId twin, String source, String resourceType, String id);

    /**
     * What became of the entries of one command.
     *
     * @param recorded new entries, in the order sent
     * @param revised entries whose source sent new content
     * @param unchanged how many were there with the same content
     * @param leftOut entries that the patient erased and that are therefore not recorded again
     */
    record Recorded(
            Chapter chapter, List<EntryId> recorded, List<EntryId> revised, int unchanged, List<EntryId> leftOut) {}
}
