package org.twinkeep.consent.trail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The entries of the bundle that is not full yet, as they come (docs/formats/trail.md): length, its complement, the entry,
 * its leaf hash. The complement tells a length that was altered from a record that was cut off.
 *
 * @param length how many bytes of the file count
 * @param torn whether a record that was never acknowledged lies behind them
 */
record Journal(List<byte[]> entries, long length, boolean torn) {

    private static final int HEADER = 4;

    static String path(long bundle) {
        return "journal/" + bundle;
    }

    static byte[] record(byte[] entry) {
        return ByteBuffer.allocate(HEADER + entry.length + Merkle.HASH_BYTES)
                .putShort((short) entry.length)
                .putShort((short) ~entry.length)
                .put(entry)
                .put(Merkle.leafHash(entry))
                .array();
    }

    static byte[] records(List<byte[]> entries) {
        var out = new ByteArrayOutputStream();
        entries.forEach(entry -> out.writeBytes(record(entry)));
        return out.toByteArray();
    }

    static Journal read(Path file) throws IOException, Altered {
        var bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        var in = ByteBuffer.wrap(bytes);
        var entries = new ArrayList<byte[]>();
        while (in.hasRemaining()) {
            int start = in.position();
            if (in.remaining() < HEADER || isHole(bytes, start)) {
                return new Journal(entries, start, true);
            }
            int length = Short.toUnsignedInt(in.getShort());
            if (length != (~in.getShort() & 0xffff)) {
                throw new Altered("the length of entry " + entries.size() + " was altered");
            }
            if (in.remaining() < length + Merkle.HASH_BYTES) {
                return new Journal(entries, start, true);
            }
            var entry = new byte[length];
            var hash = new byte[Merkle.HASH_BYTES];
            in.get(entry).get(hash);
            if (!Arrays.equals(hash, Merkle.leafHash(entry))) {
                throw new Altered("entry " + entries.size() + " does not match its hash");
            }
            entries.add(entry);
        }
        return new Journal(entries, bytes.length, false);
    }

    /** Zeros to the end: a power cut left room that was never written. No record begins with them. */
    private static boolean isHole(byte[] bytes, int start) {
        for (int i = start; i < bytes.length; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
