package org.twinkeep.crypto.keys;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Hkdf;
import org.twinkeep.crypto.Passphrases;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * The first 512 bytes of a vault's file: how its key is come by, and a sealed check that says whether a key is the one.
 *
 * @param kekKind whether the key stands in a file or is stretched from a passphrase
 * @param cost of stretching; also written where the key stands in a file, and then unused
 * @param sealed what only the source of the key can read; empty but for a token
 * @param check an empty box under the wrapping key, bound to all that stands before it
 */
@SuppressWarnings("ArrayRecordComponent")
record VaultHeader(
        KekSource.Kind kekKind, Passphrases.Cost cost, byte[] salt, UUID vault, byte[] sealed, byte[] check) {

    static final int BYTES = 512;

    private static final byte[] MAGIC = "TWKVAULT".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int SUMMED_BYTES = BYTES - 32;

    static byte[] newSalt(SecureRandom random) {
        var salt = new byte[Passphrases.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    static VaultHeader make(
            KekSource.Kind kind, Passphrases.Cost cost, byte[] salt, UUID vault, byte[] sealed, Secret kek) {
        var unchecked = new VaultHeader(kind, cost, salt, vault, sealed, new byte[0]);
        try (var wrapping = unchecked.wrappingKey(kek)) {
            var check = Box.seal(wrapping, unchecked.bound(), new byte[0]);
            return new VaultHeader(kind, cost, salt, vault, sealed, check);
        }
    }

    /** The key that wraps the slots. */
    Secret wrappingKey(Secret kek) {
        return Hkdf.sha256(
                kek,
                new ByteWriter().framed("twinkeep.vault.wrap.v1").uuid(vault).toBytes(),
                32);
    }

    /** Whether this is the key of the vault. */
    boolean accepts(Secret kek) {
        try (var wrapping = wrappingKey(kek)) {
            Box.open(wrapping, bound(), check);
            return true;
        } catch (Tampered e) {
            return false;
        }
    }

    byte[] encode() {
        var summed = Arrays.copyOf(
                new ByteWriter().raw(bound()).raw(check).raw(sealed).toBytes(), SUMMED_BYTES);
        return new ByteWriter().raw(summed).raw(KeyStates.sha256(summed)).toBytes();
    }

    /** @throws Tampered when it is damaged, or no vault's header */
    static VaultHeader decode(byte[] bytes) {
        var reader = new ByteReader(bytes, "The vault's header is damaged.");
        var summed = new ByteReader(reader.raw(SUMMED_BYTES), "The vault's header is damaged.");
        if (!Arrays.equals(reader.rest(), KeyStates.sha256(Arrays.copyOf(bytes, SUMMED_BYTES)))) {
            throw reader.malformed();
        }
        if (!Arrays.equals(summed.raw(MAGIC.length), MAGIC) || summed.u8() != VERSION) {
            throw reader.malformed();
        }
        int number = summed.u8();
        var kind = Arrays.stream(KekSource.Kind.values())
                .filter(k -> k.number() == number)
                .findFirst()
                .orElseThrow(reader::malformed);
        try {
            var cost = new Passphrases.Cost(summed.u32(), summed.u32(), summed.u32());
            var salt = summed.raw(Passphrases.SALT_BYTES);
            var vault = summed.uuid();
            var check = summed.raw(Box.OVERHEAD);
            var sealed = summed.raw(kind == KekSource.Kind.PKCS11 ? Token.SEALED_BYTES : 0);
            return new VaultHeader(kind, cost, salt, vault, sealed, check);
        } catch (IllegalArgumentException e) {
            throw reader.malformed();
        }
    }

    private byte[] bound() {
        return new ByteWriter()
                .raw(MAGIC)
                .u8(VERSION)
                .u8(kekKind.number())
                .u32(cost.memoryKib())
                .u32(cost.passes())
                .u32(cost.lanes())
                .raw(salt)
                .uuid(vault)
                .toBytes();
    }
}
