package org.twinkeep.crypto.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.TestKeys;

/** The envelope as it will be for ever. The vectors come from another implementation of docs/formats/envelope.md. */
class EnvelopeGoldenTest {

    private static final HexFormat HEX = HexFormat.of();

    private final Properties golden = new Properties();
    private final TestKeys keys = TestKeys.seed(1);

    @BeforeEach
    void read() throws IOException {
        try (var in = getClass().getResourceAsStream("envelope.properties")) {
            golden.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        keys.twin(twin(), Chapter.LABS, Secret.copyOf(bytes("skeletonKey")), Secret.copyOf(bytes("root")));
    }

    @Test
    void an_event_is_sealed_to_the_golden_bytes() {
        var event = sealing().seal(context(), bytes("skeleton"), body(), bytes("previousHash"));
        assertThat(HEX.formatHex(event.skeleton())).isEqualTo(text("sealed.skeleton"));
        assertThat(HEX.formatHex(event.body())).isEqualTo(text("sealed.body"));
        assertThat(HEX.formatHex(event.hash())).isEqualTo(text("sealed.hash"));
    }

    @Test
    void an_event_without_a_body_has_the_golden_hash() {
        var event = sealing().seal(context(), bytes("skeleton"), null, bytes("previousHash"));
        assertThat(HEX.formatHex(event.hash())).isEqualTo(text("bodiless.hash"));
    }

    @Test
    void a_large_event_is_sealed_to_the_golden_bytes() throws Exception {
        var content = new byte[1_200_002];
        Arrays.fill(content, (byte) 'x');
        content[0] = content[content.length - 1] = '"';
        var event = sealing()
                .seal(context(), bytes("skeleton"), new Body(1, bytes("about"), content), bytes("previousHash"));
        assertThat(sha256(event.body())).isEqualTo(text("large.body.sha256"));
        assertThat(event.chunks()).hasSize(2);
        assertThat(sha256(event.chunks().get(0))).isEqualTo(text("large.chunk.1.sha256"));
        assertThat(sha256(event.chunks().get(1))).isEqualTo(text("large.chunk.2.sha256"));
        assertThat(HEX.formatHex(event.hash())).isEqualTo(text("large.hash"));
    }

    @Test
    void what_stands_aside_is_sealed_to_the_golden_bytes() {
        assertThat(HEX.formatHex(sealing().sealAside(context(), "snapshot", bytes("skeleton"))))
                .isEqualTo(text("aside"));
    }

    private Sealing sealing() {
        return new Sealing(text("tenant"), keys.ring(), new CountingRandom());
    }

    private EventContext context() {
        return new EventContext(
                new StreamName(text("stream")),
                Long.parseLong(text("sequence")),
                text("eventId"),
                text("type"),
                text("revision"),
                twin(),
                Chapter.ofCode(text("chapter")).orElseThrow());
    }

    private Body body() {
        return new Body(1, bytes("about"), bytes("content"));
    }

    private TwinId twin() {
        return TwinId.of(text("twin"));
    }

    private byte[] bytes(String name) {
        return HEX.parseHex(text(name));
    }

    private String text(String name) {
        return golden.getProperty(name);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Fills with 01, then with 02, and so on. */
    private static final class CountingRandom extends SecureRandom {
        private byte next = 1;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, next++);
        }
    }
}
