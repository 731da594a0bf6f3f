package org.twinkeep.portal.wiring;

import org.twinkeep.consent.trail.StreamHeads;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.axon.AxonTwins;
import org.twinkeep.twin.axon.TwinSerializer;
import org.twinkeep.twin.store.Envelopes;
import org.twinkeep.twin.store.EventLog;
import org.twinkeep.twin.store.SealedEventStorageEngine;
import org.twinkeep.twin.store.StoredTwinHistory;
import org.twinkeep.twin.store.TwinPlaces;

/** The events of every twin, written through Axon and read beside it. */
record TwinRoom(EventLog events, StreamHeads heads, StoredTwinHistory history, AxonTwins twins, Identities identities) {

    static TwinRoom open(DataFolder folder, KeyRoom keys, Closing closing) {
        var paper = keys.paper();
        EventStore.chosen().filter(store -> store != paper.events()).ifPresent(other -> {
            throw new HouseRefused(
                    "The events of this house lie in %s, not in %s. To move them: twinkeep migrate --to %s"
                                    .formatted(paper.events().word(), other.word(), other.word())
                            + ". Otherwise leave twinkeep.events out.");
        });
        var events = closing.keep(paper.events().open(folder, paper));
        var places = new TwinPlaces(keys.ring());
        var serializer = new TwinSerializer();
        var engine = SealedEventStorageEngine.builder(events, places, Envelopes.sealedBy(keys.sealing()))
                .eventSerializer(serializer)
                .snapshotSerializer(serializer)
                .build();
        var history = new StoredTwinHistory(events, engine, places, keys.sealing(), keys.ring());
        var twins = closing.keep(
                paper.isShared()
                        ? AxonTwins.startAmongOthers(keys.ring(), engine, history, history::compare)
                        : AxonTwins.start(keys.ring(), engine, history, history::compare));
        return new TwinRoom(events, new StoreHeads(events, folder.eventsMoved()), history, twins, keys.identities());
    }
}
