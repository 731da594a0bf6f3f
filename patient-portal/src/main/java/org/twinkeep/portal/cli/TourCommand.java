package org.twinkeep.portal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.tour.Step;
import org.twinkeep.portal.tour.Tour;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code tour}: the whole path in a temporary folder. */
@Command(
        name = "tour",
        description =
                "Walk the whole path in a temporary folder, with invented people: import, share, look, attack, correct,"
                        + " delete. Each step says whether it held; your data is not touched.")
final class TourCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Override
    public Integer call() throws IOException {
        var line = Objects.requireNonNull(cli);
        var scratch = Files.createTempDirectory("twinkeep-tour");
        try {
            var steps = Tour.run(scratch, step -> line.err().println(words(step)));
            line.answer(steps, TourCommand::json, TourCommand::inAll);
            return steps.stream().allMatch(Step::ok) ? Exit.DONE : Exit.BAD;
        } finally {
            sweep(scratch);
        }
    }

    private static String words(Step step) {
        return (step.ok() ? "held      " : "NOT HELD  ") + step.name() + " " + step.figures();
    }

    private static String inAll(List<Step> steps) {
        long held = steps.stream().filter(Step::ok).count();
        return "%d of %d steps held.".formatted(held, steps.size());
    }

    private static Map<String, ?> json(List<Step> steps) {
        var document = new LinkedHashMap<String, Object>();
        document.put("ok", steps.stream().allMatch(Step::ok));
        document.put("steps", steps);
        return document;
    }

    private static void sweep(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
