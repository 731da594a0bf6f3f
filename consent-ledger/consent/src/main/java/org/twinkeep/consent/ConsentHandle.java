package org.twinkeep.consent;

/** 32 random bytes, lower-case hexadecimal: the ledger's name of one consent. Two consents of one person do not link. */
public record ConsentHandle(String value) {
    public ConsentHandle {
        if (!value.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("a consent handle has 64 hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
