package org.twinkeep.integrations.fhir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The first 128 bits of a SHA-256: enough to tell names apart, and small enough to hold a million of them. */
record Fingerprint(long high, long low) {
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Fingerprint::sha256);

    static Fingerprint of(String name) {
        return of(name.getBytes(StandardCharsets.UTF_8));
    }

    static Fingerprint of(byte[] content) {
        var hash = ByteBuffer.wrap(SHA_256.get().digest(content));
        return new Fingerprint(hash.getLong(), hash.getLong());
    }

    static byte[] whole(byte[] content) {
        return SHA_256.get().digest(content);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
