package org.twinkeep.consent.fabric;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.embedded.OldBlocks;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/**
 * The ledger of a house that went over to a Fabric network: its old blocks, then the network's, counted on. Positions that
 * the trail remembers, and decisions made again as of an old block, are what they were; what was recorded before is read
 * from the old blocks, to the byte. The old blocks' head is anchored on the network: with others in their place, or on
 * another network, the house does not open.
 */
public final class CarriedLedger implements ConsentLedger {

    private final OldBlocks old;
    private final FabricLedger network;

    private CarriedLedger(OldBlocks old, FabricLedger network) {
        this.old = old;
        this.network = network;
    }

    /** As {@link FabricLedger#open}, for a house whose old blocks lie in the folder. */
    public static CarriedLedger open(FabricAccess access, Charter charter, Path folder, Position remembered) {
        var old = OldBlocks.read(folder);
        if (!old.charter().equals(charter)) {
            throw new LedgerUnavailable(
                    folder.resolve(OldBlocks.FILE)
                            + " was founded by other organisations. Put back the file that belongs"
                            + " to this data folder.",
                    null);
        }
        if (remembered.block() >= 0
                && remembered.block() <= old.head().block()
                && !old.at(remembered.block()).equals(remembered)) {
            throw new LedgerUnavailable(
                    folder.resolve(OldBlocks.FILE) + ": block " + remembered.block() + " is not the one that the trail"
                            + " remembers. Put back the file that belongs to this data folder.",
                    null);
        }
        var network = FabricLedger.openFounded(access, charter, folder, onNetwork(old, remembered));
        if (network.get(CarryOver.anchorOf(old)).isEmpty()) {
            network.close();
            throw new LedgerUnavailable(
                    "The network does not hold the head of this house's old blocks: it is another network, or "
                            + folder.resolve(OldBlocks.FILE) + " is not the file that was carried over.",
                    null);
        }
        return new CarriedLedger(old, network);
    }

    /** A position of the house's, as the network counts; none for one of the old blocks. */
    static Position onNetwork(OldBlocks old, Position position) {
        long block = position.block() - old.head().block() - 1;
        return block < 0 ? Position.NONE : new Position(block, position.hash());
    }

    /** A position of the network's, as the house counts. */
    static Position afterOld(OldBlocks old, Position position) {
        return position.block() < 0
                ? old.head()
                : new Position(old.head().block() + 1 + position.block(), position.hash());
    }

    private long onNetwork(long block) {
        return block - old.head().block() - 1;
    }

    @Override
    public Charter charter() {
        return network.charter();
    }

    @Override
    public Position submit(Transaction transaction) {
        return afterOld(old, network.submit(transaction));
    }

    @Override
    public Optional<ConsentRecord> get(ConsentHandle handle) {
        return last(old.historyOf(handle), network.get(handle));
    }

    @Override
    public List<ConsentRecord> historyOf(ConsentHandle handle) {
        return historyOf(old, network.historyOf(handle), handle);
    }

    static List<ConsentRecord> historyOf(OldBlocks old, List<ConsentRecord> onNetwork, ConsentHandle handle) {
        var history = new ArrayList<>(old.historyOf(handle));
        onNetwork.stream()
                .filter(record -> record.step() > history.size())
                .toList()
                .forEach(history::add);
        return List.copyOf(history);
    }

    @Override
    public boolean wasRevoked(ConsentHandle handle) {
        return old.wasRevoked(handle) || network.wasRevoked(handle);
    }

    @Override
    public Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        return block <= old.head().block()
                ? old.asOf(handle, block)
                : last(old.historyOf(handle), network.asOf(handle, onNetwork(block)));
    }

    /** What the network says counts from the step after the old ones: those before it only repeats. */
    private static Optional<ConsentRecord> last(List<ConsentRecord> before, Optional<ConsentRecord> now) {
        return now.filter(record -> record.step() > before.size())
                .or(() -> before.isEmpty() ? Optional.empty() : Optional.of(before.getLast()));
    }

    @Override
    public List<ConsentRecord> recordedBy(long block) {
        return block <= old.head().block()
                ? old.recordedBy(block)
                : network.recordedBy(onNetwork(block)).stream()
                        .flatMap(record ->
                                Stream.ofNullable(asOf(record.handle(), block).orElse(null)))
                        .toList();
    }

    @Override
    public Position head() {
        return afterOld(old, network.head());
    }

    @Override
    public void requireCurrent() {
        network.requireCurrent();
    }

    @Override
    public Standing standing() {
        return network.standing();
    }

    @Override
    public void follow(long afterBlock, Consumer<Position> eachBlock) {
        for (long block = Math.max(0, afterBlock + 1); block <= old.head().block(); block++) {
            eachBlock.accept(old.at(block));
        }
        network.follow(
                onNetwork(Math.max(afterBlock, old.head().block())),
                position -> eachBlock.accept(afterOld(old, position)));
    }

    @Override
    public void close() {
        network.close();
    }
}
