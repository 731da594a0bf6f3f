package org.twinkeep.portal.wiring;

import java.util.HexFormat;
import org.twinkeep.consent.trail.StreamHeads;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.axon.AxonTwins;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.sqlite.SqliteEvents;
import org.twinkeep.twin.sqlite.SqliteIdentities;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.StoredTwinHistory;
import org.twinkeep.twin.store.TwinPlaces;

/** The events of every twin, written through Axon and read beside it. */
record TwinRoom(SqliteEvents events, StoredTwinHistory history, AxonTwins twins, Identities identities) {

    static TwinRoom open(DataFolder folder, KeyRoom keys, Closing closing) {
        var events = closing.keep(SqliteEvents.open(folder.events()));
        var places = new TwinPlaces(keys.ring());
        var serializer = new TwinSerializer();
        var engine = SealedEventStorageEngine.builder(events, places, Envelopes.sealedBy(keys.sealing()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
        var history = new StoredTwinHistory(events, engine, places, keys.sealing(), keys.ring());
        var twins = closing.keep(AxonTwins.start(keys.ring(), engine, history, history::compare));
        var identities = new SqliteIdentities(keys.database(), keys.vault().houseKey("identities"));
        return new TwinRoom(events, history, twins, identities);
    }

    /** What the trail asks the store before a checkpoint; neither room knows the other. */
    StreamHeads heads() {
        return position -> {
            var moved = events.movedSince(position);
            return new StreamHeads.Moved(
                    moved.position(),
                    moved.heads().stream()
                            .map(head -> new StreamHeads.Head(
                                    head.stream().value(),
                                    head.sequence(),
                                    HexFormat.of().formatHex(head.hash())))
                            .toList());
        };
    }
}
