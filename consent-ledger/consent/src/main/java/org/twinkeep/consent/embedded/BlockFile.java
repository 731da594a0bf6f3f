package org.twinkeep.consent.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;

/**
 * Reads the file of blocks and executes all of it.
 *
 * @param chain what it holds; null when there is no file
 * @param length how many bytes of it count
 * @param tail what lies behind them
 */
record BlockFile(@Nullable Chain chain, long length, Tail tail) {

    static final String NAME = "blocks.ndjson";

    /** A block was altered. Nothing behind it can be judged. */
    static final class Altered extends RuntimeException {
        private static final long serialVersionUID = 1;

        Altered(long block, String why) {
            super("block " + block + " " + why);
        }
    }

    enum Tail {
        NOTHING,
        /** A whole block whose line end is missing: it counts. */
        WITHOUT_LINE_END,
        /** The beginning of a line: a write that was never acknowledged. */
        TORN
    }

    /** @throws Altered naming the first block that is not as it was written */
    static BlockFile read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return new BlockFile(null, 0, Tail.NOTHING);
        }
        Chain chain = null;
        long length = 0;
        long number = 0;
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            for (var line = new Line(in); ; line = new Line(in), number++) {
                if (line.ended) {
                    chain = take(chain, line.bytes, number);
                    length += line.bytes.length + 1;
                } else if (line.bytes.length == 0) {
                    return new BlockFile(required(chain), length, Tail.NOTHING);
                } else {
                    return lastLine(required(chain), line.bytes, number, length);
                }
            }
        }
    }

    /** The lines of the blocks after one number, up to another. */
    static List<byte[]> linesAfter(Path file, long after, long last) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.limit(last + 1)
                    .skip(after + 1)
                    .map(line -> line.getBytes(UTF_8))
                    .toList();
        }
    }

    /** A write that was cut off never closes its object; anything else behind the last line end was put there. */
    private static BlockFile lastLine(Chain chain, byte[] bytes, long number, long length) {
        if (!closesItsObject(bytes)) {
            return new BlockFile(chain, length, Tail.TORN);
        }
        take(chain, bytes, number);
        return new BlockFile(chain, length + bytes.length, Tail.WITHOUT_LINE_END);
    }

    private static Chain take(@Nullable Chain chain, byte[] line, long number) {
        try {
            var block = Block.read(line);
            if (chain == null) {
                return new Chain(block);
            }
            chain.accept(block);
            return chain;
        } catch (NotCanonical e) {
            throw new Altered(number, "was altered: " + e.getMessage());
        } catch (Chain.Broken e) {
            throw new Altered(number, e.why());
        }
    }

    private static Chain required(@Nullable Chain chain) {
        if (chain == null) {
            throw new Altered(0, "is missing");
        }
        return chain;
    }

    /** Bytes of zero alone are a hole that a power cut leaves: nothing was written there. */
    private static boolean closesItsObject(byte[] bytes) {
        if (bytes[0] == 0) {
            return false;
        }
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < bytes.length; i++) {
            switch (bytes[i]) {
                case '\\' -> i += quoted ? 1 : 0;
                case '"' -> quoted = !quoted;
                case '{' -> depth += quoted ? 0 : 1;
                case '}' -> depth -= quoted ? 0 : 1;
                default -> {}
            }
            if (depth == 0) {
                return true;
            }
        }
        return false;
    }

    /** Up to the next line end. */
    private static final class Line {
        final byte[] bytes;
        final boolean ended;

        Line(InputStream in) throws IOException {
            var out = new ByteArrayOutputStream();
            int next = in.read();
            while (next != '\n' && next != -1) {
                out.write(next);
                next = in.read();
            }
            this.bytes = out.toByteArray();
            this.ended = next == '\n';
        }
    }
}
