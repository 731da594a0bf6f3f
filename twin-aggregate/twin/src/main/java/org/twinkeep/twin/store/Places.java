package org.twinkeep.twin.store;

import java.util.Optional;
import org.twinkeep.crypto.keys.StreamName;

/** Knows the place of an aggregate and of a stream; nothing once its keys are gone. Both ways are pure functions. */
public interface Places {

    Optional<Place> ofAggregate(String aggregate);

    Optional<Place> ofStream(StreamName stream);

    /** Of events that belong to no aggregate. */
    Place ofApplication();
}
