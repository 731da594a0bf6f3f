package org.twinkeep.portal.cli;

import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.portal.accounts.SetUpLink;
import org.twinkeep.portal.wiring.ServedHouse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code serve}: the web pages over a data folder. */
@Command(
        name = "serve",
        description =
                "Serve the web pages on this machine's loopback address. On a new folder it prints a one-time link to"
                        + " set up the first account.")
final class ServeCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Default: ${DEFAULT-VALUE}; 0: any.")
    private int port;

    @Override
    public Integer call() throws InterruptedException {
        var line = Objects.requireNonNull(cli);
        var house = line.openOrMake("twinkeep serve");
        try (var served = new ServedHouse(house, port)) {
            line.answer(answer(served, firstLink(house.accounts())), document -> document, ServeCommand::words);
            served.awaitClosed();
        }
        return Exit.DONE;
    }

    /** A link for the operator's account, as long as nobody has set up any. */
    private static Optional<SetUpLink> firstLink(Accounts accounts) {
        var all = accounts.all();
        if (all.isEmpty()) {
            var operator = new Person("Operator", "", ZoneId.systemDefault(), Locale.getDefault());
            return Optional.of(accounts.invite(Role.OPERATOR, operator, null));
        }
        return all.size() == 1
                        && all.getFirst().role() == Role.OPERATOR
                        && all.getFirst().state() == Account.State.WAITING
                ? Optional.of(accounts.reset(all.getFirst().id()))
                : Optional.empty();
    }

    private static Map<String, String> answer(ServedHouse served, Optional<SetUpLink> link) {
        var document = new LinkedHashMap<String, String>();
        document.put("url", served.url());
        link.ifPresent(l -> document.put("setUp", served.url() + l.path().substring(1)));
        return document;
    }

    private static String words(Map<String, String> document) {
        var words = "Twinkeep is at " + document.get("url") + " (stop: Ctrl-C)";
        return document.containsKey("setUp")
                ? words
                        + "%nNobody has an account yet. Set up the operator's, once, at %s%n"
                                .formatted(document.get("setUp"))
                        + "Then bring in a record (twinkeep import FILE) and give its patient an account (twinkeep account"
                        + " add --role patient)."
                : words;
    }
}
