package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.junit.jupiter.api.Test;

class PassphrasesTest {

    @Test
    void the_vector_of_rfc_9106() {
        // 5.3: its secret and associated data are the only parts that we never use.
        var parameters = new Passphrases.Cost(32, 3, 4)
                .parameters()
                .withSalt(filled(16, 2))
                .withSecret(filled(8, 3))
                .withAdditional(filled(12, 4))
                .build();
        var generator = new Argon2BytesGenerator();
        generator.init(parameters);
        var key = new byte[32];
        generator.generateBytes(filled(32, 1), key);
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
    }

    @Test
    void a_passphrase_is_stretched_as_another_implementation_does() {
        // OpenSSL 3, Argon2id, 64 MiB, 3 passes, 1 lane, UTF-8.
        var salt = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");
        var key = HexFormat.of().parseHex("958cb0d0dc580c64c13e87d4e779a8b439ea0792c1fe6962e0b73f0aa2eb2694");
        assertThat(Passphrases.stretch("correct horse battery st\u00e4ple".toCharArray(), salt))
                .isEqualTo(Secret.copyOf(key));
    }

    @Test
    void a_cost_that_is_none_or_takes_the_machine_down_and_a_short_salt_are_refused() {
        for (var cost : new int[][] {
            {0, 1, 1}, {64, 0, 1}, {64, 1, 0}, {7, 1, 1}, {127, 1, 16}, {(1 << 20) + 1, 1, 1}, {64, 65, 1}, {256, 1, 17}
        }) {
            assertThatThrownBy(() -> new Passphrases.Cost(cost[0], cost[1], cost[2]))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(new Passphrases.Cost(8, 1, 1).lanes()).isEqualTo(1);
        assertThat(new Passphrases.Cost(1 << 20, 64, 16).passes()).isEqualTo(64);
        assertThat(new Passphrases.Cost(128, 1, 16).memoryKib()).isEqualTo(128);
        assertThatThrownBy(() -> Passphrases.stretch(new char[] {'a'}, new byte[8]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] filled(int length, int value) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
