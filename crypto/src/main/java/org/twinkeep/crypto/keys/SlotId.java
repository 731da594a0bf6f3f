package org.twinkeep.crypto.keys;

import java.util.UUID;
import org.twinkeep.crypto.TwinId;

/** The name of one erasable slot: a twin's, or a view's own random one. */
public record SlotId(UUID value) {
    public static SlotId of(TwinId twin) {
        return new SlotId(twin.value());
    }
}
