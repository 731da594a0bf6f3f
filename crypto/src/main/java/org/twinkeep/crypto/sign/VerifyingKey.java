package org.twinkeep.crypto.sign;

import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 public key: 32 bytes. */
@SuppressWarnings("ArrayRecordComponent")
public record VerifyingKey(byte[] bytes) {

    public VerifyingKey {
        bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** False for a wrong signature and for a malformed key or signature alike. */
    public boolean verifies(byte[] message, byte[] signature) {
        return bytes.length == Ed25519.PUBLIC_KEY_SIZE
                && signature.length == Ed25519.SIGNATURE_SIZE
                && Ed25519.verify(signature, 0, bytes, 0, message, 0, message.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "VerifyingKey " + HexFormat.of().formatHex(bytes);
    }
}
