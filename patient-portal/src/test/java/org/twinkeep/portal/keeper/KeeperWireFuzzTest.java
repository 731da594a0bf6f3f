package org.twinkeep.portal.keeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.twin.erasure.Erasure;

/** Whatever comes over the wire between servers is understood, or refused. The seeds are run by every build. */
class KeeperWireFuzzTest {

    private static final Secret KEY = Secret.copyOf(new byte[32]);
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @FuzzTest(maxDuration = "10m")
    void bytes_that_no_server_of_the_house_sealed(byte[] bytes) {
        try {
            wire().asked(bytes);
            throw new AssertionError("It opened.");
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    /** In a box of the house, so that what lies behind it is reached; by methods of every room. */
    @FuzzTest(maxDuration = "10m")
    void a_question(byte[] plain) {
        var wire = wire();
        KeeperWire.Question question;
        try {
            question = wire.asked(Box.seal(KEY, "twinkeep.keeper.question.v1".getBytes(UTF_8), plain));
        } catch (Tampered refused) {
            return;
        }
        for (var room : new Class<?>[] {Trail.class, ConsentLedger.class, Erasure.class}) {
            Arrays.stream(room.getMethods())
                    .filter(method -> method.getName().equals(question.method()))
                    .forEach(method -> {
                        try {
                            assertThat(wire.values(question, method)).hasSize(method.getParameterCount());
                        } catch (RuntimeException refused) {
                            assertThat(refused).isNotInstanceOf(NullPointerException.class);
                        }
                    });
        }
    }

    @FuzzTest(maxDuration = "10m")
    void an_answer(byte[] plain) throws Exception {
        var question = new byte[0];
        var sealed = Box.seal(KEY, Sha2.sha256().digest(question), plain);
        var type = Trail.class.getMethod("checkpointNote").getGenericReturnType();
        try {
            assertThat(wire().answered(question, sealed, type)).isNotEqualTo(question);
        } catch (RuntimeException refused) {
            assertThat(refused).isNotInstanceOf(NullPointerException.class);
        }
    }

    private static KeeperWire wire() {
        return new KeeperWire(KEY.copy(), new ReceiptAuthority(), CLOCK);
    }
}
