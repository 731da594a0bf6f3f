package org.twinkeep.portal.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.wiring.Restore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code restore}: backups put back, and every erasure carried out again. */
@Command(
        name = "restore",
        description = {
            "Put backups back. Then every deletion is carried out again, before anybody is served.",
            "restore FILE --keys FILE: into an empty folder, from a backup of the data and the newest of the keys.",
            "restore --keys FILE: newer keys into the folder that is there.",
            "restore: nothing but the deletions, where somebody put back older keys."
        })
final class RestoreCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Parameters(paramLabel = "FILE", arity = "0..1", description = "A backup of the data.")
    private @Nullable Path file;

    @Option(names = "--keys", paramLabel = "FILE", description = "The newest backup of the keys.")
    private @Nullable Path keys;

    @Option(
            names = "--receipt",
            paramLabel = "FILE",
            description = "The receipt of a deletion: backups that do not know of it are refused. May be repeated.")
    private List<Path> receipts = List.of();

    @Option(
            names = "--lost",
            description =
                    "Give up what the consent ledger holds of a newer state of this house. Only where no newer backup is left:"
                            + " what was deleted since then is open again, and the ledger shows it to everybody.")
    private boolean lost;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        try (var progress = line.progress()) {
            var from = new Restore.Sources(file, keys, List.copyOf(receipts), lost);
            var restore = Restore.run(line.folder(), from, line.kek(), line.clock(), progress::at);
            progress.close();
            line.answer(restore, document -> document, RestoreCommand::words);
        }
        return Exit.DONE;
    }

    private static String words(Restore restore) {
        var words = new StringBuilder("%,d twins".formatted(restore.twins()));
        if (restore.data() != null) {
            words.append(". The data are as of ").append(restore.data());
        }
        if (restore.keys() != null) {
            words.append(
                    restore.keysTaken()
                            ? ". The keys are as of " + restore.keys()
                            : ". The keys in the folder were not older than the backup, and stayed");
        }
        if (!restore.lost().isEmpty()) {
            words.append(". Given up: ").append(restore.lost());
        }
        return words.append(". %,d deletions had to be carried out again.".formatted(restore.again()))
                .toString();
    }
}
