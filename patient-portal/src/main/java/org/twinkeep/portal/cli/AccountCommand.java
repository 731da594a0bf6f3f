package org.twinkeep.portal.cli;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.AccountId;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Opened;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.accounts.SetUpLink;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code account}: who may sign in. */
@Command(
        name = "account",
        description =
                "Add an account, reset one whose password is lost, link one to a twin, or let one break the glass.")
final class AccountCommand {

    @ParentCommand
    private @Nullable Cli cli;

    @Command(
            name = "add",
            description =
                    "Add an account. With --sign-in the password is asked for on the terminal; otherwise a one-time"
                            + " link is printed by which its owner chooses name and password.")
    int add(
            @Option(names = "--role", required = true, description = "One of: ${COMPLETION-CANDIDATES}.") Role role,
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "The person's name.")
                    String name,
            @Option(names = "--organisation", paramLabel = "NAME", defaultValue = "", description = "Where they work.")
                    String organisation,
            @Option(names = "--twin", paramLabel = "TWIN", description = "A patient's twin.") @Nullable TwinId twin,
            @Option(names = "--zone", paramLabel = "ZONE", description = "Their time zone (default: this machine's).")
                    @Nullable
                    String zone,
            @Option(names = "--sign-in", paramLabel = "NAME", description = "Their sign-in name.") @Nullable
                    String signIn) {
        var person = new Person(name.strip(), organisation.strip(), zone(zone), Locale.getDefault());
        var line = Objects.requireNonNull(cli);
        try (var house = line.openOrMake("account add")) {
            requireTwin(house, twin);
            if (signIn == null) {
                tellLink(line, house.accounts().invite(role, person, twin));
            } else {
                tellOpened(line, open(house.accounts(), role, signIn, person, twin));
            }
            return Exit.DONE;
        }
    }

    @Command(
            name = "reset",
            description =
                    "Take an account's password and recovery code away and print a one-time link for setting it up"
                            + " anew. A patient gets a new key: earlier consents can then only be ended, not changed.")
    int reset(@Parameters(paramLabel = "ACCOUNT", description = "Its sign-in name or id.") String which) {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("account reset")) {
            var account = find(house.accounts(), which);
            tellLink(line, house.accounts().reset(account.id()));
            return Exit.DONE;
        }
    }

    @Command(name = "link", description = "Link a patient's account to a twin.")
    int link(
            @Parameters(paramLabel = "ACCOUNT", description = "Its sign-in name or id.") String which,
            @Option(names = "--twin", required = true, paramLabel = "TWIN", description = "Whose records it shows.")
                    TwinId twin) {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("account link")) {
            requireTwin(house, twin);
            var account = find(house.accounts(), which);
            house.accounts().link(account.id(), twin);
            line.answer(
                    Map.of("account", account.id().toString(), "twin", twin.toString()),
                    document -> document,
                    _ -> "Linked.");
            return Exit.DONE;
        }
    }

    @Command(
            name = "emergency",
            description =
                    "Let a clinician break the glass in an emergency, or no longer. Nobody may before this is said.")
    int emergency(
            @Parameters(paramLabel = "ACCOUNT", description = "Its sign-in name or id.") String which,
            @Option(
                            names = "--allow",
                            required = true,
                            negatable = true,
                            description = "Whether they may; --no-allow takes it away at once.")
                    boolean allow) {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("account emergency")) {
            var account = find(house.accounts(), which);
            house.accounts().letBreakGlass(account.id(), allow);
            line.answer(
                    Map.of("account", account.id().toString(), "breaksGlass", allow),
                    document -> document,
                    _ -> allow ? "They may break the glass in an emergency." : "They may not break the glass.");
            return Exit.DONE;
        }
    }

    private static Opened open(Accounts accounts, Role role, String signIn, Person person, @Nullable TwinId twin) {
        var console = System.console();
        if (console == null) {
            throw new WrongUse("There is no terminal to ask for a password on: leave out --sign-in and use the link.");
        }
        return accounts.open(role, signIn, person, twin, Asking.password(console, signIn));
    }

    private static void requireTwin(House house, @Nullable TwinId twin) {
        if (twin != null && !house.history().exists(twin)) {
            throw new HouseRefused("There is no such twin here. Import its records first, without --twin.");
        }
    }

    static Account find(Accounts accounts, String which) {
        return accounts.bySignIn(which)
                .or(() -> {
                    try {
                        return accounts.find(AccountId.of(which));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty();
                    }
                })
                .orElseThrow(() -> new HouseRefused("There is no such account."));
    }

    private static ZoneId zone(@Nullable String zone) {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new WrongUse("A time zone looks like Europe/Lisbon.");
        }
    }

    private static void tellLink(Cli line, SetUpLink link) {
        var document = new LinkedHashMap<String, String>();
        document.put("account", link.account().toString());
        document.put("link", link.path());
        document.put("until", link.until().toString());
        line.answer(document, d -> d, _ -> """
            Account %s was made.
            Its owner sets it up, once, until %s, at http://127.0.0.1:8080%s
            (while "twinkeep serve" runs there).\
            """.formatted(link.account(), link.until(), link.path()));
    }

    private static void tellOpened(Cli line, Opened opened) {
        var code = opened.recoveryCode();
        var document = new LinkedHashMap<String, String>();
        document.put("account", opened.account().id().toString());
        if (code != null) {
            document.put("recoveryCode", code.show());
        }
        var seed = opened.seed();
        if (seed != null) {
            seed.close();
        }
        line.answer(
                document,
                d -> d,
                _ -> "Account " + opened.account().id() + " was made."
                        + (code == null
                                ? ""
                                : "%nTheir recovery code, shown this once; write it down: %s".formatted(code.show())));
    }
}
