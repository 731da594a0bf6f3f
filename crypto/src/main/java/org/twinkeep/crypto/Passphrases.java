package org.twinkeep.crypto;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id (RFC 9106) for passphrases, passwords and recovery codes: 64 MiB, 3 passes, 1 lane. */
public final class Passphrases {

    public static final int SALT_BYTES = 16;

    private Passphrases() {}

    /** A 32-byte key from a passphrase and a 16-byte salt. The characters are the caller's to wipe. */
    public static Secret stretch(char[] passphrase, byte[] salt) {
        return stretch(passphrase, salt, Cost.STANDARD);
    }

    /** The same at a cost that was written down beside the salt. */
    public static Secret stretch(char[] passphrase, byte[] salt, Cost cost) {
        if (salt.length != SALT_BYTES) {
            throw new IllegalArgumentException("A salt has 16 bytes.");
        }
        var parameters = cost.parameters().withSalt(salt).build();
        var key = new byte[32];
        var generator = new Argon2BytesGenerator();
        generator.init(parameters);
        generator.generateBytes(passphrase, key);
        parameters.clear();
        return Secret.taking(key);
    }

    /**
     * What guessing costs.
     *
     * @param memoryKib memory in KiB; the standard is what RFC 9106, 4 recommends where memory is short, at one lane
     */
    public record Cost(int memoryKib, int passes, int lanes) {

        public static final Cost STANDARD = new Cost(64 * 1024, 3, 1);

        /** @throws IllegalArgumentException when it is no cost at all, or would take the machine down */
        public Cost {
            if (lanes < 1 || lanes > 16 || passes < 1 || passes > 64 || memoryKib < 8 * lanes || memoryKib > 1 << 20) {
                throw new IllegalArgumentException("No such Argon2id cost.");
            }
        }

        Argon2Parameters.Builder parameters() {
            return new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(lanes);
        }
    }
}
