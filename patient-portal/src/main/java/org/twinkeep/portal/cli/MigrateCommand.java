package org.twinkeep.portal.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.wiring.EventStore;
import org.twinkeep.portal.wiring.LedgerMigration;
import org.twinkeep.portal.wiring.LedgerStore;
import org.twinkeep.portal.wiring.Migration;
import org.twinkeep.portal.wiring.SignerMigration;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code migrate}: move the events or the consents to another store, or a key to its organisation's own signer. */
@Command(
        name = "migrate",
        description =
                "Move the events of a data folder into a KurrentDB (TWINKEEP_KURRENTDB says which), or back into the"
                        + " folder; or its consents to a Fabric network (TWINKEEP_FABRIC_FILE says which), from where"
                        + " there is no way back; or hand over from the key that this folder has of an organisation to its"
                        + " own signer (TWINKEEP_SIGNERS_FILE says which), for ever. It is checked before anything is"
                        + " switched; broken off, run it again.")
final class MigrateCommand implements Callable<Integer> {

    @ParentCommand
    private @Nullable Cli cli;

    @ArgGroup(multiplicity = "1")
    private @Nullable What what;

    static final class What {
        @Option(names = "--to", paramLabel = "STORE", description = "The events: embedded or kurrentdb.")
        private @Nullable EventStore to;

        @Option(names = "--ledger", paramLabel = "LEDGER", description = "The consents: fabric.")
        private @Nullable LedgerStore ledger;

        @Option(names = "--signer", paramLabel = "NAME", description = "The key of Oversight or Provider.")
        private @Nullable String signer;
    }

    @Override
    public Integer call() {
        var line = Objects.requireNonNull(cli);
        Cli.requireHouse(line.folder());
        var asked = Objects.requireNonNull(what);
        if (asked.signer != null) {
            return signer(line, asked.signer);
        }
        if (asked.to == null) {
            return consents(line, asked.ledger);
        }
        var to = asked.to;
        Migration migration;
        try (var progress = line.progress()) {
            migration = Migration.run(
                    line.folder(), to, line.clock(), copied -> progress.at("%,d events copied".formatted(copied)));
        }
        line.answer(migration, MigrateCommand::json, MigrateCommand::words);
        return Exit.DONE;
    }

    private static Integer signer(Cli line, String organisation) {
        if (!SignerCommand.ORGANISATIONS.contains(organisation)) {
            throw new WrongUse(SignerCommand.WHICH);
        }
        var migration = SignerMigration.run(line.folder(), line.kek(), organisation, line.clock());
        line.answer(migration, MigrateCommand::json, MigrateCommand::words);
        return Exit.DONE;
    }

    private static Map<String, ?> json(SignerMigration done) {
        var document = new LinkedHashMap<String, Object>();
        document.put("organisation", done.organisation());
        document.put("address", done.address());
        document.put("block", done.block());
        return document;
    }

    private static String words(SignerMigration done) {
        return "After block %,d %s signs with the key of its own signer at %s, checked. The key that lies here signs nothing more. Keep TWINKEEP_SIGNERS_FILE where this house is served."
                .formatted(done.block(), done.organisation(), done.address());
    }

    private static Integer consents(Cli line, @Nullable LedgerStore to) {
        if (to != LedgerStore.FABRIC) {
            throw new WrongUse(
                    "Consents move to fabric only: a network's history does not fit into one operator's file.");
        }
        LedgerMigration migration;
        try (var progress = line.progress()) {
            migration = LedgerMigration.toFabric(
                    line.folder(),
                    line.kek(),
                    line.clock(),
                    carried -> progress.at("%,d transactions carried over".formatted(carried)));
        }
        line.answer(migration, MigrateCommand::json, MigrateCommand::words);
        return Exit.DONE;
    }

    private static Map<String, ?> json(LedgerMigration done) {
        var document = new LinkedHashMap<String, Object>();
        document.put("ledger", LedgerStore.FABRIC.word());
        document.put("transactions", done.transactions());
        document.put("carried", done.carried());
        return document;
    }

    private static String words(LedgerMigration done) {
        return "%,d transactions are on the network now, checked (%,d carried over); the old blocks stay in the folder."
                .formatted(done.transactions(), done.carried());
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
