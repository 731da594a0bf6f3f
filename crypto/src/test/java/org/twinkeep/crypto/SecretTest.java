package org.twinkeep.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.keys.CommittedKey;
import org.twinkeep.crypto.keys.Leaf;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sign.SigningKey;

class SecretTest {

    @Test
    void nothing_that_holds_a_secret_says_it() {
        var secret = Secret.copyOf(new byte[] {0x41, 0x42, 0x43});
        assertThat(secret).hasToString("Secret");
        assertThat(new Leaf(new LeafAddress(1, 2), new CommittedKey(secret, new byte[32]), secret))
                .hasToString("Leaf");
        assertThat(new Body(1, new byte[] {0x41}, new byte[] {0x42})).hasToString("Body");
        assertThat(new SigningKey(Secret.random(new SecureRandom()))).hasToString("SigningKey");
    }

    @Test
    void a_closed_secret_is_wiped_where_it_lay() {
        var bytes = new byte[] {1, 2, 3};
        Secret.taking(bytes).close();
        assertThat(bytes).containsOnly(0);
    }

    @Test
    void a_random_secret_has_32_bytes_and_is_like_no_other() {
        var random = new SecureRandom();
        assertThat(Secret.random(random).length()).isEqualTo(32);
        assertThat(Secret.random(random)).isNotEqualTo(Secret.random(random)).isNotEqualTo(Secret.copyOf(new byte[32]));
    }

    @Test
    void a_copy_lives_on_when_the_first_is_closed() {
        var bytes = new byte[] {1, 2, 3};
        var secret = Secret.copyOf(bytes);
        bytes[0] = 9;
        var copy = secret.copy();
        assertThat(copy).isEqualTo(secret);
        secret.close();
        assertThat(copy).isEqualTo(Secret.copyOf(new byte[] {1, 2, 3}));
    }

    @Test
    void a_wiped_secret_is_never_taken_for_a_key_of_zeros() {
        var secret = Secret.copyOf(new byte[32]);
        secret.close();
        secret.close();
        assertThat(secret).isNotEqualTo(Secret.copyOf(new byte[32])).isEqualTo(secret);
        assertThatThrownBy(() -> secret.reveal(KeyAccess.TO_ENCRYPT, byte[]::clone))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(secret::copy).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Box.seal(secret, new byte[0], new byte[0])).isInstanceOf(IllegalStateException.class);
    }
}
