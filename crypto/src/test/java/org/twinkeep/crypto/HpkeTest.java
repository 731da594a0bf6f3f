package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.twinkeep.crypto.bytes.ByteWriter;

class HpkeTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] INFO = bytes("info");
    private static final byte[] AAD = bytes("associated");
    private static final byte[] PLAIN = bytes("plain");
    private static final Secret KEY = Secret.copyOf(new byte[32]);
    private static final byte[] PUBLIC = Hpke.X_WING.publicKeyOf(KEY);

    /** draft-connolly-cfrg-xwing-kem, appendix C; of the long values their SHA-256. */
    @ParameterizedTest
    @CsvSource({
        "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26,3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2,d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384,2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb,17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33",
        "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea,17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d,f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150,c42ba5f8430d7d2c83739338203819f090e8303ce9c8b02107c272bfa5376916,1661ea86d608a1924ba30840cb0a65f13ae051e3aec9cf0f064efc0bc92f2154",
        "ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9,22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b,953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f,6b080d6b84f095342092fa7a22423e58bd681397ad0ef00eac92bd254db4fa95,d3ca5578500344b5896cffc4fd740c9311946b82951df155e6fd86a7966b43c6"
    })
    void the_published_vectors_of_x_wing_hold_inside_hpke(
            String seed, String randomness, String shared, String publicKey, String encapsulated) {
        var key = Secret.taking(HEX.parseHex(seed));
        var recipient = Hpke.X_WING.publicKeyOf(key);
        assertThat(sha256(recipient)).isEqualTo(publicKey);
        var sealed = Hpke.X_WING.seal(recipient, HEX.parseHex(randomness), INFO, AAD, PLAIN);
        assertThat(sha256(Arrays.copyOf(sealed, 1120))).isEqualTo(encapsulated);
        assertThat(Hpke.X_WING.open(key, INFO, AAD, sealed)).isEqualTo(PLAIN);
        assertThat(openedByTheBook(HEX.parseHex(shared), Arrays.copyOfRange(sealed, 1120, sealed.length)))
                .isEqualTo(PLAIN);
    }

    /** RFC 9180, A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base, sequence number 0. */
    @Test
    void the_published_vector_of_rfc_9180_opens() {
        var suite = new Hpke(HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128, 32, 32, 32);
        var key = Secret.taking(HEX.parseHex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"));
        assertThat(HEX.formatHex(suite.publicKeyOf(key)))
                .isEqualTo("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
        var sealed = HEX.parseHex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"
                + "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a");
        assertThat(suite.open(key, bytes("Ode on a Grecian Urn"), bytes("Count-0"), sealed))
                .isEqualTo(bytes("Beauty is truth, truth beauty"));
    }

    @Test
    void only_what_was_sealed_so_and_to_this_key_opens() {
        var sealed = Hpke.X_WING.seal(PUBLIC, INFO, AAD, PLAIN);
        assertThat(Hpke.X_WING.open(KEY, INFO, AAD, sealed)).isEqualTo(PLAIN);
        assertThat(Hpke.X_WING.seal(PUBLIC, INFO, AAD, PLAIN)).isNotEqualTo(sealed);
        var other = Secret.taking(new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
        });
        assertThatThrownBy(() -> Hpke.X_WING.open(other, INFO, AAD, sealed)).isInstanceOf(Tampered.class);
        assertThatThrownBy(() -> Hpke.X_WING.open(KEY, AAD, AAD, sealed)).isInstanceOf(Tampered.class);
        assertThatThrownBy(() -> Hpke.X_WING.open(KEY, INFO, INFO, sealed)).isInstanceOf(Tampered.class);
        for (int at : new int[] {0, 1000, 1119, 1120, sealed.length - 1}) {
            var flipped = sealed.clone();
            flipped[at] ^= 1;
            assertThatThrownBy(() -> Hpke.X_WING.open(KEY, INFO, AAD, flipped)).isInstanceOf(Tampered.class);
        }
        for (int cut : new int[] {0, 1119, 1120, 1135, sealed.length - 1}) {
            assertThatThrownBy(() -> Hpke.X_WING.open(KEY, INFO, AAD, Arrays.copyOf(sealed, cut)))
                    .isInstanceOf(Tampered.class);
        }
    }

    @Test
    void what_is_no_key_is_refused() {
        assertThatThrownBy(() -> Hpke.X_WING.seal(new byte[1215], INFO, AAD, PLAIN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hpke.X_WING.publicKeyOf(Secret.copyOf(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** RFC 9180, 5.1 and 5.2, by our own HMAC and AES: a second opinion on the schedule. */
    private static byte[] openedByTheBook(byte[] shared, byte[] ciphertext) {
        var suite = new ByteWriter()
                .raw(bytes("HPKE"))
                .raw(HEX.parseHex("647a00010002"))
                .toBytes();
        var empty = Secret.copyOf(new byte[1]); // HMAC pads its key with zeros
        var context = new ByteWriter()
                .u8(0)
                .raw(extract(suite, empty, "psk_id_hash", new byte[0]))
                .raw(extract(suite, empty, "info_hash", INFO))
                .toBytes();
        var secret = Secret.taking(extract(suite, Secret.taking(shared), "secret", new byte[0]));
        var key = expand(suite, secret, "key", context, 32);
        var nonce = expand(suite, secret, "base_nonce", context, 12);
        return AesGcm.lent().open(Secret.taking(key), nonce, AAD, ciphertext, "The schedule differs.");
    }

    private static byte[] extract(byte[] suite, Secret salt, String label, byte[] ikm) {
        return Hmac.sha256(salt, bytes("HPKE-v1"), suite, bytes(label), ikm);
    }

    private static byte[] expand(byte[] suite, Secret secret, String label, byte[] context, int length) {
        var block = Hmac.sha256(
                secret, new byte[] {0, (byte) length}, bytes("HPKE-v1"), suite, bytes(label), context, new byte[] {1});
        return Arrays.copyOf(block, length);
    }

    private static String sha256(byte[] bytes) {
        return HEX.formatHex(Sha2.sha256().digest(bytes));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
