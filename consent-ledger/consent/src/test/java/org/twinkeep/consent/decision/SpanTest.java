package org.twinkeep.consent.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "2019,2018-12-31T23:00:00Z,2019-12-31T22:59:59.999999999Z",
        "2019-06,2019-05-31T22:00:00Z,2019-06-30T21:59:59.999999999Z",
        "2026-10-25,2026-10-24T22:00:00Z,2026-10-25T22:59:59.999999999Z",
        "2024-02-29,2024-02-28T23:00:00Z,2024-02-29T22:59:59.999999999Z",
        "9999,9998-12-31T23:00:00Z,9999-12-31T22:59:59.999999999Z",
        "2026-05-10T12:00:00Z,2026-05-10T12:00:00Z,2026-05-10T12:00:00.999999999Z",
        "2026-05-10T12:00:00+14:00,2026-05-09T22:00:00Z,2026-05-09T22:00:00.999999999Z",
        "2026-05-10T12:00:00.5-03:30,2026-05-10T15:30:00.500Z,2026-05-10T15:30:00.500Z",
        "2026-05-10T23:59:59.123456789Z,2026-05-10T23:59:59.123456789Z,2026-05-10T23:59:59.123456789Z",
    })
    void a_date_covers_its_whole_year_month_day_or_second(String text, String first, String last) {
        assertThat(Span.of(text, BERLIN)).contains(new Span(Instant.parse(first), Instant.parse(last)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2",
                "202",
                "20190",
                "2019-",
                "2019-6",
                "2019-13",
                "2019-00",
                "2019-02-30",
                "2019-02-29",
                "2019-06-1",
                "2019/06",
                "0000",
                "-2019",
                "+2019",
                "２０１９",
                "2019-06-01T",
                "2019-06-01T10",
                "2019-06-01T10:00",
                "2019-06-01T10:00:00",
                "2019-06-01T24:00:00Z",
                "2019-06-01T10:60:00Z",
                "2019-06-01T10:00:60Z",
                "2019-06-01 10:00:00Z",
                "2019-06-01T10:00:00z",
                "2019-06-01T10:00:00Z ",
                "2019-06-01T10:00:00.Z",
                "2019-06-01T10:00:00.1234567890Z",
                "2019-06-01T10:00:00+14:01",
                "2019-06-01T10:00:00+15:00",
                "2019-06-01T10:00:00+10:60",
                "2019-06-01T10:00:00+1000",
                "2019-06-01T10:00:00+10",
                "2019-06-01T10:00:00.5",
                "2019-06-01T1a:00:00Z",
                "2019-06-31T10:00:00Z",
                "0000-01-01T00:00:00Z",
                "2019-06-01T-1:00:00Z"
            })
    void anything_else_is_no_date(String text) {
        assertThat(Span.of(text, BERLIN)).isEmpty();
    }

    @Test
    void both_ends_are_in_it() {
        var day = Span.of("2026-05-10", BERLIN).orElseThrow();
        assertThat(day.contains(day.first())).isTrue();
        assertThat(day.contains(day.last())).isTrue();
        assertThat(day.contains(day.first().minusNanos(1))).isFalse();
        assertThat(day.contains(day.last().plusNanos(1))).isFalse();
    }
}
