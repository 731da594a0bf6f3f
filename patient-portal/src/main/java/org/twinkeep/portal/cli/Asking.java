package org.twinkeep.portal.cli;

import java.io.Console;
import java.util.Arrays;
import org.twinkeep.portal.wiring.HouseRefused;

/** Asks for secrets: on the terminal or from the environment, never from an argument, which other users of the machine see. */
final class Asking {
    static final int SHORTEST = 12;
    private static final String VARIABLE = "TWINKEEP_PASSPHRASE";

    private static final String PIN_VARIABLE = "TWINKEEP_PIN";

    private Asking() {}

    /** The passphrase of the house; a new one is asked for twice. */
    static char[] passphrase(boolean fresh) {
        var given = System.getenv(VARIABLE);
        if (given != null && !given.isEmpty()) {
            return longEnough(given.toCharArray(), fresh);
        }
        var console = System.console();
        if (console == null) {
            throw new HouseRefused(
                    "This house opens with a passphrase, and there is no terminal to ask on: set " + VARIABLE + ".");
        }
        var first = read(console, fresh ? "A new passphrase for this house: " : "The passphrase of this house: ");
        if (fresh) {
            longEnough(first, true);
            same(first, read(console, "The same once more: "));
        }
        return first;
    }

    /** The PIN of the token that holds the key of the house. */
    static char[] pin() {
        var given = System.getenv(PIN_VARIABLE);
        if (given != null && !given.isEmpty()) {
            return given.toCharArray();
        }
        var console = System.console();
        if (console == null) {
            throw new HouseRefused("This house opens with a key in a token, and there is no terminal to ask for its PIN"
                    + " on: set " + PIN_VARIABLE + ".");
        }
        return read(console, "The PIN of the token: ");
    }

    /** A password for somebody's account, asked for twice on the terminal. */
    static char[] password(Console console, String whose) {
        var first = longEnough(read(console, "A password for " + whose + ": "), true);
        same(first, read(console, "The same once more: "));
        return first;
    }

    private static char[] read(Console console, String question) {
        var answer = console.readPassword("%s", question);
        if (answer == null || answer.length == 0) {
            throw new WrongUse("Nothing was typed; nothing was done.");
        }
        return answer;
    }

    private static char[] longEnough(char[] secret, boolean fresh) {
        if (fresh && secret.length < SHORTEST) {
            throw new WrongUse(
                    "At least " + SHORTEST + " characters, please: a few words that only you would put together.");
        }
        return secret;
    }

    private static void same(char[] first, char[] again) {
        boolean same = Arrays.equals(first, again);
        Arrays.fill(again, ' ');
        if (!same) {
            Arrays.fill(first, ' ');
            throw new WrongUse("The two were not the same; nothing was done.");
        }
    }
}
