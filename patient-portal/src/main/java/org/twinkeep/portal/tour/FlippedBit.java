package org.twinkeep.portal.tour;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A bit of a file flipped, where the file says something: not in the space that a format leaves unused. */
public final class FlippedBit {
    private static final byte[] DATABASE = "SQLite format 3\0".getBytes(US_ASCII);
    private static final int QUIET = 4;

    private FlippedBit() {}

    public static void in(Path file) throws IOException {
        var bytes = Files.readAllBytes(file);
        boolean database =
                Arrays.equals(bytes, 0, Math.min(DATABASE.length, bytes.length), DATABASE, 0, DATABASE.length);
        int at = database ? inTheFullestPage(bytes) : inTheBusiestStretch(bytes);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(at);
            out.write(bytes[at] ^ 0x10);
        }
    }

    /**
     * The middle of the cells of the b-tree page that holds most. What lies before its cells is no matter: SQLite leaves there
     * what it moved, also where it zeroes what it deletes (https://www.sqlite.org/fileformat2.html#b_tree_pages). The first
     * page is another matter: it begins with the file's header.
     */
    private static int inTheFullestPage(byte[] bytes) {
        var file = ByteBuffer.wrap(bytes);
        int size = file.getShort(16) & 0xFFFF;
        int best = 0;
        int middle = 0;
        for (int page = size; page < bytes.length; page += size) {
            boolean tree = bytes[page] == 2 || bytes[page] == 5 || bytes[page] == 10 || bytes[page] == 13;
            int cells = file.getShort(page + 5) & 0xFFFF;
            if (tree && size - cells > best) {
                best = size - cells;
                middle = page + (cells + size) / 2;
            }
        }
        while (bytes[middle] == 0) {
            middle++;
        }
        return middle;
    }

    private static int inTheBusiestStretch(byte[] bytes) {
        int bestStart = 0;
        int bestEnd = bytes.length;
        int best = 0;
        int start = 0;
        int zeros = 0;
        for (int i = 0; i <= bytes.length; i++) {
            zeros = i < bytes.length && bytes[i] == 0 ? zeros + 1 : 0;
            if (zeros == QUIET || i == bytes.length) {
                if (i - start > best) {
                    best = i - start;
                    bestStart = start;
                    bestEnd = i;
                }
            }
            if (zeros >= QUIET) {
                start = i + 1;
            }
        }
        return (bestStart + bestEnd) >>> 1;
    }
}
