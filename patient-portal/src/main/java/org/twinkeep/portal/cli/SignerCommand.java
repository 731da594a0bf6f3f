package org.twinkeep.portal.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.portal.wiring.ServedSigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code signer}: one organisation's key, apart from the house. */
@Command(
        name = "signer",
        description =
                "Sign for one organisation, on a machine of that organisation: it keeps its own copy of the ledger,"
                        + " executes the contract before it signs, and signs one history only. What it prints goes into"
                        + " the file that TWINKEEP_SIGNERS_FILE names where the house runs, before the house is made; a"
                        + " house that is there already hands over by twinkeep migrate --signer NAME.")
final class SignerCommand implements Callable<Integer> {

    static final Set<String> ORGANISATIONS = Set.of(Charter.PROVIDER, Charter.OVERSIGHT);
    static final String WHICH = "There are two that sign apart from the house: Oversight and Provider.";

    @ParentCommand
    private @Nullable Cli cli;

    @Option(names = "--organisation", required = true, paramLabel = "NAME", description = "Oversight or Provider.")
    private String organisation = "";

    @Option(
            names = "--key",
            required = true,
            paramLabel = "FILE",
            description = "Its key, made at first use. The copy of the ledger lies beside it, in FILE.ledger.")
    private @Nullable Path key;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:7301",
            description = "Where the house reaches it. Default: ${DEFAULT-VALUE}; port 0: any.")
    private String listen = "";

    @Option(
            names = "--not",
            split = ",",
            paramLabel = "ACT",
            description =
                    "Acts that this organisation does not sign this way, for example enrol (a new key for a patient"
                            + " who lost the first) or delegate (somebody to act by a document).")
    private List<String> unsigned = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var line = Objects.requireNonNull(cli);
        if (!ORGANISATIONS.contains(organisation)) {
            throw new WrongUse(WHICH);
        }
        var file = Objects.requireNonNull(key);
        try (var served = ServedSigner.open(
                organisation, file, address(listen), new TreeSet<>(unsigned), line.clock(), line.err()::println)) {
            line.answer(answer(served), document -> document, SignerCommand::words);
            served.awaitClosed();
        }
        return Exit.DONE;
    }

    private static InetSocketAddress address(String listen) {
        int colon = listen.lastIndexOf(':');
        try {
            return new InetSocketAddress(listen.substring(0, colon), Integer.parseInt(listen.substring(colon + 1)));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new WrongUse("--listen looks like 127.0.0.1:7301.");
        }
    }

    private Map<String, String> answer(ServedSigner served) {
        var name = organisation.toLowerCase(Locale.ROOT);
        var document = new LinkedHashMap<String, String>();
        document.put(name + ".address", served.address());
        document.put(name + ".key", served.publicKey());
        document.put("secretFile", served.secretFile().toString());
        return document;
    }

    private static String words(Map<String, String> document) {
        var words = new StringBuilder("It listens (stop: Ctrl-C). For the house's file:");
        document.forEach((name, value) -> words.append(System.lineSeparator())
                .append(name.equals("secretFile") ? "and the line that lies in " + value : name + "=" + value));
        return words.toString();
    }
}
