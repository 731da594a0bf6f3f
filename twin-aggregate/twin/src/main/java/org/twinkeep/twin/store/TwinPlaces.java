package org.twinkeep.twin.store;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.StreamName;

/**
 * The places of twins: an aggregate's id is the name of its stream, so that no log line or exception that quotes an
 * aggregate's id says whose it is or which chapter. Events of no aggregate lie under the keys of a twin that is nobody's.
 */
public final class TwinPlaces implements Places {

    /** Nobody's twin: the nil UUID (RFC 9562, 5.9), which is never drawn for a person. */
    public static final TwinId NOBODY = new TwinId(new UUID(0, 0));

    private static final int REMEMBERED = 10_000;

    private final KeyRing ring;

    /** Emptied when it is full: every event asks it, from all threads, and an order of use would make them wait. */
    private final Map<StreamName, Place> found = new ConcurrentHashMap<>();

    public TwinPlaces(KeyRing ring) {
        this.ring = ring;
    }

    @Override
    public Optional<Place> ofAggregate(String aggregate) {
        return ofStream(new StreamName(aggregate));
    }

    @Override
    public Optional<Place> ofStream(StreamName stream) {
        var known = found.get(stream);
        if (known != null && ring.holds(known.twin())) {
            return Optional.of(known);
        }
        found.remove(stream);
        var place = ring.ownerOf(stream).map(owner -> new Place(stream.value(), stream, owner.twin(), owner.scope()));
        if (found.size() >= REMEMBERED) {
            found.clear();
        }
        place.ifPresent(owned -> found.put(stream, owned));
        return place;
    }

    @Override
    public synchronized Place ofApplication() {
        ring.createIfMissing(NOBODY);
        var stream = ring.streamOf(NOBODY, KeyScope.Own.LIFE);
        return new Place(stream.value(), stream, NOBODY, KeyScope.Own.LIFE);
    }
}
