package org.twinkeep.portal.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.wiring.Backup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code backup}: the data, or the keys. */
@Command(
        name = "backup",
        description = {
            "Back up a house that is not being served. Two backups belong together:",
            "backup FILE: all data, useless without keys; keep as many as you like.",
            "backup --keys FILE: the keys, always over the same file, whose old bytes are overwritten: until then it may"
                    + " open what was deleted since, and every receipt says so. Keep it apart from the data."
        })
final class BackupCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Parameters(paramLabel = "FILE", description = "Where to. Readable by you only.")
    private Path file = Path.of("");

    @Option(names = "--keys", description = "Back up the keys instead of the data.")
    private boolean keys;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        Cli.requireHouse(line.folder());
        try (var progress = line.progress()) {
            var backup = keys
                    ? Backup.keys(line.folder(), line.kek(), file, line.clock(), progress::at)
                    : Backup.data(line.folder(), line.kek(), file, line.clock(), progress::at);
            progress.close();
            line.answer(
                    backup,
                    document -> Map.of(
                            "kind", document.kind(),
                            "file", document.file().toString(),
                            "at", document.at(),
                            "parts", document.parts(),
                            "bytes", document.bytes()),
                    b -> "%s: %,d parts, %,d KB, as of %s".formatted(b.file(), b.parts(), b.bytes() >> 10, b.at()));
        }
        return Exit.DONE;
    }
}
