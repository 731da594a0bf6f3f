package org.twinkeep.portal.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.integrations.fhir.ImportReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code import}: records from files into twins. */
@Command(
        name = "import",
        description =
                "Take FHIR R4 records into twins: bundles, ndjson, single resources; JSON or XML, also gzipped. What is"
                        + " there already stays as it is; what the patient deleted stays deleted.")
final class ImportCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Parameters(arity = "1..*", paramLabel = "FILE|FOLDER", description = "What to read.")
    private List<Path> files = List.of();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "Who the records come from (default: who issued the patient's first identifier).")
    private @Nullable String source;

    @Option(
            names = "--twin",
            paramLabel = "TWIN",
            description = "Whose records they are (default: the twin known by identifier, or a new one).")
    private @Nullable TwinId twin;

    @Override
    public Integer call() {
        for (var file : files) {
            if (!Files.isReadable(file)) {
                throw new WrongUse(file + " does not exist or cannot be read. Nothing was imported.");
            }
        }
        var line = Objects.requireNonNull(cli);
        try (var house = line.openOrMake("import");
                var progress = line.progress()) {
            var options = new FhirImport.Options(source, twin, Cli.operatorActor());
            var report = house.fhirImport()
                    .run(
                            files,
                            options,
                            (bytes, of, acknowledged) -> progress.at("%d %% read, %,d entries recorded"
                                    .formatted(of == 0 ? 100 : bytes * 100 / of, acknowledged)));
            progress.close();
            report.remarks().forEach((remark, often) -> line.err().println(remark + ": " + often));
            line.answer(report, ImportCommand::json, ImportCommand::words);
            return report.refused().isEmpty() ? Exit.DONE : Exit.PARTLY;
        }
    }

    /** The document's form is promised to scripts: remarks are for people and stay outside. */
    static Map<String, ?> json(ImportReport report) {
        var document = new LinkedHashMap<String, Object>();
        document.put(
                "twins",
                report.twins().stream()
                        .map(t -> Map.of("twin", t.twin().toString(), "entries", t.entries()))
                        .toList());
        document.put("read", report.read());
        document.put("recorded", report.recorded());
        document.put("unchanged", report.unchanged());
        document.put("leftOut", report.leftOut());
        document.put(
                "refused",
                report.refused().stream()
                        .map(r -> Map.of("file", r.file(), "where", r.where(), "why", r.why()))
                        .toList());
        document.put("seconds", Math.round(report.seconds() * 1000) / 1000.0);
        return document;
    }

    private static String words(ImportReport report) {
        var words = new StringBuilder(
                "%,d read, %,d recorded, %,d unchanged, %,d left out because the patient deleted them; %.1f s"
                        .formatted(
                                report.read(),
                                report.recorded(),
                                report.unchanged(),
                                report.leftOut(),
                                report.seconds()));
        report.twins()
                .forEach(
                        t -> words.append(String.format(Locale.ROOT, "%ntwin %s: %,d entries", t.twin(), t.entries())));
        report.refused().forEach(r -> words.append("%nrefused: %s, %s: %s".formatted(r.file(), r.where(), r.why())));
        return words.toString();
    }
}
