package org.twinkeep.integrations.fhir;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;

/** One file to import: unpacked where its first bytes say gzip, whatever its name. */
record InputFile(Path path, long size) {
    enum Format {
        JSON,
        XML,
        EMPTY,
        ARCHIVE,
        WIDE_TEXT,
        OTHER
    }

    String name() {
        return path.toString();
    }

    /** Whether its name says newline-delimited JSON. */
    boolean linesByName() {
        var lower = name().toLowerCase(Locale.ROOT);
        var plain = lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
        return plain.endsWith(".ndjson") || plain.endsWith(".jsonl");
    }

    /** @param read told how many bytes of the file itself were read */
    InputStream open(LongConsumer read) throws IOException {
        var raw = new BufferedInputStream(new Counting(Files.newInputStream(path), read), 1 << 16);
        raw.mark(2);
        boolean packed = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return packed ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw;
    }

    /** What its first bytes say it is. */
    Format format() throws IOException {
        try (var in = open(_ -> {})) {
            var head = in.readNBytes(512);
            if (head.length > 1 && head[0] == 'P' && head[1] == 'K') {
                return Format.ARCHIVE;
            }
            if (head.length > 1
                    && (head[0] == 0 || head[1] == 0 || (head[0] & 0xfe) == 0xfe && (head[1] & 0xfe) == 0xfe)) {
                return Format.WIDE_TEXT;
            }
            for (int i = hasMark(head) ? 3 : 0; i < head.length; i++) {
                switch (head[i]) {
                    case ' ', '\n', '\r', '\t' -> {}
                    case '{' -> {
                        return Format.JSON;
                    }
                    case '<' -> {
                        return Format.XML;
                    }
                    default -> {
                        return Format.OTHER;
                    }
                }
            }
            return head.length == 512 ? Format.OTHER : Format.EMPTY;
        }
    }

    private static boolean hasMark(byte[] head) {
        return head.length > 2 && (head[0] & 0xff) == 0xef && (head[1] & 0xff) == 0xbb && (head[2] & 0xff) == 0xbf;
    }

    private static final class Counting extends FilterInputStream {
        private final LongConsumer read;

        Counting(InputStream in, LongConsumer read) {
            super(in);
            this.read = read;
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            if (b >= 0) {
                read.accept(1);
            }
            return b;
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            int n = super.read(b, off, len);
            if (n > 0) {
                read.accept(n);
            }
            return n;
        }
    }
}
