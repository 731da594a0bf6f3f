package org.twinkeep.consent.trail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Names of the files of a tiled log (C2SP tlog-tiles) and what stands in a tile: up to 256 hashes end to end.
 *
 * @param level {@link #ENTRIES} for a bundle of entries
 * @param width 256, or less for a partial tile
 */
record Tile(int level, long number, int width) {

    static final int FULL = 256;
    static final int HEIGHT = 8;
    static final int ENTRIES = -1;

    static Tile full(int level, long number) {
        return new Tile(level, number, FULL);
    }

    Tile partial(int partialWidth) {
        return new Tile(level, number, partialWidth);
    }

    boolean isFull() {
        return width == FULL;
    }

    /** {@code tile/<L>/<N>[.p/<W>]}; N in groups of three digits, all but the last behind an x. */
    String path() {
        return path(isFull() ? "" : ".p/" + width);
    }

    /** Where its partial tiles lie. */
    String partials() {
        return path(".p");
    }

    private String path(String end) {
        var groups = new StringBuilder(group(number % 1000));
        for (long rest = number / 1000; rest > 0; rest /= 1000) {
            groups.insert(0, "x" + group(rest % 1000) + "/");
        }
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + groups + end;
    }

    private static String group(long number) {
        return String.format("%03d", number);
    }

    static byte[] bytes(List<byte[]> hashes) {
        var bytes = new byte[hashes.size() * Merkle.HASH_BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, bytes, i * Merkle.HASH_BYTES, Merkle.HASH_BYTES);
        }
        return bytes;
    }

    static List<byte[]> hashes(byte[] bytes) {
        var hashes = new ArrayList<byte[]>(bytes.length / Merkle.HASH_BYTES);
        for (int i = 0; i < bytes.length; i += Merkle.HASH_BYTES) {
            hashes.add(Arrays.copyOfRange(bytes, i, i + Merkle.HASH_BYTES));
        }
        return hashes;
    }
}
