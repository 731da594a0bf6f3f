package org.twinkeep.portal.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.wiring.EventStore;
import org.twinkeep.portal.wiring.Migration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code migrate}: move the events to another store. */
@Command(
        name = "migrate",
        description =
                "Move the events of a data folder into a KurrentDB (TWINKEEP_KURRENTDB says which), or back into the"
                        + " folder. It is checked before anything is switched; broken off, run it again.")
final class MigrateCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Option(names = "--to", required = true, paramLabel = "STORE", description = "embedded or kurrentdb.")
    private @Nullable EventStore to;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        Cli.requireHouse(line.folder());
        Migration migration;
        try (var progress = line.progress()) {
            migration = Migration.run(
                    line.folder(),
                    Objects.requireNonNull(to),
                    line.clock(),
                    copied -> progress.at("%,d events copied".formatted(copied)));
        }
        line.answer(migration, MigrateCommand::json, MigrateCommand::words);
        return Exit.DONE;
    }

    private static Map<String, ?> json(Migration migration) {
        var document = new LinkedHashMap<String, Object>();
        document.put("from", migration.from().word());
        document.put("to", migration.to().word());
        document.put("streams", migration.streams());
        document.put("events", migration.events());
        document.put("copied", migration.copied());
        return document;
    }

    private static String words(Migration migration) {
        return migration.from() == migration.to()
                ? "The events lie in " + migration.to().word() + " already."
                : "%,d events in %,d streams lie in %s now, checked (%,d copied)."
                        .formatted(
                                migration.events(),
                                migration.streams(),
                                migration.to().word(),
                                migration.copied());
    }
}
