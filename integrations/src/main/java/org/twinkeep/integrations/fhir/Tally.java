package org.twinkeep.integrations.fhir;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.integrations.fhir.ImportReport.Refused;

/** Counts while an import runs. What is refused is listed one by one; past {@link #LISTED} in sum, by file and reason. */
final class Tally {
    private static final int LISTED = 10_000;

    private record Kind(String file, String why) {}

    private final Map<TwinId, Integer> entries = new LinkedHashMap<>();
    private final List<Refused> refused = new ArrayList<>();
    private final Map<Kind, Integer> more = new LinkedHashMap<>();
    private final Map<Remark, Integer> remarks = new EnumMap<>(Remark.class);
    private int read;
    private int recorded;
    private int unchanged;
    private int leftOut;

    void read() {
        read++;
    }

    void recorded(int count) {
        recorded += count;
    }

    void unchanged(int count) {
        unchanged += count;
    }

    void leftOut(int count) {
        leftOut += count;
    }

    void kept(TwinId twin, int count) {
        entries.merge(twin, count, Integer::sum);
    }

    void refuse(String file, String where, String why) {
        if (refused.size() < LISTED) {
            refused.add(new Refused(file, where, why));
        } else {
            more.merge(new Kind(file, why), 1, Integer::sum);
        }
    }

    void remark(Remark remark, int times) {
        if (times > 0) {
            remarks.merge(remark, times, Integer::sum);
        }
    }

    void remark(Map<Remark, Integer> counted) {
        counted.forEach(this::remark);
    }

    /** What is durable so far. */
    int acknowledged() {
        return recorded + unchanged;
    }

    ImportReport report(double seconds) {
        var all = new ArrayList<>(refused);
        more.forEach((kind, count) -> all.add(new Refused(kind.file(), count + " more places", kind.why())));
        var words = new LinkedHashMap<String, Integer>();
        remarks.forEach((remark, count) -> words.put(remark.words(), count));
        var twins = entries.entrySet().stream()
                .map(e -> new ImportReport.TwinEntries(e.getKey(), e.getValue()))
                .toList();
        return new ImportReport(
                twins, read, recorded, unchanged, leftOut, List.copyOf(all), Map.copyOf(words), seconds);
    }
}
