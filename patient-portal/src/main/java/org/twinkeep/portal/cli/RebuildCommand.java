package org.twinkeep.portal.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code rebuild}: all views anew. */
@Command(
        name = "rebuild",
        description =
                "Build all views anew from events and today's consents; a view whose consent has ended is destroyed.")
final class RebuildCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("rebuild");
                var progress = line.progress()) {
            var rebuilt = house.views().rebuild((done, of) -> progress.at("%,d of %,d twins".formatted(done, of)));
            progress.close();
            line.answer(
                    rebuilt,
                    document -> document,
                    r -> "%,d twins, %,d views, %,d entries; %,d views destroyed"
                            .formatted(r.twins(), r.views(), r.entries(), r.destroyed()));
            return Exit.DONE;
        }
    }
}
