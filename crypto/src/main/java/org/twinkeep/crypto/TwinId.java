package org.twinkeep.crypto;

import java.util.UUID;

/** The random name of one twin; it says nothing about the person. */
public record TwinId(UUID value) {

    /** @throws IllegalArgumentException when the text is no UUID */
    public static TwinId of(String text) {
        return new TwinId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
