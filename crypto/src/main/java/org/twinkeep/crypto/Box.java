package org.twinkeep.crypto;

/**
 * A small sealed box: AES-256-GCM under a fresh random 96-bit IV, with a 32-byte key commitment that is checked first and
 * in constant time. For what is sealed outside event streams: rows of keys, views, accounts, the trail's private parts.
 * At most 2^32 boxes a key (NIST SP 800-38D, 8.3).
 */
public final class Box {
    private Box() {}

    public static byte[] seal(Secret key, byte[] associated, byte[] plain) {
        throw new IllegalStateException("not built");
    }

    /** @throws Tampered when key, associated data or bytes are not the ones it was sealed with */
    public static byte[] open(Secret key, byte[] associated, byte[] sealed) {
        throw new IllegalStateException("not built");
    }
}
