package org.twinkeep.crypto.sign;

/** An Ed25519 public key: 32 bytes. */
@SuppressWarnings("ArrayRecordComponent")
public record VerifyingKey(byte[] bytes) {

    /** False for a wrong signature and for a malformed key or signature alike. */
    public boolean verifies(byte[] message, byte[] signature) {
        throw new IllegalStateException("not built");
    }
}
