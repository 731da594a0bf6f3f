package org.twinkeep.projections.reading;

import java.util.List;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.TwinId;

/** The stored views: built from events and today's consents, sealed each under its own erasable key. */
public interface Views {

    /** Builds every view of every twin anew; a view whose consent has ended is destroyed, not built. */
    Rebuilt rebuild(Progress progress);

    /** Destroys the key of every view that stands on this consent, then its rows. */
    void consentEnded(TwinId twin, ConsentHandle handle);

    /** Destroys all views of the twin. */
    void forget(TwinId twin);

    /** What of the stored views does not open; for {@code verify}. Nothing is lost by it: they are built again. */
    List<String> problems();

    /** The file that {@link #problems} speaks of. */
    String fileName();

    record Rebuilt(int twins, int views, int entries, int destroyed) {}

    @FunctionalInterface
    interface Progress {
        void at(int done, int of);
    }
}
