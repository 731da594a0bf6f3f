package org.twinkeep.crypto.keys;

/**
 * The name of an event stream: {@code hdt-} and 40 hexadecimal digits of an HMAC of twin and scope, under a key that goes
 * with the twin. It says nothing about a person or a chapter.
 */
public record StreamName(String value) {
    @Override
    public String toString() {
        return value;
    }
}
