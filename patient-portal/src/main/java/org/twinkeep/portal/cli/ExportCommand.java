package org.twinkeep.portal.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.PrivateFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code export}: a whole twin as one FHIR bundle. */
@Command(
        name = "export",
        description = "Write a whole twin as one FHIR R4 bundle. The patient sees who did it, when and why.")
final class ExportCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Parameters(paramLabel = "TWIN", description = "Whose.")
    private @Nullable TwinId twin;

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "WORDS",
            description = "Why; the patient reads it among who looked.")
    private String reason = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: standard output). The file is readable by you only.")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        var line = Objects.requireNonNull(cli);
        var whose = Objects.requireNonNull(twin);
        if (reason.isBlank()) {
            throw new WrongUse("Say why, for the patient to read: --reason \"...\"");
        }
        try (var house = line.open("export")) {
            if (!house.history().exists(whose)) {
                throw new HouseRefused(
                        "There is no such twin in " + line.folder().path() + ".");
            }
            if (output == null) {
                var to = new BufferedOutputStream(line.out(), 1 << 16);
                write(house, whose, to);
                to.flush();
                return Exit.DONE;
            }
            int entries = toFile(house, whose, output);
            line.answer(
                    Map.of("twin", whose.toString(), "entries", entries, "file", output.toString()),
                    document -> document,
                    _ -> "%,d entries in %s".formatted(entries, output));
            return Exit.DONE;
        }
    }

    private int toFile(House house, TwinId whose, Path file) throws IOException {
        var unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try {
            int entries;
            try (var to = new BufferedOutputStream(PrivateFile.create(unfinished), 1 << 16)) {
                entries = write(house, whose, to);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return entries;
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private int write(House house, TwinId whose, OutputStream to) {
        return house.fhirExport().write(whose, Cli.operator(), reason.strip(), to);
    }
}
