package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * One epoch's rows: the key of its skeletons, and what is left of its tree, in parts. A puncture rewrites the part that it
 * falls in, so that its cost does not grow with the punctures before it.
 *
 * @param parts at least one, in order of their leaves; the first row holds the skeletons' key too
 */
record EpochKeys(Secret skeleton, List<KeyTree> parts) {

    /** How many subtrees a row holds at most: 18 KiB. */
    static final int LARGEST_PART = 512;

    private static final int VERSION = 1;
    private static final String UNREADABLE = "An epoch's keys cannot be read.";

    static EpochKeys fresh(SecureRandom random) {
        try (var root = Secret.random(random)) {
            return new EpochKeys(Secret.random(random), List.of(KeyTree.of(root)));
        }
    }

    /** What is left of the whole tree. */
    KeyTree tree() {
        return parts.size() == 1 ? parts.getFirst() : KeyTree.joined(parts);
    }

    /** Without these leaves; a part that holds none of them stays the very same. */
    EpochKeys without(Runs runs) {
        var left = new ArrayList<KeyTree>();
        for (var part : parts) {
            if (part.holdsAnyOf(runs)) {
                left.addAll(part.puncture(runs).inParts(LARGEST_PART));
            } else {
                left.add(part);
            }
        }
        if (left.isEmpty()) {
            left.add(KeyTree.GONE);
        }
        return new EpochKeys(skeleton.copy(), List.copyOf(left));
    }

    /** Where the part of this number stands in other keys as the row of the same kind, or -1: it need not be written again. */
    int unchangedIn(EpochKeys other, int number) {
        for (int at = 0; at < other.parts.size(); at++) {
            if (other.parts.get(at) == parts.get(number) && (at == 0) == (number == 0)) {
                return at;
            }
        }
        return -1;
    }

    /** The row of this number. */
    byte[] row(int number) {
        var writer = new ByteWriter().u8(VERSION);
        if (number == 0) {
            skeleton.reveal(KeyAccess.TO_WRAP, writer::raw);
        }
        return writer.framed(parts.get(number).encode()).toBytes();
    }

    /** @throws org.twinkeep.crypto.Tampered when they are not the rows of an epoch, in their order */
    static EpochKeys decode(List<byte[]> rows) {
        var parts = new ArrayList<KeyTree>();
        Secret skeleton = null;
        for (var row : rows) {
            var reader = new ByteReader(row, UNREADABLE);
            if (reader.u8() != VERSION) {
                throw reader.malformed();
            }
            if (skeleton == null) {
                skeleton = Secret.taking(reader.raw(32));
            }
            parts.add(KeyTree.decode(reader.framed()));
            reader.end();
        }
        if (skeleton == null || !KeyTree.inOrder(parts)) {
            throw new ByteReader(new byte[0], UNREADABLE).malformed();
        }
        return new EpochKeys(skeleton, List.copyOf(parts));
    }

    @Override
    public String toString() {
        return "EpochKeys";
    }
}
