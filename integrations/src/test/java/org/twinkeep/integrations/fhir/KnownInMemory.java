package org.twinkeep.integrations.fhir;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinRefused;

/** Identities in memory, for tests. */
final class KnownInMemory implements Identities {
    private final Map<String, Known> known = new HashMap<>();

    @Override
    public synchronized Optional<Known> find(String system, String value) {
        return Optional.ofNullable(known.get(system + "|" + value));
    }

    @Override
    public synchronized void link(String system, String value, TwinId twin) {
        var before = known.putIfAbsent(system + "|" + value, new Known.Living(twin));
        if (before != null && !before.equals(new Known.Living(twin))) {
            throw new TwinRefused("This identifier belongs to another twin.");
        }
    }

    @Override
    public synchronized void erased(TwinId twin) {
        known.replaceAll((_, k) -> k.equals(new Known.Living(twin)) ? new Known.Gone() : k);
    }
}
