package org.twinkeep.consent.trail;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries as the log serves them (C2SP tlog-tiles, log entries): each behind its length, two bytes, big-endian. */
final class Bundle {

    static final int LONGEST_ENTRY = 0xffff;

    private Bundle() {}

    static byte[] bytes(List<byte[]> entries) {
        var out = new ByteArrayOutputStream();
        for (var entry : entries) {
            out.write(entry.length >> 8);
            out.write(entry.length);
            out.writeBytes(entry);
        }
        return out.toByteArray();
    }

    static List<byte[]> entries(byte[] bytes) throws Altered {
        var in = ByteBuffer.wrap(bytes);
        var entries = new ArrayList<byte[]>();
        while (in.hasRemaining()) {
            int length = in.remaining() < 2 ? Integer.MAX_VALUE : Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                throw new Altered("entry " + entries.size() + " is cut off");
            }
            var entry = new byte[length];
            in.get(entry);
            entries.add(entry);
        }
        return entries;
    }

    /** One entry, without making the others. */
    static byte[] entry(byte[] bytes, int place) throws Altered {
        var in = ByteBuffer.wrap(bytes);
        for (int i = 0; in.remaining() >= 2; i++) {
            int length = Short.toUnsignedInt(in.getShort());
            if (length > in.remaining()) {
                break;
            }
            if (i == place) {
                return Arrays.copyOfRange(bytes, in.position(), in.position() + length);
            }
            in.position(in.position() + length);
        }
        throw new Altered("entry " + place + " is cut off");
    }
}
