package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HmacTest {

    @Test
    void the_vectors_of_rfc_4231() {
        var key = Secret.copyOf("Jefe".getBytes(StandardCharsets.US_ASCII));
        var what = "what do ya want ".getBytes(StandardCharsets.US_ASCII);
        var forNothing = "for nothing?".getBytes(StandardCharsets.US_ASCII);
        assertThat(HexFormat.of().formatHex(Hmac.sha256(key, what, forNothing)))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(HexFormat.of().formatHex(Hmac.sha512(key, what, forNothing)))
                .isEqualTo("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                        + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    }

    /** Up to a block, of a block, and longer, where a key is hashed first (RFC 2104, section 2). */
    @Test
    void a_key_of_any_length_gives_what_the_jdk_gives() throws Exception {
        var what = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        for (int length = 1; length <= 130; length++) {
            var bytes = new byte[length];
            Arrays.fill(bytes, (byte) length);
            var key = Secret.copyOf(bytes);
            assertThat(Hmac.sha256(key, what)).isEqualTo(jdk("HmacSHA256", bytes, what));
            assertThat(Hmac.sha512(key, what)).isEqualTo(jdk("HmacSHA512", bytes, what));
        }
    }

    private static byte[] jdk(String algorithm, byte[] key, byte[] what) throws GeneralSecurityException {
        var mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(what);
    }
}
