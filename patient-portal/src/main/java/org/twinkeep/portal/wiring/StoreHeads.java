package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.twinkeep.consent.trail.StreamHeads;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.store.EventLog;

/**
 * What the trail asks the store before a checkpoint; neither room knows the other. Events that were moved to another store
 * have new positions: then all heads are told once more, and the mark that says so goes when the trail has them.
 */
final class StoreHeads implements StreamHeads {

    private final EventLog events;
    private final Path movedMark;
    private boolean retelling;
    private long told = -1;

    StoreHeads(EventLog events, Path movedMark) {
        this.events = events;
        this.movedMark = movedMark;
        this.retelling = Files.exists(movedMark);
    }

    @Override
    public synchronized Moved movedSince(long position) {
        if (retelling && position == told) {
            forgetMark();
        }
        var moved = events.movedSince(retelling ? 0 : position);
        told = moved.position();
        return new Moved(
                moved.position(),
                moved.heads().stream()
                        .map(head -> new Head(
                                head.stream().value(),
                                head.sequence(),
                                HexFormat.of().formatHex(head.hash())))
                        .toList());
    }

    private void forgetMark() {
        try {
            Files.deleteIfExists(movedMark);
            retelling = false;
        } catch (IOException e) {
            throw new StoreUnavailable(movedMark.getFileName() + " cannot be removed from the data folder.", e);
        }
    }
}
