package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HkdfTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void the_vectors_of_rfc_5869() {
        // A.1, A.3
        assertThat(derive("0b".repeat(22), "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        assertThat(derive("0b".repeat(22), "", "", 42))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
        var input = Secret.copyOf(HEX.parseHex("0b".repeat(22)));
        assertThat(Hkdf.sha256(input, new byte[0], 42)).isEqualTo(Hkdf.sha256(input, new byte[0], new byte[0], 42));
    }

    @Test
    void it_answers_as_wycheproof_expects() throws Exception {
        for (var vector : Wycheproof.vectors("hkdf_sha256_test.json")) {
            var input = Secret.copyOf(vector.bytes("ikm"));
            if (vector.valid()) {
                var derived = Hkdf.sha256(input, vector.bytes("salt"), vector.bytes("info"), vector.number("size"));
                assertThat(derived).as(vector.toString()).isEqualTo(Secret.copyOf(vector.bytes("okm")));
            } else {
                assertThatThrownBy(() ->
                                Hkdf.sha256(input, vector.bytes("salt"), vector.bytes("info"), vector.number("size")))
                        .as(vector.toString())
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    /** RFC 5869, 2.3. */
    @Test
    void it_gives_at_least_a_byte_and_at_most_255_blocks() {
        var input = Secret.copyOf(new byte[32]);
        assertThat(Hkdf.sha256(input, new byte[0], 1).length()).isEqualTo(1);
        assertThat(Hkdf.sha256(input, new byte[0], 8160).length()).isEqualTo(8160);
        for (int length : new int[] {-1, 0, 8161}) {
            assertThatThrownBy(() -> Hkdf.sha256(input, new byte[0], length))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String derive(String input, String salt, String info, int length) {
        return Hkdf.sha256(Secret.copyOf(HEX.parseHex(input)), HEX.parseHex(salt), HEX.parseHex(info), length)
                .reveal(KeyAccess.TO_DERIVE, HEX::formatHex);
    }
}
