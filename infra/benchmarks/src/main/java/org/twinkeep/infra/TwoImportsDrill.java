package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code drill two-imports}: two imports started at once, then one beside a house that is open: nothing is lost or doubled,
 * or the second is refused with words that say what to do.
 */
final class TwoImportsDrill {
    private final Path scratch;
    private final Path file;

    TwoImportsDrill(Path scratch, Path file) {
        this.scratch = scratch;
        this.file = file;
    }

    DrillResult run() throws IOException, InterruptedException {
        var problems = new ArrayList<String>();
        var data = scratch.resolve("together");
        Houses.open(data).close();
        var first = ChildLines.start(data, file);
        var second = ChildLines.start(data, file);
        var ended = List.of(ChildLines.of(first, _ -> {}), ChildLines.of(second, _ -> {}));
        var refused = ended.stream().flatMap(e -> e.failed().stream()).toList();
        int recorded = ended.stream().mapToInt(e -> Math.max(0, e.recorded())).sum();
        if (ended.stream().allMatch(e -> e.recorded() < 0)) {
            problems.add("neither import came to its end");
        }
        Houses.check(data, file, recorded, recorded, "two at once", problems);

        var served = scratch.resolve("served");
        try (var house = Houses.open(served)) {
            var beside = ChildLines.of(ChildLines.start(served, file), _ -> {});
            if (beside.failed().isEmpty() || Houses.entries(house, "beside a server", problems) != 0) {
                problems.add("an import beside an open house was not refused");
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("recorded", recorded);
        figures.put("refusals", refused);
        return new DrillResult("two-imports", problems.isEmpty(), figures, problems);
    }
}
