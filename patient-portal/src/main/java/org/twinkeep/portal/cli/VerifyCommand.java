package org.twinkeep.portal.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.checks.KeptCheckpoint;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.checks.Witness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code verify}: is every file as it was written? */
@Command(
        name = "verify",
        description =
                "Check that every file in the data folder is as it was written: events, keys, ledger, trail, erasures,"
                        + " views. It opens no entry and changes nothing.")
final class VerifyCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description = "Check the receipt of a deletion against this house, and nothing else. It opens nothing.")
    private @Nullable Path receipt;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description =
                    "Check that the trail only grew since this checkpoint, which somebody kept, and nothing else. It opens"
                            + " nothing.")
    private @Nullable Path checkpoint;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        Cli.requireHouse(line.folder());
        if (receipt != null) {
            var witness = Witness.of(line.folder(), receipt);
            line.answer(witness, document -> document, Witness::inWords);
            return witness.ok() ? Exit.DONE : Exit.BAD;
        }
        if (checkpoint != null) {
            var kept = KeptCheckpoint.of(line.folder(), checkpoint);
            line.answer(kept, VerifyCommand::json, KeptCheckpoint::inWords);
            return kept.ok() ? Exit.DONE : Exit.BAD;
        }
        var verification = Verification.of(line.folder(), line.kek(), line.clock());
        line.answer(verification, VerifyCommand::json, VerifyCommand::words);
        return verification.ok() ? Exit.DONE : Exit.BAD;
    }

    private static Map<String, ?> json(KeptCheckpoint kept) {
        return Map.of("ok", kept.ok(), "checkpoint", kept.file().toString(), "broken", kept.broken());
    }

    private static Map<String, ?> json(Verification verification) {
        var document = new LinkedHashMap<String, Object>();
        document.put("ok", verification.ok());
        document.put("checked", verification.checked());
        document.put("problems", verification.problems());
        return document;
    }

    private static String words(Verification verification) {
        var counted = verification.checked().entrySet().stream()
                .map(e -> "%,d %s".formatted(e.getValue(), e.getKey()))
                .collect(Collectors.joining(", "));
        return verification.ok()
                ? "All is as it was written: " + counted
                : verification.problems().stream()
                        .map(p -> "BAD  " + p.file() + ": " + p.what())
                        .collect(Collectors.joining(System.lineSeparator(), "", "%nChecked: %s".formatted(counted)));
    }
}
