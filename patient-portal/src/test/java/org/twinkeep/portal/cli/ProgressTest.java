package org.twinkeep.portal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    @Test
    void on_a_terminal_one_line_is_rewritten_and_leaves_nothing() {
        try (var progress = progress(true)) {
            at(progress, Duration.ofSeconds(1), "1 %");
            at(progress, Duration.ofSeconds(1), "2 %");
        }
        assertThat(shown()).isEqualTo("\r\u001b[K1 %\r\u001b[K2 %\r\u001b[K");
    }

    @Test
    void elsewhere_lines_are_sparse() {
        try (var progress = progress(false)) {
            for (int second = 1; second <= 25; second++) {
                at(progress, Duration.ofSeconds(1), second + " s");
            }
        }
        assertThat(shown()).isEqualTo("10 s\n20 s\n");
    }

    @Test
    void quick_work_says_nothing() {
        try (var progress = progress(false)) {
            at(progress, Duration.ofSeconds(2), "100 %");
        }
        assertThat(shown()).isEmpty();
    }

    private Progress progress(boolean terminal) {
        return new Progress(new PrintStream(shown, true, StandardCharsets.UTF_8), new Ticking(), terminal);
    }

    private void at(Progress progress, Duration later, String where) {
        now = now.plus(later);
        progress.at(where);
    }

    private String shown() {
        return shown.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    private final class Ticking extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
