package org.twinkeep.twin.store;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.StreamName;

/** Gives each aggregate of Axon's suites, whatever its id, a twin of its own. */
public final class SuitePlaces implements Places {

    private final KeyRing ring;
    private final Map<String, Place> byAggregate = new ConcurrentHashMap<>();
    private final Map<StreamName, Place> byStream = new ConcurrentHashMap<>();

    public SuitePlaces(KeyRing ring) {
        this.ring = ring;
    }

    @Override
    public Optional<Place> ofAggregate(String aggregate) {
        return Optional.of(byAggregate.computeIfAbsent(aggregate, this::create));
    }

    @Override
    public Optional<Place> ofStream(StreamName stream) {
        return Optional.ofNullable(byStream.get(stream));
    }

    @Override
    public Place ofApplication() {
        return byAggregate.computeIfAbsent("events of no aggregate", this::create);
    }

    private Place create(String aggregate) {
        var twin = new TwinId(UUID.nameUUIDFromBytes(aggregate.getBytes(StandardCharsets.UTF_8)));
        ring.create(twin);
        var stream = ring.streamOf(twin, KeyScope.Own.LIFE);
        var place = new Place(aggregate, stream, twin, KeyScope.Own.LIFE);
        byStream.put(stream, place);
        return place;
    }
}
