package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.bytes.ByteWriter;

class AesGcmTest {

    @Test
    void it_answers_as_wycheproof_expects() throws Exception {
        int checked = 0;
        for (var vector : Wycheproof.vectors("aes_gcm_test.json")) {
            if (vector.number("keySize") != 256 || vector.number("ivSize") != 96 || vector.number("tagSize") != 128) {
                continue;
            }
            checked++;
            var key = Secret.copyOf(vector.bytes("key"));
            var sealed = new ByteWriter()
                    .raw(vector.bytes("ct"))
                    .raw(vector.bytes("tag"))
                    .toBytes();
            if (vector.valid()) {
                assertThat(AesGcm.lent().seal(key, vector.bytes("iv"), vector.bytes("aad"), vector.bytes("msg")))
                        .as(vector.toString())
                        .isEqualTo(sealed);
                assertThat(AesGcm.lent().open(key, vector.bytes("iv"), vector.bytes("aad"), sealed, "it"))
                        .as(vector.toString())
                        .isEqualTo(vector.bytes("msg"));
            } else {
                assertThatThrownBy(() -> AesGcm.lent().open(key, vector.bytes("iv"), vector.bytes("aad"), sealed, "it"))
                        .as(vector.toString())
                        .isInstanceOf(Tampered.class);
            }
        }
        assertThat(checked).isEqualTo(66);
    }

    @Test
    void bouncy_castle_agrees() throws Exception {
        var random = new Random(5);
        for (int length : new int[] {0, 1, 15, 16, 17, 1000, 100_000}) {
            var key = new byte[32];
            var iv = new byte[12];
            var associated = new byte[length % 37];
            var plain = new byte[length];
            for (var bytes : new byte[][] {key, iv, associated, plain}) {
                random.nextBytes(bytes);
            }
            var gcm = GCMBlockCipher.newInstance(AESEngine.newInstance());
            gcm.init(true, new AEADParameters(new KeyParameter(key), 128, iv, associated));
            var expected = new byte[gcm.getOutputSize(length)];
            gcm.doFinal(expected, gcm.processBytes(plain, 0, length, expected, 0));
            assertThat(AesGcm.lent().seal(Secret.copyOf(key), iv, associated, plain))
                    .isEqualTo(expected);
        }
    }

    @Test
    void a_cipher_is_lent_again_and_knows_nothing_of_its_last_use() {
        var key = Secret.copyOf(keyOf(7));
        var lent = new ArrayList<AesGcm>();
        for (int use = 0; use < 3; use++) {
            try (var cipher = AesGcm.lent()) {
                lent.add(cipher);
                cipher.seal(key, new byte[12], new byte[0], new byte[3]);
                assertThatThrownBy(() -> cipher.seal(key, new byte[12], new byte[0], new byte[3]))
                        .as("the JDK refuses the last key with the last IV, as long as it has them")
                        .isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(lent).allMatch(cipher -> cipher == lent.getFirst());
    }

    @Test
    void a_cipher_is_one_borrowers_at_a_time() {
        try (var one = AesGcm.lent();
                var other = AesGcm.lent()) {
            assertThat(other).isNotSameAs(one);
        }
    }

    @Test
    void a_cipher_that_is_given_back_twice_is_not_lent_twice() {
        var given = AesGcm.lent();
        given.close();
        given.close();
        try (var one = AesGcm.lent();
                var other = AesGcm.lent()) {
            assertThat(other).isNotSameAs(one);
        }
    }

    @Test
    void what_is_sealed_stands_behind_its_header() {
        var key = Secret.copyOf(keyOf(7));
        var bare = AesGcm.lent().seal(key, new byte[12], new byte[] {1}, new byte[] {2, 3});
        assertThat(AesGcm.lent().seal(key, new byte[12], new byte[] {1}, new byte[] {2, 3}, new byte[] {4, 5}))
                .isEqualTo(new ByteWriter().raw(new byte[] {4, 5}).raw(bare).toBytes());
    }

    private static byte[] keyOf(int value) {
        var key = new byte[32];
        Arrays.fill(key, (byte) value);
        return key;
    }

    @Test
    void a_short_key_or_iv_is_refused() {
        assertThatThrownBy(
                        () -> AesGcm.lent().seal(Secret.copyOf(new byte[16]), new byte[12], new byte[0], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> AesGcm.lent().seal(Secret.copyOf(new byte[32]), new byte[16], new byte[0], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
