package org.twinkeep.twin.erasure;

/**
 * What a receipt may promise about the place where the keys lay.
 *
 * @param promise in plain words
 */
public record Medium(String promise) {

    /** Files on a disk of this machine. */
    public static Medium localFiles() {
        return new Medium(
                "The keys were overwritten in their files and the files were synced. A flash disk or a file system that"
                        + " copies on write may keep an older block until it reuses it.");
    }
}
