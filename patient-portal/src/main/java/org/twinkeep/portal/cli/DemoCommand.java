package org.twinkeep.portal.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.demo.Demo;
import org.twinkeep.portal.web.entrance.DemoGuide;
import org.twinkeep.portal.wiring.ServedHouse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code demo}: the web pages with invented people. */
@Command(
        name = "demo",
        description =
                "Serve the web pages with three invented people, two clinicians, an auditor and their story. It lives"
                        + " in ./demo-data unless --data names another folder.")
final class DemoCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "Default: ${DEFAULT-VALUE}; 0: any.")
    private int port;

    @Option(names = "--fresh", description = "Delete the demo that is there, and begin the story anew.")
    private boolean fresh;

    @Override
    public Integer call() throws InterruptedException {
        var line = Objects.requireNonNull(cli);
        var folder = line.folder(Path.of("demo-data"));
        var house = Demo.open(folder, line.kek(), fresh, line.clock(), line.err()::println);
        var guide = Demo.guide(house);
        try (var served = new ServedHouse(house, port, guide)) {
            line.answer(served.url(), url -> json(url, guide), url -> words(url, guide));
            served.awaitClosed();
        }
        return Exit.DONE;
    }

    private static Map<String, ?> json(String url, DemoGuide guide) {
        var document = new LinkedHashMap<String, Object>();
        document.put("url", url);
        document.put("people", guide.people());
        return document;
    }

    private static String words(String url, DemoGuide guide) {
        var words = new StringBuilder("Twinkeep is at " + url + " with invented people. Sign in as:");
        guide.people()
                .forEach(p -> words.append("%n  %-9s %-13s %s (%s): %s"
                        .formatted(p.signIn(), p.password(), p.name(), p.role(), p.what())));
        return words.append("%nStop: Ctrl-C".formatted()).toString();
    }
}
