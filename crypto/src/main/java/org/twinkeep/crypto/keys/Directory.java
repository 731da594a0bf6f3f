package org.twinkeep.crypto.keys;

import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/** The top row of a twin's key state: the key of its names, and where each scope's row lies. */
record Directory(Secret names, SortedMap<Integer, RowRef> scopes) {

    private static final int VERSION = 1;

    byte[] encode() {
        var writer = new ByteWriter().u8(VERSION);
        names.reveal(KeyAccess.TO_WRAP, writer::raw);
        writer.u32(scopes.size());
        scopes.forEach((scope, ref) -> ref.write(writer.u8(scope)));
        return writer.toBytes();
    }

    static Directory decode(byte[] bytes) {
        var reader = new ByteReader(bytes, "A key directory cannot be read.");
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        var names = Secret.taking(reader.raw(32));
        var scopes = new TreeMap<Integer, RowRef>();
        for (int left = reader.u32(); left > 0; left--) {
            int scope = reader.u8();
            if (!scopes.isEmpty() && scope <= scopes.lastKey()) {
                throw reader.malformed();
            }
            scopes.put(scope, RowRef.read(reader));
        }
        reader.end();
        return new Directory(names, scopes);
    }

    @Override
    public String toString() {
        return "Directory";
    }
}
