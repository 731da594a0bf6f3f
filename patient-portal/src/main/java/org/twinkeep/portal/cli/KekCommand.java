package org.twinkeep.portal.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.portal.wiring.Kek;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code kek}: the key that wraps all others. */
@Command(name = "kek", description = "Change the key that wraps all others.")
final class KekCommand {

    @ParentCommand
    private @Nullable Cli cli;

    @Command(
            name = "rotate",
            description = {
                "Give this house a new key and destroy the old one. No event is touched, and a crash leaves a house that"
                        + " opens by the one or by the other.",
                "Key backups made before open by the old key only: keep a copy of it for as long as you keep them, or"
                        + " make a new one at once."
            })
    int rotate(
            @Option(
                            names = "--to",
                            paramLabel = "KIND",
                            description = "What the new key shall be: ${COMPLETION-CANDIDATES} (default: as before).")
                    KekSource.@Nullable Kind to)
            throws IOException {
        var line = Objects.requireNonNull(cli);
        Cli.requireHouse(line.folder());
        line.answer(line.kek().rotate(line.folder(), to, line.clock()), KekCommand::json, KekCommand::words);
        return Exit.DONE;
    }

    private static Map<String, ?> json(Kek.Rotated rotated) {
        var document = new LinkedHashMap<String, Object>();
        document.put("from", name(rotated.from()));
        document.put("to", name(rotated.to()));
        if (rotated.file() != null) {
            document.put("file", rotated.file().toString());
        }
        return document;
    }

    private static String words(Kek.Rotated rotated) {
        var now = "This house is now opened by " + rotated.to().words()
                + (rotated.file() == null ? "" : ", " + rotated.file()) + ". The old key opens it no more.";
        var old = rotated.from() == KekSource.Kind.FILE && rotated.to() != KekSource.Kind.FILE
                ? " The old key file is where it was: delete it once no key backup needs it."
                : "";
        return now + old + " Make a new key backup: those made before open by the old key only.";
    }

    private static String name(KekSource.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
