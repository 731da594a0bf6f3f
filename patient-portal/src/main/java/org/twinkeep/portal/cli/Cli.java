package org.twinkeep.portal.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.Kek;
import org.twinkeep.twin.Actor;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command line. Answers go to standard output, in words or (with {@code --json}) as exactly one JSON document;
 * everything else goes to standard error.
 */
@Command(
        name = "twinkeep",
        description = "A personal health twin that its patient keeps.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            AccountCommand.class,
            ClientCommand.class,
            DecideCommand.class,
            PolicyCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            VerifyCommand.class,
            TourCommand.class,
            RebuildCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            DoctorCommand.class,
            KekCommand.class,
            MigrateCommand.class,
            SignerCommand.class,
            WarmUpCommand.class,
        },
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        versionProvider = Cli.Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong use",
            "3:done, but some of the input was refused",
            "4:checked, and found bad"
        })
public final class Cli {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The data folder (default: ./data).")
    private @Nullable Path data;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Answer with one JSON document on standard output, all else on standard error.")
    private boolean json;

    @Option(
            names = "--kek-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The key file of this house (default: in your configuration folder, made at first use).")
    private @Nullable Path kekFile;

    @Option(
            names = "--passphrase",
            scope = ScopeType.INHERIT,
            description =
                    "Protect a new house by a passphrase instead of a key file: asked for on the terminal, or taken"
                            + " from TWINKEEP_PASSPHRASE.")
    private boolean passphrase;

    @Option(
            names = "--pkcs11",
            paramLabel = "LIBRARY",
            scope = ScopeType.INHERIT,
            description =
                    "The PKCS#11 library of the token that holds the key of this house. Its PIN is asked for on the"
                            + " terminal, or taken from TWINKEEP_PIN.")
    private @Nullable Path pkcs11;

    @Option(
            names = "--pkcs11-slot",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            defaultValue = "0",
            description = "Which of the library's slots with a token, counted from 0 (default: 0).")
    private int slot;

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where in the program something failed.")
    private boolean debug;

    private Cli(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one command and answers its exit status. */
    public static int run(PrintStream out, PrintStream err, String... arguments) {
        var cli = new Cli(out, err);
        var line = new CommandLine(cli)
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
                .registerConverter(TwinId.class, Cli::twin)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((trouble, _) -> cli.wrongUse(trouble, arguments))
                .setExecutionExceptionHandler((trouble, _, _) -> cli.failed(trouble));
        if (arguments.length == 0) {
            line.usage(line.getErr());
            return Exit.WRONG_USE;
        }
        return line.execute(arguments);
    }

    private static TwinId twin(String text) {
        try {
            return TwinId.of(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("a twin's id looks like 00000000-0000-0000-0000-000000000000");
        }
    }

    private int wrongUse(CommandLine.ParameterException trouble, String... arguments) {
        err.println(trouble.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(
                trouble, new PrintWriter(err, true, StandardCharsets.UTF_8))) {
            err.println("See: " + trouble.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        }
        if (Arrays.asList(arguments).contains("--json")) {
            out.println(JSON.createObjectNode().put("error", trouble.getMessage()));
        }
        return Exit.WRONG_USE;
    }

    private int failed(Exception trouble) {
        if (trouble instanceof WrongUse) {
            err.println(trouble.getMessage());
        } else {
            err.println(Trouble.inWords(trouble));
        }
        if (debug) {
            trouble.printStackTrace(err);
        }
        if (json) {
            out.println(JSON.createObjectNode().put("error", Trouble.inWords(trouble)));
        }
        return trouble instanceof WrongUse ? Exit.WRONG_USE : Exit.FAILED;
    }

    DataFolder folder() {
        return folder(Path.of("data"));
    }

    DataFolder folder(Path otherwise) {
        return new DataFolder(data == null ? otherwise : data);
    }

    Kek kek() {
        var token = pkcs11 == null ? null : new Kek.Token(pkcs11, slot, Asking::pin);
        return new Kek(kekFile, passphrase, token, Asking::passphrase, err::println);
    }

    Clock clock() {
        return Clock.systemUTC();
    }

    /** Opens the house, or makes a new one in an empty folder. */
    House openOrMake(String purpose) {
        return House.open(folder(), kek(), purpose, clock());
    }

    /** Opens a house that must be there. */
    House open(String purpose) {
        requireHouse(folder());
        return openOrMake(purpose);
    }

    static void requireHouse(DataFolder folder) {
        folder.refuseUnfinished();
        if (!folder.isHouse()) {
            throw new HouseRefused("There is no Twinkeep data folder at " + folder.path()
                    + ". Name it with --data, or make one: twinkeep import FILE, or twinkeep serve.");
        }
    }

    /** The person at the terminal, as the trail names them. */
    static Looker operator() {
        var name = System.getProperty("user.name", "unknown");
        return new Looker("operator:" + name, name, "This service", "operator");
    }

    static Actor operatorActor() {
        return new Actor(Actor.Kind.OPERATOR, operator().id());
    }

    boolean json() {
        return json;
    }

    PrintStream out() {
        return out;
    }

    PrintStream err() {
        return err;
    }

    Progress progress() {
        return new Progress(err, Clock.systemUTC(), "1".equals(System.getenv("TWINKEEP_TERMINAL")));
    }

    /** Answers: the JSON document, or the words. */
    <T> void answer(T what, Function<T, ?> asJson, Function<T, String> inWords) {
        if (json) {
            out.println(JSON.writeValueAsString(asJson.apply(what)));
        } else {
            out.println(inWords.apply(what));
        }
    }

    /** As the build wrote it into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var written = Cli.class.getPackage().getImplementationVersion();
            return new String[] {"Twinkeep " + (written == null ? "(not packaged)" : written)};
        }
    }
}
