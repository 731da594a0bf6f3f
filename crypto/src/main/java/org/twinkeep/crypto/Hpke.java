package org.twinkeep.crypto;

import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;

/**
 * Seals something to the public key of somebody outside: HPKE (RFC 9180), base mode, single shot, with X-Wing (X25519 and
 * ML-KEM-768, draft-connolly-cfrg-xwing-kem; KEM 0x647a), HKDF-SHA-256 (0x0001) and AES-256-GCM (0x0002), by Bouncy Castle.
 *
 * <p>Promise: only the holder of the private key opens it, as long as one of X25519 and ML-KEM-768 stands. It says nothing
 * about who sealed it.
 */
public final class Hpke {

    /** The product's own suite. */
    public static final Hpke X_WING =
            new Hpke(HPKE.kem_X_WING, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256, 32, 1216, 1120);

    private final HPKE suite;
    private final int privateKeyBytes;
    private final int publicKeyBytes;
    private final int encapsulatedBytes;

    Hpke(short kem, short kdf, short aead, int privateKeyBytes, int publicKeyBytes, int encapsulatedBytes) {
        this.suite = new HPKE(HPKE.mode_base, kem, kdf, aead);
        this.privateKeyBytes = privateKeyBytes;
        this.publicKeyBytes = publicKeyBytes;
        this.encapsulatedBytes = encapsulatedBytes;
    }

    /** The public key of this private key; X-Wing's private key is 32 random bytes. */
    public byte[] publicKeyOf(Secret privateKey) {
        return suite.serializePublicKey(keyPair(privateKey).getPublic());
    }

    /**
     * @return the encapsulated key, then ciphertext and tag
     * @throws IllegalArgumentException when it is no public key
     */
    public byte[] seal(byte[] publicKey, byte[] info, byte[] associated, byte[] plain) {
        return seal(suite.setupBaseS(publicKey(publicKey), info), associated, plain);
    }

    /** With the randomness of a published vector. */
    byte[] seal(byte[] publicKey, byte[] randomness, byte[] info, byte[] associated, byte[] plain) {
        return seal(suite.setupBaseS(publicKey(publicKey), info, randomness), associated, plain);
    }

    private static byte[] seal(HPKEContextWithEncapsulation context, byte[] associated, byte[] plain) {
        try {
            return concatenated(context.getEncapsulation(), context.seal(associated, plain));
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("HPKE refused to seal.", e);
        }
    }

    /** @throws Tampered when it was not sealed so, or to another */
    public byte[] open(Secret privateKey, byte[] info, byte[] associated, byte[] sealed) {
        var what = "What was sealed to a public key does not open.";
        if (sealed.length < encapsulatedBytes) {
            throw new Tampered(what);
        }
        var encapsulated = new byte[encapsulatedBytes];
        System.arraycopy(sealed, 0, encapsulated, 0, encapsulatedBytes);
        var ciphertext = new byte[sealed.length - encapsulatedBytes];
        System.arraycopy(sealed, encapsulatedBytes, ciphertext, 0, ciphertext.length);
        var keys = keyPair(privateKey);
        try {
            return suite.setupBaseR(encapsulated, keys, info).open(associated, ciphertext);
        } catch (InvalidCipherTextException | RuntimeException e) {
            throw new Tampered(what);
        }
    }

    private AsymmetricKeyParameter publicKey(byte[] bytes) {
        if (bytes.length != publicKeyBytes) {
            throw new IllegalArgumentException("A public key has " + publicKeyBytes + " bytes.");
        }
        return suite.deserializePublicKey(bytes);
    }

    private AsymmetricCipherKeyPair keyPair(Secret privateKey) {
        if (privateKey.length() != privateKeyBytes) {
            throw new IllegalArgumentException("A private key has " + privateKeyBytes + " bytes.");
        }
        return privateKey.reveal(KeyAccess.TO_DECRYPT, bytes -> suite.deserializePrivateKey(bytes.clone(), null));
    }

    private static byte[] concatenated(byte[] one, byte[] two) {
        var both = new byte[one.length + two.length];
        System.arraycopy(one, 0, both, 0, one.length);
        System.arraycopy(two, 0, both, one.length, two.length);
        return both;
    }
}
