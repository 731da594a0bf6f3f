package org.twinkeep.crypto.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Wycheproof;

class SigningTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void the_vectors_of_rfc_8032() {
        // 7.1, tests 1 to 3
        vector(
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
                "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
                        + "d25bf5f0595bbe24655141438e7a100b");
        vector(
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
                        + "387b2eaeb4302aeeb00d291612bb0c00");
        vector(
                "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                "af82",
                "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
                        + "4a7c15e9716ed28dc027beceea1ec40a");
    }

    @Test
    @SuppressWarnings("unchecked")
    void it_answers_as_wycheproof_expects() throws Exception {
        for (var vector : Wycheproof.vectors("ed25519_test.json")) {
            var key = new VerifyingKey(
                    HEX.parseHex(((Map<String, String>) vector.group().get("publicKey")).get("pk")));
            assertThat(key.verifies(vector.bytes("msg"), vector.bytes("sig")))
                    .as(vector.toString())
                    .isEqualTo(vector.valid());
        }
    }

    @Test
    void another_message_another_key_and_malformed_input_do_not_verify() {
        var key = new SigningKey(Secret.copyOf(new byte[32]));
        var message = new byte[] {1, 2, 3};
        var signature = key.sign(message);
        assertThat(key.verifyingKey().verifies(message, signature)).isTrue();
        assertThat(key.verifyingKey().verifies(new byte[] {1, 2}, signature)).isFalse();
        assertThat(key.verifyingKey().verifies(message, new byte[63])).isFalse();
        assertThat(key.verifyingKey().verifies(message, new byte[0])).isFalse();
        var seed = new byte[32];
        seed[0] = 1;
        assertThat(new SigningKey(Secret.copyOf(seed)).verifyingKey().verifies(message, signature))
                .isFalse();
        assertThat(new VerifyingKey(new byte[31]).verifies(message, signature)).isFalse();
        var noPoint = HEX.parseHex("ff".repeat(32));
        assertThat(new VerifyingKey(noPoint).verifies(message, signature)).isFalse();
    }

    @Test
    void a_key_of_small_order_that_anybody_can_sign_for_verifies_nothing() {
        // The neutral element as key and as R, with S = 0, fulfils the equation for every message.
        var neutral = new byte[32];
        neutral[0] = 1;
        var signature = new byte[64];
        signature[0] = 1;
        assertThat(new VerifyingKey(neutral).verifies(new byte[] {7}, signature))
                .isFalse();
    }

    @Test
    void keys_are_equal_by_their_bytes_and_their_own() {
        var bytes = new SigningKey(Secret.copyOf(new byte[32])).verifyingKey().bytes();
        var key = new VerifyingKey(bytes);
        bytes[0] ^= 1;
        key.bytes()[1] ^= 1;
        assertThat(key).isEqualTo(new SigningKey(Secret.copyOf(new byte[32])).verifyingKey());
        assertThat(key).isNotEqualTo(new VerifyingKey(bytes));
        assertThat(key).hasToString("VerifyingKey " + HEX.formatHex(key.bytes()));
    }

    @Test
    void a_seed_of_another_size_is_refused() {
        assertThatThrownBy(() -> new SigningKey(Secret.copyOf(new byte[31])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void vector(String seed, String publicKey, String message, String signature) {
        var key = new SigningKey(Secret.copyOf(HEX.parseHex(seed)));
        assertThat(HEX.formatHex(key.verifyingKey().bytes())).isEqualTo(publicKey);
        assertThat(HEX.formatHex(key.sign(HEX.parseHex(message)))).isEqualTo(signature);
        assertThat(key.verifyingKey().verifies(HEX.parseHex(message), HEX.parseHex(signature)))
                .isTrue();
    }
}
