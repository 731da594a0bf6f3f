package org.twinkeep.consent.witness;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.ConsentRecord.Kind;

/** What a ledger holds of a house that the house does not know: then it is an older copy of itself. */
public record Unknown(List<ConsentRecord> records) {

    /**
     * Those of the records that the house does not know.
     *
     * @param receipts hashes of the receipts that its erasure ledger holds
     */
    public static Unknown of(List<ConsentRecord> witnessed, Anchored anchored, Set<String> receipts) {
        return new Unknown(witnessed.stream()
                .filter(record -> !knows(record, anchored, receipts))
                .toList());
    }

    static boolean knows(ConsentRecord record, Anchored anchored, Set<String> receipts) {
        return anchored.knows(record.commitment())
                || record.kind() == Kind.ERASURE && receipts.contains(record.commitment());
    }

    /** Whether a record bears witness of more than itself. */
    public static boolean isWitness(ConsentRecord record) {
        return record.kind() == Kind.ANCHOR || record.kind() == Kind.ERASURE;
    }

    public boolean isEmpty() {
        return records.isEmpty();
    }

    public List<String> commitments() {
        return records.stream().map(ConsentRecord::commitment).toList();
    }

    /** In words. */
    public String inWords() {
        return "The ledger holds what this house does not know: "
                + Stream.of(of(Kind.ANCHOR, "checkpoints of its trail"), of(Kind.ERASURE, "deletions"))
                        .filter(said -> !said.isEmpty())
                        .collect(Collectors.joining("; "))
                + ". So this is an older copy that was put back. Restore the newest backups: twinkeep restore FILE --keys FILE."
                + " Where there are none that are newer: twinkeep restore --lost, which says so for good.";
    }

    private String of(Kind kind, String what) {
        var times = records.stream()
                .filter(record -> record.kind() == kind)
                .map(ConsentRecord::at)
                .sorted()
                .toList();
        return times.isEmpty()
                ? ""
                : "%,d %s, from %s to %s".formatted(times.size(), what, times.getFirst(), times.getLast());
    }
}
