package org.twinkeep.twin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;

/**
 * Everything that can happen to a twin, as skeletons: what kind of change, who, when. What it says about health is the
 * event's body ({@link #hasBody()}), sealed apart and opened only against a receipt.
 */
public sealed interface TwinEvent {

    Instant at();

    Actor by();

    /** Whether a sealed body belongs to it. */
    default boolean hasBody() {
        return false;
    }

    /** In the life of the twin. */
    sealed interface OfLife extends TwinEvent {}

    /** In one chapter. */
    sealed interface OfChapter extends TwinEvent {
        EntryId entry();
    }

    record TwinCreated(TwinId twin, Instant at, Actor by) implements OfLife {}

    /** The opening (salt and FHIR Consent) of one step of a consent, kept in its body; the handle is the ledger's. */
    record ConsentOpeningKept(String handle, int step, Instant at, Actor by) implements OfLife {
        @Override
        public boolean hasBody() {
            return true;
        }
    }

    /** From here on nothing of the twin is shown to anybody. */
    record TwinErasureRequested(Instant at, Actor by) implements OfLife {}

    /** The first version of an entry. */
    record EntryRecorded(EntryId entry, Instant at, Actor by) implements OfChapter {
        @Override
        public boolean hasBody() {
            return true;
        }
    }

    /** The author's or source's own new version; it replaces, and the old one stays readable. */
    record EntryRevised(EntryId entry, int version, Instant at, Actor by) implements OfChapter {
        @Override
        public boolean hasBody() {
            return true;
        }
    }

    /** The patient's statement beside an entry that somebody else wrote; it never replaces the value. */
    record EntryDisputed(EntryId entry, int statement, Instant at, Actor by) implements OfChapter {
        @Override
        public boolean hasBody() {
            return true;
        }
    }

    /** The entry is gone: every version's and statement's key is forgotten. */
    record EntryErased(EntryId entry, @Nullable String receipt, Instant at, Actor by) implements OfChapter {}
}
