package org.twinkeep.twin.erasure;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a receipt may promise about the place where the keys lay.
 *
 * @param promise in plain words
 * @param keysBackedUp when keys were last copied to a backup: until that backup is overwritten it may hold the old slot
 */
public record Medium(String promise, Supplier<Optional<Instant>> keysBackedUp) {

    /** Files on a disk of this machine. */
    public static Medium localFiles(Supplier<Optional<Instant>> keysBackedUp) {
        return new Medium(
                "The keys were overwritten in their files and the files were synced. A flash disk or a file system that"
                        + " copies on write may keep an older block until it reuses it.",
                keysBackedUp);
    }
}
