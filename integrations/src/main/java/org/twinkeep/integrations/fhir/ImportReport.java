package org.twinkeep.integrations.fhir;

import java.util.List;
import java.util.Map;
import org.twinkeep.crypto.TwinId;

/**
 * What an import did.
 *
 * @param read resources read
 * @param recorded new entries and new versions
 * @param leftOut entries that the patient erased
 * @param refused what was not imported: where, and why; no value is quoted
 * @param remarks one line a kind: what a parser dropped, references to nothing, and how often
 */
public record ImportReport(
        List<TwinEntries> twins,
        int read,
        int recorded,
        int unchanged,
        int leftOut,
        List<Refused> refused,
        Map<String, Integer> remarks,
        double seconds) {

    public record TwinEntries(TwinId twin, int entries) {}

    public record Refused(String file, String where, String why) {}
}
