package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * {@code drill kill-import}: kills an import with SIGKILL, opens the house again, and asks: is everything that was
 * acknowledged there, once, and does the same import complete?
 *
 * <p>What was acknowledged is logged by this process, not by the one that dies. Most kills fall between the first and the
 * last acknowledgement; one in five falls soon after the start.
 */
final class KillDrill {
    private final Path scratch;
    private final Path file;
    private final Random random;

    KillDrill(Path scratch, Path file, long seed) {
        this.scratch = scratch;
        this.file = file;
        this.random = new Random(seed);
    }

    DrillResult run(int cycles) throws IOException, InterruptedException {
        var problems = new ArrayList<String>();
        var whole = undisturbed(problems);
        int inside = 0;
        int enough = cycles * 6 / 10;
        int kills = 0;
        for (int cycle = 0; cycle < cycles || (inside < enough && cycle < 3 * cycles); cycle++) {
            kills++;
            var data = scratch.resolve("cycle-" + cycle);
            int acknowledged = killed(data, cycle % 5 == 4 ? 0 : 1 + random.nextInt(whole.acknowledgements() * 3 / 4));
            if (acknowledged > 0 && acknowledged < whole.entries()) {
                inside++;
            }
            Houses.check(data, file, acknowledged, whole.entries(), "kill " + cycle, problems);
        }
        if (inside < enough) {
            problems.add(
                    "only %d of %d kills fell between the first and the last acknowledgement".formatted(inside, kills));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("kills", kills);
        figures.put("betweenAcknowledgements", inside);
        figures.put("entries", whole.entries());
        figures.put("acknowledgements", whole.acknowledgements());
        return new DrillResult("kill-import", problems.isEmpty(), figures, problems);
    }

    private record Whole(int entries, int acknowledgements) {}

    private Whole undisturbed(List<String> problems) {
        var acknowledgements = new int[1];
        try (var house = Houses.open(scratch.resolve("undisturbed"))) {
            house.fhirImport().run(List.of(file), ImportChild.options(), (_, _, _) -> acknowledgements[0]++);
            return new Whole(Houses.entries(house, "undisturbed", problems), acknowledgements[0]);
        }
    }

    /**
     * Kills the import after so many acknowledgements, or soon after its start; answers the last count that was heard. By its
     * handle: {@link Process#destroyForcibly} would close the pipe with what was acknowledged and not yet read.
     */
    private int killed(Path data, int after) throws IOException, InterruptedException {
        var child = ChildLines.start(data, file);
        if (after == 0) {
            child.waitFor(Duration.ofMillis(200 + random.nextInt(1800)));
            child.toHandle().destroyForcibly();
        }
        return ChildLines.of(child, heard -> {
                    if (heard == after) {
                        child.toHandle().destroyForcibly();
                    }
                })
                .acknowledged();
    }
}
