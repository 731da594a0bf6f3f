package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/** One epoch's row: the key of its skeletons, and what is left of its tree. */
record EpochKeys(Secret skeleton, KeyTree tree) {

    private static final int VERSION = 1;

    static EpochKeys fresh(SecureRandom random) {
        try (var root = Secret.random(random)) {
            return new EpochKeys(Secret.random(random), KeyTree.of(root));
        }
    }

    byte[] encode() {
        var writer = new ByteWriter().u8(VERSION);
        skeleton.reveal(KeyAccess.TO_WRAP, writer::raw);
        return writer.framed(tree.encode()).toBytes();
    }

    static EpochKeys decode(byte[] bytes) {
        var reader = new ByteReader(bytes, "An epoch's keys cannot be read.");
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        var skeleton = Secret.taking(reader.raw(32));
        var tree = KeyTree.decode(reader.framed());
        reader.end();
        return new EpochKeys(skeleton, tree);
    }

    @Override
    public String toString() {
        return "EpochKeys";
    }
}
