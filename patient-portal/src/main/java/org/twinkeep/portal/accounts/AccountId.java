package org.twinkeep.portal.accounts;

import java.io.Serializable;
import java.util.Optional;
import java.util.UUID;

/** The random name of an account; it says nothing about the person. */
public record AccountId(UUID value) implements Serializable {

    /** @throws IllegalArgumentException when the text is no UUID */
    public static AccountId of(String text) {
        return new AccountId(UUID.fromString(text));
    }

    /** What is no account's id is nobody's. */
    public static Optional<AccountId> read(String text) {
        try {
            return Optional.of(of(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
