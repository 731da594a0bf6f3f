package org.twinkeep.crypto.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.security.UnrecoverableKeyException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.spec.GCMParameterSpec;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.AesGcm;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * An AES-256 key in a PKCS#11 token, by the JDK's own provider: made there, sensitive and not extractable, so that it never
 * leaves. It wraps one random secret, which the vault's header keeps.
 */
final class Token extends KekSource {

    private static final int KEY_BYTES = 32;

    /** Id of the key, IV, wrapped secret. */
    static final int SEALED_BYTES = 16 + AesGcm.IV_BYTES + KEY_BYTES + AesGcm.TAG_BYTES;

    /** So long it may take until a token that was pulled out is missed. */
    private static final Duration MISSED_WITHIN = Duration.ofSeconds(1);

    private static final String CIPHER = "AES/GCM/NoPadding";

    private final Path library;
    private final int slot;
    private final Supplier<char[]> ask;
    private @Nullable Session session;
    private volatile long seen;

    Token(Path library, int slot, Supplier<char[]> ask) {
        this.library = library.toAbsolutePath().normalize();
        this.slot = slot;
        this.ask = ask;
    }

    @Override
    Kind kind() {
        return Kind.PKCS11;
    }

    @Override
    Secret forNew(byte[] salt, SecureRandom random) {
        return Secret.random(random);
    }

    @Override
    Secret forRotated(KekSource old, byte[] salt, SecureRandom random) {
        return Secret.random(random);
    }

    @Override
    byte[] sealed(UUID vault, Secret kek, SecureRandom random) {
        var id = new UUID(random.nextLong(), random.nextLong());
        var iv = new byte[AesGcm.IV_BYTES];
        random.nextBytes(iv);
        return asked(token -> {
            var key = token.make(name(vault, id));
            return kek.reveal(
                    KeyAccess.TO_WRAP,
                    secret -> new ByteWriter()
                            .uuid(id)
                            .raw(iv)
                            .raw(token.crypt(Cipher.ENCRYPT_MODE, key, iv, bound(vault, id), secret))
                            .toBytes());
        });
    }

    @Override
    Secret forExisting(VaultHeader header) {
        var secret = asked(token -> unwrapped(token, header));
        seen = System.nanoTime();
        return secret;
    }

    private static Secret unwrapped(Session token, VaultHeader header) throws GeneralSecurityException {
        var reader = new ByteReader(header.sealed(), "The vault's header is damaged.");
        var id = reader.uuid();
        var iv = reader.raw(AesGcm.IV_BYTES);
        var key = token.key(name(header.vault(), id));
        if (key == null) {
            throw new VaultUnavailable(
                    "The token does not hold the key of this vault. Insert the token of this house, or one into which"
                            + " its keys were copied; with several tokens, name its slot.");
        }
        return Secret.taking(token.crypt(Cipher.DECRYPT_MODE, key, iv, bound(header.vault(), id), reader.rest()));
    }

    /** Keys of this vault other than the one that it is opened by are left over. */
    @Override
    void settle(VaultHeader header) {
        var id = new ByteReader(header.sealed(), "The vault's header is damaged.").uuid();
        asked(token -> {
            token.deleteAllBut(name(header.vault(), id), "twinkeep-" + header.vault());
            return id;
        });
    }

    @Override
    void check(VaultHeader header) {
        if (stale()) {
            synchronized (this) {
                if (stale()) {
                    forExisting(header).close();
                }
            }
        }
    }

    private boolean stale() {
        return System.nanoTime() - seen >= MISSED_WITHIN.toNanos();
    }

    @Override
    synchronized void close() {
        var open = session;
        session = null;
        if (open != null) {
            open.logOut();
        }
    }

    @Override
    String wrongKey() {
        return "What the token holds is not the key of this vault. Insert the token of this house.";
    }

    private static String name(UUID vault, UUID id) {
        return "twinkeep-" + vault + "-" + id;
    }

    private static byte[] bound(UUID vault, UUID id) {
        return new ByteWriter()
                .framed("twinkeep.vault.token.v1")
                .uuid(vault)
                .uuid(id)
                .toBytes();
    }

    private synchronized <T> T asked(Use<T> use) {
        try {
            var open = session;
            if (open == null) {
                open = open();
                session = open;
            }
            return use.with(open);
        } catch (GeneralSecurityException | ProviderException e) {
            session = null;
            throw new VaultUnavailable(
                    "The token does not answer: it was pulled out, or its library or slot is not the one. Insert it,"
                            + " then start again.",
                    e);
        }
    }

    private Session open() throws GeneralSecurityException {
        if (!Files.isReadable(library)) {
            throw new VaultUnavailable(
                    "The PKCS#11 library " + library + " is missing or cannot be read. Name the token's own library.");
        }
        var provider = Objects.requireNonNull(Security.getProvider("SunPKCS11"), "every JDK 25 has SunPKCS11")
                .configure(configuration());
        var pin = ask.get();
        try {
            var store = KeyStore.getInstance("PKCS11", provider);
            store.load(null, pin);
            return new Session(provider, store);
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new VaultUnavailable(
                        "The token refused the PIN. Try again, but not often: a token locks itself after a few.", e);
            }
            throw new ProviderException("The token cannot be opened.", e);
        } finally {
            Arrays.fill(pin, '\0');
        }
    }

    /** In the language of the JDK's PKCS#11 reference guide; "--" says that it is given inline. */
    private String configuration() {
        return """
                --name=twinkeep
                library=%s
                slotListIndex=%d
                attributes(generate,CKO_SECRET_KEY,CKK_AES) = {
                  CKA_TOKEN = true
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                  CKA_ENCRYPT = true
                  CKA_DECRYPT = true
                }
                """.formatted(library, slot);
    }

    @Override
    public String toString() {
        return "Token";
    }

    private interface Use<T> {
        T with(Session token) throws GeneralSecurityException;
    }

    /** A token that somebody has logged in to. */
    private record Session(Provider provider, KeyStore store) {

        /** PKCS#11 logs in whole processes: without this the next one would need no PIN. */
        void logOut() {
            try {
                ((AuthProvider) provider).logout();
            } catch (LoginException | ProviderException e) {
                // It was pulled out, which logs out as well.
                return;
            }
        }

        @Nullable
        Key key(String name) throws GeneralSecurityException {
            return store.getKey(name, null);
        }

        Key make(String name) throws GeneralSecurityException {
            var generator = KeyGenerator.getInstance("AES", provider);
            generator.init(KEY_BYTES * 8);
            store.setKeyEntry(name, generator.generateKey(), null, null);
            return Objects.requireNonNull(key(name), "a key that was just made is there");
        }

        void deleteAllBut(String name, String prefix) throws GeneralSecurityException {
            for (var other : Collections.list(store.aliases())) {
                if (other.startsWith(prefix) && !other.equals(name)) {
                    store.deleteEntry(other);
                }
            }
        }

        byte[] crypt(int mode, Key key, byte[] iv, byte[] associated, byte[] bytes) {
            try {
                var cipher = Cipher.getInstance(CIPHER, provider);
                cipher.init(mode, key, new GCMParameterSpec(AesGcm.TAG_BYTES * 8, iv));
                cipher.updateAAD(associated);
                return cipher.doFinal(bytes);
            } catch (GeneralSecurityException e) {
                throw new ProviderException("The token refused.", e);
            }
        }
    }
}
