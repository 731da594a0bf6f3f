package org.twinkeep.twin.erasure;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.LeafRange;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.EntryId;

/** A line of the erasure ledger. It holds pseudonyms (streams, entry ids, the twin's random id) and no personal data. */
sealed interface ErasureRecord {

    /** Drawn at random; a request and its completion share it. */
    String id();

    Instant at();

    /** An erasure that must happen. */
    sealed interface Requested extends ErasureRecord {

        /** The key state before it, hexadecimal SHA-256. */
        String keysBefore();

        TwinId twin();

        ErasureScope scope();
    }

    /** @param punctured where the keys of the entries stood when it was asked for */
    record EntriesRequested(
            String id,
            Instant at,
            ErasureScope scope,
            String keysBefore,
            TwinId twin,
            List<Target> targets,
            List<Punctured> punctured)
            implements Requested {}

    /** @param streams all streams of the twin @param events how many events they held */
    record TwinRequested(String id, Instant at, String keysBefore, TwinId twin, List<StreamName> streams, long events)
            implements Requested {
        @Override
        public ErasureScope scope() {
            return ErasureScope.TWIN;
        }
    }

    /**
     * An erasure that has happened.
     *
     * @param keysVersion how often the twin's keys had been rewritten: older keys still hold what is erased here; 0 where
     *     the keys are gone, or an older Twinkeep did not say
     * @param punctured the keys that are gone; of a twin all are
     * @param trail the newest signed checkpoint of the trail, as size and root; empty where an older Twinkeep did not say
     * @param horizon when keys were last backed up, where they ever were
     */
    record Completed(
            String id,
            Instant at,
            ErasureScope scope,
            long events,
            String keysBefore,
            String keysAfter,
            long keysVersion,
            List<Punctured> punctured,
            String trail,
            String medium,
            Optional<Instant> horizon)
            implements ErasureRecord {}

    /** A backup of the keys was begun. */
    record KeysBackedUp(String id, Instant at) implements ErasureRecord {}

    /** Entries of one stream. */
    record Target(StreamName stream, List<EntryId> entries) {}

    /** Leaves of one stream. */
    record Punctured(StreamName stream, List<LeafRange> leaves) {}
}
