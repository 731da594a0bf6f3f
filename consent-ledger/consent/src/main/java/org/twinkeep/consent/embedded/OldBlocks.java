package org.twinkeep.consent.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/**
 * The blocks of an embedded ledger that is carried over to another one: the house's past, and the proof of it. Reading
 * verifies every block to the last signature and executes the contract again; nothing is written.
 */
public final class OldBlocks {

    public static final String FILE = BlockFile.NAME;

    private final Path file;
    private final Chain chain;

    private OldBlocks(Path file, Chain chain) {
        this.file = file;
        this.chain = chain;
    }

    public static boolean areIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** @throws LedgerUnavailable when they cannot be read or a block was altered */
    public static OldBlocks read(Path folder) {
        var file = folder.resolve(FILE);
        try {
            var chain = BlockFile.read(file).chain();
            if (chain == null) {
                throw new LedgerUnavailable(file + " is missing. Put it back from a backup.", null);
            }
            return new OldBlocks(file, chain);
        } catch (IOException e) {
            throw new LedgerUnavailable(file + " cannot be read: check its owner and the disk.", e);
        } catch (BlockFile.Altered e) {
            throw new LedgerUnavailable(file + ": " + e.getMessage() + ". Put back the file from a backup.", e);
        }
    }

    public Charter charter() {
        return chain.charter();
    }

    /** Whether an organisation signed with one key first and with another one later. */
    public boolean isHandedOver() {
        return chain.isHandedOver();
    }

    /** The last of them. */
    public Position head() {
        return chain.head();
    }

    /** The position of a block, or none when it is not one of them. */
    public Position at(long block) {
        return chain.at(block);
    }

    public List<ConsentRecord> historyOf(ConsentHandle handle) {
        return chain.historyOf(handle);
    }

    /** Every handle under which something is recorded. */
    public Set<ConsentHandle> handles() {
        return chain.handles();
    }

    public boolean wasRevoked(ConsentHandle handle) {
        return chain.wasRevoked(handle);
    }

    public Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        return chain.asOf(handle, block);
    }

    public List<ConsentRecord> recordedBy(long block) {
        return chain.recordedBy(block);
    }

    /** Every transaction, in the order of the blocks. */
    public List<Transaction> transactions() {
        try {
            return BlockFile.linesAfter(file, -1, head().block()).stream()
                    .flatMap(line -> Block.read(line).transactions().stream())
                    .toList();
        } catch (IOException | NotCanonical e) {
            throw new LedgerUnavailable(file + " cannot be read: check its owner and the disk.", e);
        }
    }
}
