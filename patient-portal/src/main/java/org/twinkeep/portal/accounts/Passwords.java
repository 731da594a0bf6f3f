package org.twinkeep.portal.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.CharBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;

/** Hashes passwords, and wraps a patient's seed by what only its owner knows. */
final class Passwords {

    /** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, 2 passes, 1 lane. */
    private static final Argon2PasswordEncoder HASHES = new Argon2PasswordEncoder(16, 32, 1, 19_456, 2);

    /** A hash of nothing, of today's cost: a name that does not exist takes the time of one that does. */
    private static final String HASH_OF_NOBODY =
            "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static final int SALT = 16;

    /** Stretching takes 64 MiB a time: two at once are enough for a house, and bound its memory. */
    private final Semaphore few = new Semaphore(2, true);

    private final SecureRandom random;

    Passwords(SecureRandom random) {
        this.random = random;
    }

    String hash(char[] password) {
        return Objects.requireNonNull(oneOfFew(() -> HASHES.encode(CharBuffer.wrap(password))));
    }

    /** Whether it is the password of this hash; no hash takes as long and is never matched. */
    boolean match(char[] password, @Nullable String hash) {
        boolean matches =
                oneOfFew(() -> HASHES.matches(CharBuffer.wrap(password), hash == null ? HASH_OF_NOBODY : hash));
        return matches && hash != null;
    }

    /** Whether the hash was made at less than today's cost. */
    static boolean outdated(String hash) {
        return HASHES.upgradeEncoding(hash);
    }

    /** Salt, then the seed in a box under the stretched secret. */
    byte[] wrap(AccountId account, char[] secret, Secret seed) {
        var salt = new byte[SALT];
        random.nextBytes(salt);
        try (var key = stretch(secret, salt)) {
            var box = seed.reveal(KeyAccess.TO_WRAP, bytes -> Box.seal(key, context(account), bytes));
            var wrapped = Arrays.copyOf(salt, SALT + box.length);
            System.arraycopy(box, 0, wrapped, SALT, box.length);
            return wrapped;
        }
    }

    /** @throws org.twinkeep.crypto.Tampered when it was not wrapped by this secret for this account */
    Secret unwrap(AccountId account, char[] secret, byte[] wrapped) {
        try (var key = stretch(secret, Arrays.copyOf(wrapped, SALT))) {
            return Secret.taking(Box.open(key, context(account), Arrays.copyOfRange(wrapped, SALT, wrapped.length)));
        }
    }

    /** Takes the time of {@link #unwrap}: so where there is nothing to unwrap, nobody can tell. */
    void takeAsLong(char[] secret) {
        stretch(secret, new byte[SALT]).close();
    }

    private static byte[] context(AccountId account) {
        return account.toString().getBytes(UTF_8);
    }

    private Secret stretch(char[] secret, byte[] salt) {
        return oneOfFew(() -> Passphrases.stretch(secret, salt));
    }

    private <T> T oneOfFew(Supplier<T> work) {
        few.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            few.release();
        }
    }
}
