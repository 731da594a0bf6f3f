package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.bytes.ByteWriter;

class BoxTest {

    private static final Secret KEY =
            Secret.copyOf(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    private static final byte[] ASSOCIATED = "accounts".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLAIN = "plain".getBytes(StandardCharsets.US_ASCII);

    @Test
    void what_was_sealed_opens() {
        var sealed = Box.seal(KEY, ASSOCIATED, PLAIN);
        assertThat(sealed).hasSize(PLAIN.length + Box.OVERHEAD);
        assertThat(Box.open(KEY, ASSOCIATED, sealed)).isEqualTo(PLAIN);
        assertThat(Box.open(KEY, ASSOCIATED, Box.seal(KEY, ASSOCIATED, new byte[0])))
                .isEmpty();
    }

    @Test
    void a_box_has_its_golden_bytes() {
        var iv = HexFormat.of().parseHex("000102030405060708090a0b");
        assertThat(HexFormat.of().formatHex(Box.seal(KEY, iv, ASSOCIATED, PLAIN)))
                .isEqualTo(
                        "01000102030405060708090a0b56cd09ae43d277164a93a3bafc6a5c2b75e9734c5f33027ed68a78c39145c51436"
                                + "e8af6394a56a9d749893251534a49a1d9517193f");
    }

    @Test
    void two_boxes_of_the_same_share_nothing() {
        var one = Box.seal(KEY, ASSOCIATED, PLAIN);
        var two = Box.seal(KEY, ASSOCIATED, PLAIN);
        assertThat(Arrays.copyOfRange(one, 1, 45)).isNotEqualTo(Arrays.copyOfRange(two, 1, 45));
        assertThat(Arrays.copyOfRange(one, 45, one.length)).isNotEqualTo(Arrays.copyOfRange(two, 45, two.length));
    }

    @Test
    void another_key_another_purpose_any_flipped_bit_and_any_cut_is_tampered() {
        var sealed = Box.seal(KEY, ASSOCIATED, PLAIN);
        assertTampered(Secret.copyOf(new byte[32]), ASSOCIATED, sealed);
        assertTampered(KEY, PLAIN, sealed);
        for (int i = 0; i < sealed.length; i++) {
            var flipped = sealed.clone();
            flipped[i] ^= 1 << i % 8;
            assertTampered(KEY, ASSOCIATED, flipped);
            assertTampered(KEY, ASSOCIATED, Arrays.copyOf(sealed, i));
        }
        assertTampered(KEY, ASSOCIATED, Arrays.copyOf(sealed, sealed.length + 1));
    }

    @Test
    void a_box_that_another_key_could_open_too_is_tampered() {
        // What an attacker makes who wants one ciphertext to open under two keys: all fits but the commitment.
        var iv = new byte[12];
        var encryption = Secret.taking(
                Arrays.copyOf(Hmac.sha512(KEY, "twinkeep.box.v1".getBytes(StandardCharsets.US_ASCII), iv), 32));
        var header = new ByteWriter().u8(1).raw(iv).raw(new byte[32]).toBytes();
        var bound = new ByteWriter().raw(header).raw(ASSOCIATED).toBytes();
        var sealed = AesGcm.lent().seal(encryption, iv, bound, PLAIN);
        assertTampered(KEY, ASSOCIATED, new ByteWriter().raw(header).raw(sealed).toBytes());
    }

    private static void assertTampered(Secret key, byte[] associated, byte[] sealed) {
        assertThatThrownBy(() -> Box.open(key, associated, sealed)).isInstanceOf(Tampered.class);
    }
}
