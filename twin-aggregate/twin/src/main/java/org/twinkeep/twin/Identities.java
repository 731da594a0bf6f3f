package org.twinkeep.twin;

import java.util.Optional;
import org.twinkeep.crypto.TwinId;

/**
 * Which twin an identifier of a source means. Kept as keyed hashes; it remembers that an identifier's twin was erased, so
 * that no import makes it anew.
 */
public interface Identities {

    Optional<Known> find(String system, String value);

    /** Links an identifier to a twin, durably. @throws TwinRefused when it belongs to another twin */
    void link(String system, String value, TwinId twin);

    /** Marks every identifier of the twin as erased and forgets which twin it was. */
    void erased(TwinId twin);

    sealed interface Known {
        record Living(TwinId twin) implements Known {}

        record Gone() implements Known {}
    }
}
