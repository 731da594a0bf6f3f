package org.twinkeep.crypto.keys;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;

/** An AES-256 key with the 32-byte commitment to it that an envelope carries. The caller's own copy. */
@SuppressWarnings("ArrayRecordComponent")
public record CommittedKey(Secret encryption, byte[] commitment) implements AutoCloseable {

    private static final byte[] SKELETON_LABEL = "twinkeep.skeleton.v1".getBytes(StandardCharsets.US_ASCII);

    /** An epoch's key of skeletons, split as a leaf is: SHA-512 of label and key. */
    static CommittedKey ofSkeletons(Secret skeleton) {
        return skeleton.reveal(KeyAccess.TO_DERIVE, bytes -> {
            var digest = Sha2.sha512();
            digest.update(SKELETON_LABEL);
            return taking(digest.digest(bytes));
        });
    }

    /** Splits 64 bytes, which are wiped, into key and commitment. */
    static CommittedKey taking(byte[] pair) {
        var key = new CommittedKey(Secret.taking(Arrays.copyOf(pair, 32)), Arrays.copyOfRange(pair, 32, 64));
        Arrays.fill(pair, (byte) 0);
        return key;
    }

    CommittedKey copy() {
        return new CommittedKey(encryption.copy(), commitment);
    }

    @Override
    public void close() {
        encryption.close();
    }

    @Override
    public String toString() {
        return "CommittedKey";
    }
}
