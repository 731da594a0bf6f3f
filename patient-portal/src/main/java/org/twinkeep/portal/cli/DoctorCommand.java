package org.twinkeep.portal.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.checks.Checkup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code doctor}: is this machine fit? */
@Command(
        name = "doctor",
        description =
                "Say whether this machine and this folder are fit to work together: Java, disk, permissions, clock,"
                        + " lock. It opens nothing and shows no secret.")
final class DoctorCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description =
                    "The receipt of a deletion, as a witness: a house that does not know it was put back from an older"
                            + " copy. May be repeated.")
    private List<Path> receipts = List.of();

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description =
                    "A checkpoint of the trail that somebody kept, as a witness: the trail must only have grown since. May"
                            + " be repeated.")
    private List<Path> checkpoints = List.of();

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        var checkup = Checkup.of(line.folder(), line.kek().file(), line.clock(), receipts, checkpoints);
        line.answer(checkup, DoctorCommand::json, DoctorCommand::words);
        return checkup.ok() ? Exit.DONE : Exit.BAD;
    }

    private static Map<String, ?> json(Checkup checkup) {
        var document = new LinkedHashMap<String, Object>();
        document.put("ok", checkup.ok());
        document.put("findings", checkup.findings());
        return document;
    }

    private static String words(Checkup checkup) {
        return checkup.findings().stream()
                .map(f -> "%-4s %-7s %s".formatted(f.ok() == null ? "" : f.ok() ? "ok" : "BAD", f.name(), f.what()))
                .collect(Collectors.joining(System.lineSeparator()));
    }
}
