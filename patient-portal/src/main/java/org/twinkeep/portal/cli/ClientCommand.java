package org.twinkeep.portal.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.portal.wiring.HouseRefused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code client}: programs that may ask for decisions (AuthZEN). */
@Command(
        name = "client",
        description =
                "Let a program ask for decisions by AuthZEN, or no longer; it is open while the server is told its"
                        + " address: twinkeep.authzen (TWINKEEP_AUTHZEN).")
final class ClientCommand {

    @ParentCommand
    private @Nullable Cli cli;

    @Command(name = "add", description = "Add a program. Its secret is shown this once.")
    int add(
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "As patients will read it.")
                    String name,
            @Option(
                            names = "--organisation",
                            required = true,
                            paramLabel = "NAME",
                            description = "Whose program it is.")
                    String organisation) {
        var line = Objects.requireNonNull(cli);
        if (name.isBlank() || organisation.isBlank()) {
            throw new WrongUse("Patients will read the name and the organisation: state both.");
        }
        try (var house = line.open("client add")) {
            var added = house.accounts().clients().add(name, organisation);
            var document = new LinkedHashMap<String, String>();
            document.put("client", added.client().id().toString());
            document.put("secret", added.secret());
            line.answer(
                    document,
                    d -> d,
                    d -> "Client %s%nIts secret, shown this once: %s".formatted(d.get("client"), d.get("secret")));
            return Exit.DONE;
        }
    }

    @Command(name = "remove", description = "Take a program's access away: from its next request on.")
    int remove(@Parameters(paramLabel = "CLIENT", description = "Its id.") String id) {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("client remove")) {
            if (!house.accounts().clients().remove(id)) {
                throw new HouseRefused("There is no such client.");
            }
            line.answer(Map.of("client", id), d -> d, _ -> "Removed.");
            return Exit.DONE;
        }
    }

    @Command(name = "list", description = "List the programs that may ask.")
    int list() {
        var line = Objects.requireNonNull(cli);
        try (var house = line.open("client list")) {
            List<Map<String, String>> all = house.accounts().clients().all().stream()
                    .map(client -> Map.of(
                            "client", client.id().toString(),
                            "name", client.name(),
                            "organisation", client.organisation(),
                            "since", client.since().toString()))
                    .toList();
            line.answer(
                    all,
                    d -> d,
                    d -> d.isEmpty()
                            ? "No program may ask."
                            : d.stream()
                                    .map(c -> c.get("client") + "  " + c.get("name") + ", " + c.get("organisation"))
                                    .collect(Collectors.joining(System.lineSeparator())));
            return Exit.DONE;
        }
    }
}
