package org.twinkeep.consent;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
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

    synchronized void change(TwinId twin, UnaryOperator<Opening> change, ConsentHandle of) {
        kept.getOrDefault(twin, List.of())
                .replaceAll(opening -> opening.handle().equals(of) ? change.apply(opening) : opening);
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
