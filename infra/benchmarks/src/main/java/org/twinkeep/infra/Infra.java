package org.twinkeep.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** The command line of what is measured and of what is broken on purpose. */
@Command(
        name = "twinkeep",
        subcommands = {Infra.Drill.class, Infra.Bench.class},
        mixinStandardHelpOptions = true)
public final class Infra {
    private static final int WRONG_USE = 2;
    private static final int FOUND_BAD = 4;

    private Infra() {}

    public static void main(String... arguments) {
        System.exit(new CommandLine(new Infra()).execute(arguments));
    }

    /** {@code drill NAME}. */
    @Command(
            name = "drill",
            mixinStandardHelpOptions = true,
            description = {
                "Breaks something on purpose, in a temporary folder, and looks whether the promises hold.",
                "crash: SIGKILL at any moment of appending, erasing, backing up and restoring",
                "kill-import: SIGKILL in the middle of imports",
                "two-imports: two at once, and one beside a server",
                "full-disk: the disk fills up (needs the right to mount)",
                "big-bundle: 500 MB through a heap of 512 MB",
                "power-cut: what a disk may hold after the power went, at random moments (needs strace)",
                "stopped-orderer: a consent ended while a Fabric network cannot record it (needs FABRIC_BIN)"
            })
    static final class Drill implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--cycles", defaultValue = "10", description = "How often (crash, kill-import, power-cut).")
        private int cycles;

        @Option(names = "--seed", defaultValue = "1", description = "Where chance begins (default 1).")
        private long seed;

        @Option(names = "--file", description = "The record to import (default: the old demo person).")
        private @Nullable Path file;

        @Option(names = "--json", description = "One JSON document on standard output.")
        private boolean json;

        @Override
        public Integer call() throws IOException, InterruptedException {
            var scratch = Files.createTempDirectory("twinkeep-drill");
            try {
                var person = file == null ? demoPerson(scratch) : file;
                var result = switch (name) {
                    case "crash" -> new CrashDrill(scratch, seed).run(cycles);
                    case "kill-import" -> new KillDrill(scratch, person, seed).run(cycles);
                    case "two-imports" -> new TwoImportsDrill(scratch, person).run();
                    case "full-disk" -> new FullDiskDrill(scratch, person).run();
                    case "big-bundle" -> new BigBundleDrill(scratch, seed).run();
                    case "power-cut" -> new PowerCutDrill(scratch, seed).run(cycles);
                    case "stopped-orderer" -> new StoppedOrdererDrill(scratch, person).run();
                    default -> null;
                };
                if (result == null) {
                    System.err.println(
                            "There is no drill of that name: crash, power-cut, kill-import, two-imports, full-disk, big-bundle,"
                                    + " stopped-orderer.");
                    return WRONG_USE;
                }
                say(result);
                return result.ok() ? 0 : FOUND_BAD;
            } finally {
                sweep(scratch);
            }
        }

        private void say(DrillResult result) {
            if (json) {
                Map<String, Object> document = new LinkedHashMap<>();
                document.put("drill", result.drill());
                document.put("ok", result.ok());
                document.put("figures", result.figures());
                document.put("problems", result.problems());
                System.out.println(JsonMapper.shared().writeValueAsString(document));
            } else {
                System.out.println(result.drill() + (result.ok() ? ": held " : ": DID NOT HOLD ") + result.figures());
                result.problems().forEach(System.out::println);
            }
        }
    }

    /** {@code bench NAME}. */
    @Command(
            name = "bench",
            mixinStandardHelpOptions = true,
            description = {
                "Measures, as ratios against a peer in the same run, and says whether the goal holds.",
                "import: a durable, sealed import over a bare HAPI parse",
                "append: durable, sealed appends over bare SQLite, with 1 and with 256 writers",
                "replay: opening everything over Axon unsealed; a large chapter; a year of glucose",
                "keys: sealing, deriving and puncturing in a chapter with a past",
                "erase: until the keys of an entry, or of a twin of any size, are gone",
                "decide: who may see what, over 100,000 patients with 10 consents and 1,000 with 100",
                "revoke: from the end of a consent in one browser to the refused page in another",
                "ledger: signed transactions a second, by many callers and by one; also on Fabric where FABRIC_BIN is set"
            })
    static final class Bench implements Callable<Integer> {
        @Parameters(paramLabel = "NAME")
        private String name = "";

        @Option(names = "--large", description = "A person of about 40 MB (default: the old demo person, repeated).")
        private Path large = Path.of("");

        @Option(names = "--json", description = "One JSON document on standard output.")
        private boolean json;

        @Override
        public Integer call() throws IOException, InterruptedException, SQLException {
            var scratch = Files.createTempDirectory("twinkeep-bench");
            try {
                var result = switch (name) {
                    case "import" -> new ImportBench(scratch).run(demoPerson(scratch), large);
                    case "append" -> new AppendBench(scratch).run();
                    case "replay" -> new ReplayBench(scratch).run();
                    case "keys" -> new KeysBench(scratch).run();
                    case "erase" -> new EraseBench(scratch).run();
                    case "decide" -> new DecideBench(scratch).run();
                    case "revoke" -> new RevokeBench(scratch).run();
                    case "ledger" -> new LedgerBench(scratch).run();
                    default -> null;
                };
                if (result == null) {
                    System.err.println(
                            "There is no benchmark of that name: import, append, replay, keys, erase, decide, revoke,"
                                    + " ledger.");
                    return WRONG_USE;
                }
                say(result);
                return 0;
            } finally {
                sweep(scratch);
            }
        }

        private void say(BenchResult result) {
            if (json) {
                System.out.println(JsonMapper.shared().writeValueAsString(result));
            } else {
                result.results()
                        .forEach(f -> System.out.printf(
                                "%-36s %12.3f %-6s %-8s %s%n",
                                f.name(), f.value(), f.unit(), f.goal(), f.holds() ? "" : "DOES NOT HOLD"));
            }
        }
    }

    /** The old demo person, unpacked. */
    static Path demoPerson(Path scratch) throws IOException {
        var file = scratch.resolve("old.json");
        try (var in = new GZIPInputStream(Objects.requireNonNull(
                Infra.class.getResourceAsStream("/demo/old.json.gz"), "the demo people are not in the jar"))) {
            Files.copy(in, file);
        }
        return file;
    }

    static void sweep(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
