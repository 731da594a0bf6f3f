package org.twinkeep.consent.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.contract.ConsentLife;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.embedded.BlockFile.Tail;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.witness.Unknown;

/**
 * Checks an embedded ledger offline: it needs the folder and nothing else, and changes nothing. Every block is verified to
 * the last signature and the contract executed again; the first block that was altered is named.
 *
 * @param endedByOrganisations how many consents that counted an organisation ended, and not their own key; what such a
 *     consent denied holds (decision 0328)
 * @param charter what the ledger says it was founded on; compare its keys with those you know. Null when it cannot be read
 * @param tornTail the file ends in the beginning of a block that was never acknowledged; that is no problem
 * @param witnessed the anchors and erasures that it holds
 */
public record LedgerCheck(
        Position head,
        int consents,
        int endedByOrganisations,
        @Nullable Charter charter,
        boolean tornTail,
        List<ConsentRecord> witnessed,
        List<Problem> problems) {

    /** @param file as named in the folder */
    public record Problem(String file, String what) {}

    /** @param remembered the furthest position that the trail remembers; {@link Position#NONE} when not known */
    public static LedgerCheck of(Path folder, Position remembered) {
        var problems = new ArrayList<Problem>();
        var file = folder.resolve(BlockFile.NAME);
        try {
            var read = BlockFile.read(file);
            var chain = read.chain();
            if (chain == null) {
                if (remembered.block() >= 0) {
                    problems.add(new Problem(BlockFile.NAME, "is missing; the trail remembers " + blocks(remembered)));
                }
                return new LedgerCheck(Position.NONE, 0, 0, null, false, List.of(), problems);
            }
            if (remembered.block() > chain.head().block()) {
                problems.add(new Problem(
                        BlockFile.NAME,
                        "ends at block " + chain.head().block() + "; the trail remembers " + blocks(remembered)));
            } else if (remembered.block() >= 0 && !chain.at(remembered.block()).equals(remembered)) {
                problems.add(new Problem(
                        BlockFile.NAME, "block " + remembered.block() + " is not the one that the trail remembers"));
            }
            problems.addAll(undelivered(
                    folder,
                    chain.charter(),
                    handle -> chain.historyOf(handle).reversed().stream().findFirst()));
            return new LedgerCheck(
                    chain.head(),
                    chain.consents(),
                    chain.endedByOrganisations(),
                    chain.charter(),
                    read.tail() == Tail.TORN,
                    witnessed(chain),
                    List.copyOf(problems));
        } catch (BlockFile.Altered e) {
            problems.add(new Problem(BlockFile.NAME, String.valueOf(e.getMessage())));
        } catch (IOException e) {
            problems.add(new Problem(BlockFile.NAME, "cannot be read"));
        }
        return new LedgerCheck(Position.NONE, 0, 0, null, false, List.of(), List.copyOf(problems));
    }

    private static List<ConsentRecord> witnessed(Chain chain) {
        return LongStream.rangeClosed(0, chain.head().block())
                .boxed()
                .flatMap(block -> chain.recordedBy(block).stream())
                .filter(Unknown::isWitness)
                .toList();
    }

    private static String blocks(Position remembered) {
        return "block " + remembered.block();
    }

    /**
     * What is wrong with the ends that wait to be delivered.
     *
     * @param records what the ledger recorded last of a consent
     */
    public static List<Problem> undelivered(
            Path folder, Charter charter, Function<ConsentHandle, Optional<ConsentRecord>> records) throws IOException {
        try {
            for (var end : Undelivered.read(folder.resolve(Undelivered.FILE))) {
                ConsentLife.of(records.apply(end.transaction().handle()))
                        .decide(end.transaction(), charter, end.since());
            }
        } catch (LedgerRefused e) {
            if (e.why() != LedgerRefused.Why.ALREADY_ENDED) {
                return List.of(new Problem(Undelivered.FILE, String.valueOf(e.getMessage())));
            }
        } catch (NotCanonical e) {
            return List.of(new Problem(Undelivered.FILE, String.valueOf(e.getMessage())));
        }
        return List.of();
    }
}
