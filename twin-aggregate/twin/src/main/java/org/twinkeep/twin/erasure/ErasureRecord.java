package org.twinkeep.twin.erasure;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.twin.EntryId;

/** A line of the erasure ledger. It holds pseudonyms (streams, entry ids, the twin's random id) and no personal data. */
sealed interface ErasureRecord {

    String ENTRIES = "entries";
    String TWIN = "twin";

    /** Of the erasure, drawn at random. */
    String id();

    Instant at();

    /** An erasure that must happen. */
    sealed interface Requested extends ErasureRecord {

        /** The key state before it, hexadecimal SHA-256. */
        String keysBefore();

        TwinId twin();

        String scope();
    }

    record EntriesRequested(String id, Instant at, String keysBefore, TwinId twin, List<Target> targets)
            implements Requested {
        @Override
        public String scope() {
            return ENTRIES;
        }
    }

    /** @param streams all streams of the twin @param events how many events they held */
    record TwinRequested(String id, Instant at, String keysBefore, TwinId twin, List<StreamName> streams, long events)
            implements Requested {
        @Override
        public String scope() {
            return TWIN;
        }
    }

    /** @param horizon when keys were last backed up, where they ever were */
    record Completed(
            String id,
            Instant at,
            String scope,
            long events,
            String keysBefore,
            String keysAfter,
            String medium,
            Optional<Instant> horizon)
            implements ErasureRecord {}

    /** Entries of one stream. */
    record Target(StreamName stream, List<EntryId> entries) {}
}
