package org.twinkeep.portal.cli;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
        try (var served = new ServedHouse(line.openOrMake("twinkeep serve"), port)) {
            line.answer(served.url(), url -> Map.of("url", url), url -> "Twinkeep is at " + url + " (stop: Ctrl-C)");
            served.awaitClosed();
        }
        return Exit.DONE;
    }
}
