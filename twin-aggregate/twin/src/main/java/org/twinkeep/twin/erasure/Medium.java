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

    /** Rows of a PostgreSQL database. */
    public static Medium postgresql() {
        return new Medium(
                "The keys were replaced in their database and no server opens the older ones. Its files, its write-ahead"
                        + " log, its standbys and its backups may keep older rows, wrapped by a key that is not among them,"
                        + " until they are vacuumed, recycled and overwritten.");
    }

    /** The same, where the sealed events lie in KurrentDB. */
    public Medium withEventsInKurrentDb() {
        return new Medium(promise
                + " The sealed events lie in KurrentDB: what a deleted entry said stays there as ciphertext without a key;"
                + " the streams of a deleted twin have a tombstone, and their ciphertext leaves each node's disk when that"
                + " node is scavenged, which Twinkeep does not do itself.");
    }
}
