package org.twinkeep.twin.series;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;
import org.twinkeep.crypto.sealing.Body;

/**
 * The points of one series over some time, usually a day: one entry instead of one a point. A point's correction is a new
 * version of the block.
 *
 * <p>Lossless: what {@link #read} gives is what was written, each value with the digits it came with. {@code
 * docs/formats/series-block.md} has the layout. It stays silent.
 *
 * @param code what is measured: system and code, as {@code http://loinc.org|99504-3}
 * @param unit UCUM code of every value
 * @param offset of the clock that the times were shown by
 * @param points in the order of their times, each time once
 */
public record SeriesBlock(String code, String unit, ZoneOffset offset, List<Point> points) {

    /** A block of a day at one point a second. */
    public static final int MOST_POINTS = 86_400;

    private static final int VERSION = 1;
    private static final String MALFORMED = "A block of a series cannot be read.";

    /** A decimal (FHIR R4, 2.24.0.1), or why there is none: error, below, above (FHIR R4, SampledData.data). */
    private static final Pattern VALUE = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?|[EUL]");

    /** Minutes that an offset may go either way (java.time.ZoneOffset): added, so that no negative number is written. */
    private static final int MOST_OFFSET = 18 * 60;

    private static final int LONGEST_VALUE = 255;

    /** @param at to the millisecond */
    public record Point(Instant at, String value) {
        public Point {
            if (value.length() > LONGEST_VALUE || !VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("A point's value is a decimal, or E, L or U.");
            }
            if (at.getNano() % 1_000_000 != 0) {
                throw new IllegalArgumentException("A point's time is told to the millisecond.");
            }
        }

        @Override
        public String toString() {
            return "Point";
        }
    }

    public SeriesBlock {
        points = List.copyOf(points);
        if (points.isEmpty() || points.size() > MOST_POINTS) {
            throw new IllegalArgumentException("A block holds 1 to " + MOST_POINTS + " points.");
        }
        for (int i = 1; i < points.size(); i++) {
            if (!points.get(i - 1).at().isBefore(points.get(i).at())) {
                throw new IllegalArgumentException("The points of a block follow each other in time.");
            }
        }
        if (offset.getTotalSeconds() % 60 != 0) {
            throw new IllegalArgumentException("A block's offset is told in minutes.");
        }
    }

    /** Blocks of one local day each; points in any order, each time once. */
    public static List<SeriesBlock> daily(String code, String unit, ZoneOffset offset, List<Point> points) {
        var days = new TreeMap<LocalDate, TreeMap<Instant, Point>>();
        for (var point : points) {
            var day = days.computeIfAbsent(point.at().atOffset(offset).toLocalDate(), _ -> new TreeMap<>());
            if (day.put(point.at(), point) != null) {
                throw new IllegalArgumentException("Two points of a series have one time.");
            }
        }
        return days.values().stream()
                .map(day -> new SeriesBlock(code, unit, offset, List.copyOf(day.values())))
                .toList();
    }

    /** The block with another value at the time of one of its points. */
    public SeriesBlock corrected(Instant at, String value) {
        var corrected = new ArrayList<>(points);
        for (int i = 0; i < corrected.size(); i++) {
            if (corrected.get(i).at().equals(at)) {
                corrected.set(i, new Point(at, value));
                return new SeriesBlock(code, unit, offset, corrected);
            }
        }
        throw new IllegalArgumentException("The block has no point at this time.");
    }

    /** The body of an entry that is this block. @param about JSON: {@code {"series":1,...}} */
    public Body body(byte[] about) {
        return new Body(1, about, bytes());
    }

    public byte[] bytes() {
        var writer = new ByteWriter(32 + code.length() + unit.length() + points.size() * 8)
                .u8(VERSION)
                .framed(code)
                .framed(unit)
                .u32(offset.getTotalSeconds() / 60 + MOST_OFFSET)
                .u32(points.size())
                .u64(points.getFirst().at().toEpochMilli());
        long before = points.getFirst().at().toEpochMilli();
        for (var point : points) {
            long at = point.at().toEpochMilli();
            distance(writer, at - before);
            before = at;
            writer.u8(point.value().length()).raw(point.value().getBytes(StandardCharsets.US_ASCII));
        }
        return writer.toBytes();
    }

    /** @throws org.twinkeep.crypto.Tampered when the bytes are no block */
    public static SeriesBlock read(byte[] bytes) {
        var reader = new ByteReader(bytes, MALFORMED);
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        var code = text(reader);
        var unit = text(reader);
        int minutes = reader.u32() - MOST_OFFSET;
        int count = reader.u32();
        if (count < 1 || count > MOST_POINTS) {
            throw reader.malformed();
        }
        long first = reader.u64();
        long at = first;
        var points = new ArrayList<Point>(count);
        try {
            for (int i = 0; i < count; i++) {
                at = Math.addExact(at, distance(reader));
                if (i == 0 && at != first) {
                    throw reader.malformed();
                }
                var value = new String(reader.raw(reader.u8()), StandardCharsets.US_ASCII);
                points.add(new Point(Instant.ofEpochMilli(at), value));
            }
            reader.end();
            return new SeriesBlock(code, unit, ZoneOffset.ofTotalSeconds(Math.multiplyExact(minutes, 60)), points);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw reader.malformed();
        }
    }

    private static String text(ByteReader reader) {
        var bytes = reader.framed();
        var text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw reader.malformed();
        }
        return text;
    }

    /** Seven bits a byte, the lowest first, the top bit says that more follow (as LEB128). */
    private static void distance(ByteWriter writer, long distance) {
        long rest = distance;
        while (rest > 0x7f) {
            writer.u8((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        writer.u8((int) rest);
    }

    private static long distance(ByteReader reader) {
        long distance = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = reader.u8();
            distance |= (long) (next & 0x7f) << shift;
            if (next == 0 && shift > 0) {
                throw reader.malformed();
            }
            if (next < 0x80) {
                return distance;
            }
        }
        throw reader.malformed();
    }

    @Override
    public String toString() {
        return "SeriesBlock";
    }
}
