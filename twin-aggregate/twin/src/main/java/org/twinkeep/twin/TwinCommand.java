package org.twinkeep.twin;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;

/** What may be asked of a twin. Time and random ids come in with the command. */
public sealed interface TwinCommand {

    TwinId twin();

    Instant at();

    Actor by();

    sealed interface OfLife extends TwinCommand {}

    sealed interface OfChapter extends TwinCommand {
        Chapter chapter();
    }

    record CreateTwin(TwinId twin, Instant at, Actor by) implements OfLife {}

    record KeepConsentOpening(TwinId twin, String handle, int step, Body opening, Instant at, Actor by)
            implements OfLife {}

    record RequestTwinErasure(TwinId twin, Instant at, Actor by) implements OfLife {}

    /** Many entries of one chapter, one command: all are appended together. */
    record RecordEntries(TwinId twin, Chapter chapter, List<Incoming> entries, Instant at, Actor by)
            implements OfChapter {}

    /** The patient's statement about an entry of somebody else; for the patient's own entry it is a new version. */
    record CorrectEntry(TwinId twin, Chapter chapter, EntryId entry, Body statement, Instant at, Actor by)
            implements OfChapter {}

    /** @param receipt the id of the erasure that this belongs to, where there is one already */
    record EraseEntries(
            TwinId twin,
            Chapter chapter,
            List<EntryId> entries,
            @Nullable String receipt,
            Instant at,
            Actor by) implements OfChapter {
        public EraseEntries(TwinId twin, Chapter chapter, List<EntryId> entries, Instant at, Actor by) {
            this(twin, chapter, entries, null, at, by);
        }
    }

    /** One entry as its source sends it. */
    record Incoming(EntryId entry, Body body) {}
}
