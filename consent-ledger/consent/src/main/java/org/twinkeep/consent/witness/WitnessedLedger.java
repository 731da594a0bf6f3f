package org.twinkeep.consent.witness;

import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/**
 * A ledger that is believed against the folder it is opened from: while it holds a checkpoint or an erasure that the house
 * does not know, the house is an older copy of itself, and no decision may rely on it. Also where that comes to light after
 * the house was opened, because its peer was away.
 */
public final class WitnessedLedger implements ConsentLedger {

    private final ConsentLedger ledger;
    private final Path folder;
    private final Supplier<Set<String>> receipts;
    private final Set<String> ownBlocks = new HashSet<>();
    private final List<ConsentRecord> unknown = new CopyOnWriteArrayList<>();
    private Anchored anchored;
    private Set<String> hashes = Set.of();

    private WitnessedLedger(ConsentLedger ledger, Path folder, Supplier<Set<String>> receipts) {
        this.ledger = ledger;
        this.folder = folder;
        this.receipts = receipts;
        this.anchored = Anchored.in(folder);
    }

    /**
     * Asks it at once.
     *
     * @param ledger closed where it speaks against the folder; else the answer's to close
     * @param folder where {@link Anchored} lies
     * @param receipts reads the hashes of the receipts that the house's erasure ledger holds
     * @throws LedgerUnavailable when it holds what the house does not know
     */
    public static WitnessedLedger over(ConsentLedger ledger, Path folder, Supplier<Set<String>> receipts) {
        try {
            var witnessed = new WitnessedLedger(ledger, folder, receipts);
            ledger.follow(-1, witnessed::take);
            witnessed.requireKnown();
            return witnessed;
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    /** The head of a ledger that was carried over is anchored too: it is a block of this one. */
    private void take(Position block) {
        ownBlocks.add(block.hash());
        ledger.recordedBy(block.block()).stream()
                .filter(Unknown::isWitness)
                .filter(record -> !ownBlocks.contains(record.commitment()) && !isKnown(record))
                .forEach(unknown::add);
    }

    private boolean isKnown(ConsentRecord record) {
        if (!Unknown.knows(record, anchored, hashes)) {
            anchored = Anchored.in(folder);
            hashes = receipts.get();
        }
        return Unknown.knows(record, anchored, hashes);
    }

    private void requireKnown() {
        if (!unknown.isEmpty()) {
            throw new LedgerUnavailable(new Unknown(List.copyOf(unknown)).inWords(), null);
        }
    }

    @Override
    public void requireCurrent() {
        ledger.requireCurrent();
        requireKnown();
    }

    @Override
    public boolean isOversightApart(Instant at) {
        return ledger.isOversightApart(at);
    }

    @Override
    public Standing standing() {
        var standing = ledger.standing();
        return unknown.isEmpty()
                ? standing
                : new Standing(
                        standing.kept(),
                        standing.behind(),
                        new Unknown(List.copyOf(unknown)).inWords(),
                        standing.keys());
    }

    @Override
    public Charter charter() {
        return ledger.charter();
    }

    @Override
    public Position submit(Transaction transaction) {
        return ledger.submit(transaction);
    }

    @Override
    public Optional<ConsentRecord> get(ConsentHandle handle) {
        return ledger.get(handle);
    }

    @Override
    public List<ConsentRecord> historyOf(ConsentHandle handle) {
        return ledger.historyOf(handle);
    }

    @Override
    public boolean wasRevoked(ConsentHandle handle) {
        return ledger.wasRevoked(handle);
    }

    @Override
    public Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        return ledger.asOf(handle, block);
    }

    @Override
    public List<ConsentRecord> recordedBy(long block) {
        return ledger.recordedBy(block);
    }

    @Override
    public Position head() {
        return ledger.head();
    }

    @Override
    public void follow(long afterBlock, Consumer<Position> eachBlock) {
        ledger.follow(afterBlock, eachBlock);
    }

    @Override
    public void close() {
        ledger.close();
    }
}
