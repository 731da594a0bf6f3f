package org.twinkeep.portal.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.demo.Demo;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.portal.wiring.ServedHouse;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code warm-up}: does a little of everything in a temporary folder, for the JVM to remember what a start needs. */
@Command(name = "warm-up", hidden = true, description = "Run once after a build, so that later starts are fast.")
final class WarmUpCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var line = Objects.requireNonNull(cli);
        var temporary = Files.createTempDirectory("twinkeep-warm-up");
        try {
            var kek = new Kek(temporary.resolve("kek"), false, Asking::passphrase, _ -> {});
            var house = Demo.open(new DataFolder(temporary.resolve("data")), kek, false, line.clock(), _ -> {});
            try (var served = new ServedHouse(house, 0, Demo.guide(house));
                    var client = HttpClient.newHttpClient()) {
                for (var page : new String[] {"", "sign-in"}) {
                    var request = HttpRequest.newBuilder(URI.create(served.url() + page))
                            .build();
                    client.send(request, HttpResponse.BodyHandlers.discarding());
                }
            }
            return Exit.DONE;
        } finally {
            delete(temporary);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (var path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
