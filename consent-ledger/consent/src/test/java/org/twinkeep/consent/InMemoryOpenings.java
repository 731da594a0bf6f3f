package org.twinkeep.consent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;

/** Openings that live as long as the test; they can be made unreadable, and counted. */
public final class InMemoryOpenings implements Openings {

    private final Map<TwinId, List<Opening>> kept = new HashMap<>();
    private boolean unreadable;
    private boolean forgotten;
    private int reads;

    @Override
    public synchronized void keep(TwinId twin, Opening opening) {
        kept.computeIfAbsent(twin, _ -> new ArrayList<>()).add(opening);
    }

    @Override
    public synchronized List<Opening> of(TwinId twin) {
        if (forgotten) {
            throw new TwinForgotten();
        }
        if (unreadable) {
            throw new IllegalStateException("unreadable");
        }
        reads++;
        return List.copyOf(kept.getOrDefault(twin, List.of()));
    }

    public synchronized void forget() {
        kept.clear();
    }

    public void becomeUnreadable() {
        unreadable = true;
    }

    public void becomeForgotten() {
        forgotten = true;
    }

    public int reads() {
        return reads;
    }
}
