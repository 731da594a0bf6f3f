package org.twinkeep.infra;

import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import org.twinkeep.integrations.fhir.ImportReport;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;

/** Houses of drills and benchmarks: their key file lies beside the data folder. */
final class Houses {
    private Houses() {}

    static House open(Path data) {
        return House.open(new DataFolder(data), ImportChild.keyFile(kek(data)), "drill", Clock.systemUTC());
    }

    static Path kek(Path data) {
        return data.resolveSibling(data.getFileName() + ".kek");
    }

    static ImportReport read(House house, Path file) {
        return house.fhirImport().run(List.of(file), ImportChild.options(), (_, _, _) -> {});
    }

    /** Counts entries; each that stands twice, or has two versions of one content, is a problem. */
    static int entries(House house, String where, List<String> problems) {
        var seen = new HashSet<Object>();
        int entries = 0;
        for (var twin : house.history().twins()) {
            for (var chapter : house.history().chapters(twin)) {
                for (var entry : house.history().entries(twin, chapter)) {
                    entries++;
                    if (!seen.add(List.of(twin, entry.entry()))
                            || entry.versions().size() != 1) {
                        problems.add(where + ": an entry is doubled");
                    }
                }
            }
        }
        return entries;
    }

    /** Opens the house again after trouble: everything acknowledged is there, once, and the same import completes. */
    static void check(Path data, Path file, int acknowledged, int whole, String where, List<String> problems) {
        try (var house = open(data)) {
            int there = entries(house, where, problems);
            if (there < acknowledged) {
                problems.add("%s: %d entries acknowledged, %d there".formatted(where, acknowledged, there));
            }
            var again = read(house, file);
            int after = entries(house, where + ", imported again", problems);
            if (after != whole || again.unchanged() != there || again.recorded() != whole - there) {
                problems.add("%s: importing again gave %d entries (%d new, %d unchanged) where %d were expected"
                        .formatted(where, after, again.recorded(), again.unchanged(), whole));
            }
        } catch (RuntimeException e) {
            problems.add(where + ": " + e);
        }
    }
}
