package org.twinkeep.portal;

import org.twinkeep.portal.cli.Cli;

/** Where the program starts. */
public final class Twinkeep {
    private Twinkeep() {}

    public static void main(String... arguments) {
        System.exit(Cli.run(System.out, System.err, arguments));
    }
}
