package org.twinkeep.crypto;

/** Argon2id (RFC 9106) for passphrases, passwords and recovery codes: 64 MiB, 3 passes, 1 lane. */
public final class Passphrases {
    private Passphrases() {}

    /** A 32-byte key from a passphrase and a 16-byte salt. The characters are the caller's to wipe. */
    public static Secret stretch(char[] passphrase, byte[] salt) {
        throw new IllegalStateException("not built");
    }
}
