package org.twinkeep.crypto.keys;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.UUID;
import org.twinkeep.crypto.Hkdf;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/** Where a row lies and the key that opens it: held by the row above, or given by the slot. Each is used for one row once. */
record RowRef(UUID id, Secret key) {

    private static final byte[] SLOT_LABEL = "twinkeep.slot.v1".getBytes(StandardCharsets.US_ASCII);

    static RowRef fresh(SecureRandom random) {
        return new RowRef(new UUID(random.nextLong(), random.nextLong()), Secret.random(random));
    }

    /** The directory of the twin whose slot this is. */
    static RowRef ofSlot(Secret slot) {
        try (var derived = Hkdf.sha256(slot, SLOT_LABEL, 16 + 32)) {
            return derived.reveal(KeyAccess.TO_DERIVE, bytes -> read(new ByteReader(bytes, "A slot cannot be read.")));
        }
    }

    static RowRef read(ByteReader reader) {
        return new RowRef(reader.uuid(), Secret.taking(reader.raw(32)));
    }

    void write(ByteWriter writer) {
        writer.uuid(id);
        key.reveal(KeyAccess.TO_WRAP, writer::raw);
    }

    @Override
    public String toString() {
        return "RowRef";
    }
}
