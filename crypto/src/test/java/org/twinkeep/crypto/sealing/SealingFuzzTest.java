package org.twinkeep.crypto.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TestKeys;

/** Any bytes at all are read as what they are, or refused. */
class SealingFuzzTest {

    private static final Secret HOLDER = Secret.copyOf(new byte[32]);
    private static final TestKeys KEYS = TestKeys.seed(1);
    private static final TwinId TWIN = KEYS.twin();
    private static final Sealing SEALING = KEYS.sealing();
    private static final EventContext CONTEXT =
            new EventContext(new StreamName("hdt-0"), 1, "event", "EntryRecorded", "1", TWIN, Chapter.LABS);

    @FuzzTest
    void an_envelope(byte[] bytes) {
        for (var kind : Envelope.Kind.values()) {
            try {
                var envelope = Envelope.read(kind, bytes);
                assertThat(envelope.header().length + envelope.sealed().length).isEqualTo(bytes.length);
            } catch (Tampered e) {
                continue;
            }
        }
    }

    /** Nothing that was not sealed opens; the answer is never another trouble than Tampered. */
    @FuzzTest
    void an_event(byte[] bytes) {
        KEYS.ring().streamOf(TWIN, Chapter.LABS);
        var event = new SealedEvent(bytes, bytes, List.of(bytes), new byte[32], new byte[32]);
        try (var skeletons = SEALING.skeletons(TWIN, Chapter.LABS)) {
            skeletons.open(CONTEXT, event);
            throw new AssertionError("It opened.");
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
        try {
            assertThat(SEALING.openBody(KEYS.receipt(TWIN), CONTEXT, event)).isInstanceOf(OpenedBody.Erased.class);
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    /** A snapshot or a dead letter: nothing that was not sealed opens. */
    @FuzzTest(maxDuration = "10m")
    void something_aside(byte[] bytes) {
        KEYS.ring().streamOf(TWIN, Chapter.LABS);
        try {
            SEALING.openAside(CONTEXT, "snapshot", bytes);
            throw new AssertionError("It opened.");
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void a_body(byte[] bytes) {
        try {
            assertThat(Sealing.encode(Sealing.decode(bytes))).isEqualTo(bytes);
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }

    @FuzzTest
    void a_grant(byte[] bytes) {
        try {
            Grant.open(HOLDER, bytes).close();
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
        try (var grant = Grant.decode(bytes.clone())) {
            assertThat(grant.leaves()).noneMatch(leaf -> grant.epochs().contains(leaf.epoch()));
        } catch (Tampered e) {
            assertThat(e).hasNoCause();
        }
    }
}
