package org.twinkeep.consent.fabric;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.embedded.LedgerCheck.Problem;
import org.twinkeep.consent.embedded.OldBlocks;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.witness.Unknown;

/**
 * Checks the blocks of a Fabric network that a house kept, offline: it needs the folder and nothing else, and changes
 * nothing. Every block's hashes are checked and the contract executed again; the first one that was altered is named.
 */
public final class FabricCheck {

    private FabricCheck() {}

    /**
     * Checks what lies in the folder.
     *
     * @param house the house's name, that every signature binds
     * @param remembered the furthest position that the trail remembers; {@link Position#NONE} when not known
     */
    public static LedgerCheck of(Path folder, String house, String chaincode, Position remembered) {
        var replica = new Replica(house);
        var problems = new ArrayList<Problem>();
        var old = old(folder, problems);
        try {
            var read = KeptBlocks.read(
                    folder.resolve(KeptBlocks.NAME), block -> replica.accept(FabricBlock.read(block, chaincode)));
            if (read.trouble() != null && !read.torn()) {
                problems.add(new Problem(KeptBlocks.NAME, "block " + read.blocks() + " " + read.trouble()));
            } else {
                if (old == null) {
                    checkRemembered(replica, remembered, problems);
                } else {
                    checkOld(old, replica, remembered, problems);
                }
            }
            var charter = replica.charter();
            if (charter.isPresent()) {
                problems.addAll(LedgerCheck.undelivered(folder, charter.get(), handle -> {
                    var steps = replica.historyOf(handle);
                    return steps.isEmpty() ? Optional.empty() : Optional.of(steps.getLast());
                }));
            } else {
                problems.add(new Problem(KeptBlocks.NAME, "does not hold the founding of this house"));
            }
            return new LedgerCheck(
                    old == null ? replica.head() : CarriedLedger.afterOld(old, replica.head()),
                    replica.consents(),
                    endedByOrganisations(replica, old),
                    charter.orElse(null),
                    read.torn(),
                    witnessed(replica, old),
                    List.copyOf(problems));
        } catch (IOException e) {
            problems.add(new Problem(KeptBlocks.NAME, "cannot be read"));
            return new LedgerCheck(Position.NONE, 0, 0, null, false, List.of(), List.copyOf(problems));
        }
    }

    private static int endedByOrganisations(Replica replica, @Nullable OldBlocks old) {
        return (int) Stream.concat(replica.handles().stream(), old == null ? Stream.of() : old.handles().stream())
                .distinct()
                .filter(handle -> !replica.wasRevoked(handle) && (old == null || !old.wasRevoked(handle)))
                .map(handle -> old == null
                        ? replica.historyOf(handle)
                        : CarriedLedger.historyOf(old, replica.historyOf(handle), handle))
                .filter(ConsentRecord::isEndedConsent)
                .count();
    }

    /** Anchors and erasures; not the anchor of the old blocks' head, which the old blocks themselves explain. */
    static List<ConsentRecord> witnessed(Replica replica, @Nullable OldBlocks old) {
        return LongStream.rangeClosed(0, replica.head().block())
                .boxed()
                .flatMap(block -> replica.recordedBy(block).stream())
                .filter(Unknown::isWitness)
                .filter(record -> old == null || !record.handle().equals(CarryOver.anchorOf(old)))
                .toList();
    }

    /** The blocks from before the house went over to the network; null where there are none. */
    private static @Nullable OldBlocks old(Path folder, List<Problem> problems) {
        try {
            return OldBlocks.areIn(folder) ? OldBlocks.read(folder) : null;
        } catch (LedgerUnavailable e) {
            problems.add(new Problem(OldBlocks.FILE, String.valueOf(e.getMessage())));
            return null;
        }
    }

    private static void checkOld(OldBlocks old, Replica replica, Position remembered, List<Problem> problems) {
        if (remembered.block() > old.head().block()) {
            checkRemembered(replica, CarriedLedger.onNetwork(old, remembered), problems);
        } else if (remembered.block() >= 0 && !old.at(remembered.block()).equals(remembered)) {
            problems.add(new Problem(
                    OldBlocks.FILE, "block " + remembered.block() + " is not the one that the trail remembers"));
        }
        if (replica.historyOf(CarryOver.anchorOf(old)).isEmpty()) {
            problems.add(new Problem(OldBlocks.FILE, "its head is not anchored on the network"));
        }
    }

    private static void checkRemembered(Replica replica, Position remembered, List<Problem> problems) {
        if (remembered.block() > replica.head().block()) {
            problems.add(new Problem(
                    KeptBlocks.NAME,
                    "ends at block " + replica.head().block() + "; the trail remembers block " + remembered.block()
                            + ": open the house where its peer is in reach, and the rest is fetched"));
        } else if (remembered.block() >= 0 && !replica.at(remembered.block()).equals(remembered)) {
            problems.add(new Problem(
                    KeptBlocks.NAME, "block " + remembered.block() + " is not the one that the trail remembers"));
        }
    }
}
