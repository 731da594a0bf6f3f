package org.twinkeep.crypto.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.AesGcm;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.keys.CommittedKey;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.TestKeys;

class EnvelopeTest {

    private static final LeafAddress ADDRESS = new LeafAddress(2, 3);
    private static final Secret ENCRYPTION = Secret.copyOf(new byte[32]);

    @Test
    void an_envelope_that_another_key_could_open_too_is_tampered() {
        var committed = new CommittedKey(ENCRYPTION, new byte[32]);
        var other = new byte[32];
        other[31] = 1;
        var uncommitted = new CommittedKey(ENCRYPTION, other);
        var envelope = Envelope.read(Envelope.Kind.CHUNK, sealed(uncommitted));
        try (var cipher = AesGcm.lent()) {
            assertThat(envelope.open(cipher, uncommitted, new byte[0])).containsExactly(5);
            assertThatThrownBy(() -> envelope.open(cipher, committed, new byte[0]))
                    .isInstanceOf(Tampered.class);
        }
    }

    @Test
    void the_last_index_of_an_epoch_is_one_like_any_other_and_the_next_is_none() {
        var last = Envelope.read(Envelope.Kind.CHUNK, sealed(new LeafAddress(0, LeafAddress.LAST_INDEX)));
        assertThat(last.address().index()).isEqualTo(LeafAddress.LAST_INDEX);
        assertThat(last).hasToString("Envelope");
        var beyond = sealed(new LeafAddress(0, LeafAddress.LAST_INDEX + 1));
        assertThatThrownBy(() -> Envelope.read(Envelope.Kind.CHUNK, beyond)).isInstanceOf(Tampered.class);
    }

    @Test
    void an_envelope_of_another_kind_is_tampered() {
        var sealed = sealed(new CommittedKey(ENCRYPTION, new byte[32]));
        for (var kind : Envelope.Kind.values()) {
            if (kind != Envelope.Kind.CHUNK) {
                assertThatThrownBy(() -> Envelope.read(kind, sealed)).isInstanceOf(Tampered.class);
            }
        }
    }

    @Test
    void anything_at_all_is_read_or_tampered_and_never_another_failure() {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            if (bytes.length > 1) {
                bytes[0] = 1;
                bytes[1] = (byte) (1 + random.nextInt(4));
            }
            for (var kind : Envelope.Kind.values()) {
                try {
                    assertThat(Envelope.read(kind, bytes).address().index()).isBetween(0, LeafAddress.LAST_INDEX);
                } catch (Tampered e) {
                    assertThat(e).hasMessage("An envelope cannot be read.");
                }
            }
        }
        assertThatThrownBy(() -> Sealing.addressOf(Arrays.copyOf(new byte[] {1, 2}, 85)))
                .isInstanceOf(Tampered.class);
    }

    private static byte[] sealed(CommittedKey key) {
        return sealed(ADDRESS, key);
    }

    private static byte[] sealed(LeafAddress address) {
        return sealed(address, new CommittedKey(ENCRYPTION, new byte[32]));
    }

    private static byte[] sealed(LeafAddress address, CommittedKey key) {
        return Envelope.seal(
                AesGcm.lent(),
                Envelope.Kind.CHUNK,
                address,
                key,
                new byte[0],
                new byte[0],
                new byte[] {5},
                TestKeys.seeded(1));
    }
}
