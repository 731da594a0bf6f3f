package org.twinkeep.portal;

/** Where the program starts. */
public final class Twinkeep {
    private Twinkeep() {}

    public static void main(String... arguments) {
        throw new IllegalStateException("not built");
    }
}
