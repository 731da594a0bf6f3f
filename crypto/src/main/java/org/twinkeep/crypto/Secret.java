package org.twinkeep.crypto;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;

/**
 * Secret bytes that stay silent: no {@code toString}, message or serialised form shows them. They are wiped on {@link
 * #close()}, as far as a JVM can promise that.
 */
public final class Secret implements AutoCloseable {

    private final byte[] bytes;
    private volatile boolean closed;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Keeps its own copy; the caller's array stays the caller's to wipe. */
    public static Secret copyOf(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** Takes the array over: nobody else may keep it. */
    public static Secret taking(byte[] bytes) {
        return new Secret(bytes);
    }

    /** 32 fresh random bytes. */
    public static Secret random(SecureRandom random) {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return new Secret(bytes);
    }

    /**
     * Shows the bytes to one function. The array is the secret's own: do not keep it, do not change it.
     *
     * @throws IllegalStateException once it is closed: nothing is ever sealed under a wiped key
     * @param access names why; one search for {@link KeyAccess} finds every place that sees a key
     */
    public <T> T reveal(KeyAccess access, Function<byte[], T> use) {
        Objects.requireNonNull(access);
        refuseClosed();
        return use.apply(bytes);
    }

    /** A copy that lives on when this one is closed. */
    public Secret copy() {
        refuseClosed();
        return copyOf(bytes);
    }

    public int length() {
        return bytes.length;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    private void refuseClosed() {
        if (closed) {
            throw new IllegalStateException("This secret was wiped.");
        }
    }

    /** Compares in constant time; a wiped one is like no other. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret s
                && (s == this || !closed && !s.closed && MessageDigest.isEqual(bytes, s.bytes));
    }

    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "Secret";
    }
}
