package org.twinkeep.twin.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.twinkeep.twin.TestTwins.HOSPITAL;
import static org.twinkeep.twin.TestTwins.NOON;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinCommand.Incoming;
import org.twinkeep.twin.TwinHistory.Opened;
import org.twinkeep.twin.series.SeriesBlock.Point;

class SeriesBlockTest {

    private static final String GLUCOSE = "http://loinc.org|99504-3";
    private static final Instant MIDNIGHT = Instant.parse("2025-12-31T23:00:00Z");
    private static final ZoneOffset BERN = ZoneOffset.ofHours(1);
    private static final byte[] ABOUT = "{\"series\":1,\"source\":\"sensor\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void a_block_is_written_as_the_format_says() {
        var block = new SeriesBlock(
                "c", "u", BERN, List.of(new Point(MIDNIGHT, "5.50"), new Point(MIDNIGHT.plusSeconds(300), "L")));
        assertThat(HexFormat.of().formatHex(block.bytes()))
                .isEqualTo("01" + "00000001" + "63" + "00000001" + "75" + "00000474" + "00000002" + "0000019b76a3b980"
                        + "00" + "04" + "352e3530" + "e0a712" + "01" + "4c");
    }

    @Test
    void what_is_read_is_what_was_written() {
        qt().forAll(
                        lists().of(integers().between(1, 100_000_000)).ofSizeBetween(1, 300),
                        integers().between(-18 * 60, 18 * 60))
                .checkAssert((distances, minutes) -> {
                    var points = new ArrayList<Point>();
                    var at = Instant.EPOCH;
                    for (int distance : distances) {
                        at = at.plusMillis(distance);
                        points.add(new Point(at, distance + ".00"));
                    }
                    var block = new SeriesBlock(GLUCOSE, "mmol/L", ZoneOffset.ofTotalSeconds(minutes * 60), points);
                    assertThat(SeriesBlock.read(block.bytes())).isEqualTo(block);
                });
    }

    @Test
    void a_block_cut_short_or_with_more_behind_it_is_refused() {
        var bytes = day(0).bytes();
        for (int length = 0; length < bytes.length; length++) {
            var part = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> SeriesBlock.read(part)).isInstanceOf(Tampered.class);
        }
        assertThatThrownBy(() -> SeriesBlock.read(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(Tampered.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,5", "05", ".5", "NaN", "5 ", "EE", "+1"})
    void what_is_no_decimal_is_refused_and_not_quoted(String value) {
        assertThatThrownBy(() -> new Point(MIDNIGHT, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A point's value is a decimal, or E, L or U.");
    }

    @Test
    void points_that_share_a_time_or_go_back_are_refused() {
        var point = new Point(MIDNIGHT, "5");
        assertThatThrownBy(() -> new SeriesBlock(GLUCOSE, "u", BERN, List.of(point, point)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SeriesBlock.daily(GLUCOSE, "u", BERN, List.of(point, point)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_year_of_five_minute_glucose_is_an_entry_a_day_and_comes_back_whole() {
        var points = IntStream.range(0, 365).mapToObj(SeriesBlockTest::day).flatMap(day -> day.points().stream());
        var year = SeriesBlock.daily(GLUCOSE, "mmol/L", BERN, points.toList().reversed());
        assertThat(year).hasSize(365);
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            var entries = new ArrayList<Incoming>();
            for (var block : year) {
                var id = twins.twins.entryId(
                        twin, "sensor", "series", block.points().getFirst().at().toString());
                entries.add(new Incoming(id, block.body(ABOUT)));
            }
            twins.twins.record(new TwinCommand.RecordEntries(twin, Chapter.WEARABLES, entries, NOON, HOSPITAL));
            var read = new ArrayList<Opened>();
            twins.history.replay(twins.keys.receipt(twin), twin, Chapter.WEARABLES, read::add);
            assertThat(read).hasSize(365).extracting(SeriesBlockTest::block).containsExactlyElementsOf(year);
        }
    }

    @Test
    void a_corrected_point_is_a_new_version_of_its_block() {
        try (var twins = TestTwins.in(folder)) {
            var twin = twins.aTwin();
            var first = day(0);
            var entry = twins.twins.entryId(twin, "sensor", "series", "2026-01-01");
            twins.record(twin, Chapter.WEARABLES, new Incoming(entry, first.body(ABOUT)));
            var corrected = first.corrected(MIDNIGHT.plusSeconds(600), "7.9");
            assertThat(twins.record(twin, Chapter.WEARABLES, new Incoming(entry, corrected.body(ABOUT)))
                            .revised())
                    .containsExactly(entry);
            var read = new ArrayList<Opened>();
            twins.history.replay(twins.keys.receipt(twin), twin, Chapter.WEARABLES, read::add);
            assertThat(read).extracting(SeriesBlockTest::block).containsExactly(first, corrected);
            assertThat(corrected.points().get(2).value()).isEqualTo("7.9");
            assertThatThrownBy(() -> first.corrected(NOON, "1")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void neither_a_point_nor_a_block_says_what_was_measured() {
        assertThat(day(0).toString() + day(0).points().getFirst()).isEqualTo("SeriesBlockPoint");
    }

    private static SeriesBlock block(Opened opened) {
        if (opened.body() instanceof OpenedBody.Present(var body)) {
            return SeriesBlock.read(body.content());
        }
        throw new AssertionError("a body was expected");
    }

    private static SeriesBlock day(int day) {
        var begins = MIDNIGHT.plus(Duration.ofDays(day));
        return new SeriesBlock(
                GLUCOSE,
                "mmol/L",
                BERN,
                IntStream.range(0, 288)
                        .mapToObj(i -> new Point(begins.plusSeconds(300L * i), "%d.%d0".formatted(4 + i % 9, day % 10)))
                        .toList());
    }
}
