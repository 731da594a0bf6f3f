package org.twinkeep.consent.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.durable.AppendFile;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.durable.GroupCommit;
import org.twinkeep.consent.embedded.BlockFile.Tail;
import org.twinkeep.consent.embedded.Organisations.OtherPromised;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.Followers;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/**
 * A consent ledger in one file of the data folder: blocks that are chained by hash and signed by every organisation.
 *
 * <p>What it is: tamper-evident. Whoever changes, drops or reorders a block without all keys is found out, and whoever cuts
 * blocks off is found out by what the trail remembers. What it is not, as long as one operator keeps the file and all keys:
 * decentralised. He could write another history from the beginning; only checkpoints of the trail that others keep speak
 * against it, or an organisation that keeps its own key and copy (decision 0309).
 *
 * <p>Promise: a transaction is on the disk (fsync) before {@link #submit} returns; opening verifies every block and every
 * signature, and executes the contract again.
 */
public final class EmbeddedLedger implements ConsentLedger {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedLedger.class);

    private final Path path;
    private final Chain chain;
    private final AppendFile file;
    private volatile Organisations organisations;
    private final Clock clock;
    private final GroupCommit<Transaction, Position> commits = new GroupCommit<>(this::commit);
    private final Followers followers;
    private boolean closed;

    /** The line of the last block, which signers elsewhere have not seen complete; null until one is written. */
    private byte @Nullable [] last;

    private EmbeddedLedger(Path path, Chain chain, AppendFile file, Organisations organisations, Clock clock) {
        this.path = path;
        this.chain = chain;
        this.file = file;
        this.organisations = organisations;
        this.clock = clock;
        this.followers = new Followers(chain::head, chain::at);
    }

    /**
     * Opens the ledger, or founds one where nothing was ever remembered.
     *
     * @param remembered the furthest position that the trail remembers; {@link Position#NONE} when none
     * @throws LedgerUnavailable when a block was altered, when it is shorter than or different from what is remembered, or
     *     belongs to other organisations
     */
    public static EmbeddedLedger open(Path folder, Organisations organisations, Position remembered, Clock clock) {
        var path = folder.resolve(BlockFile.NAME);
        try {
            var read = BlockFile.read(path);
            if (read.chain() == null) {
                requireNothingRemembered(path, remembered);
                found(path, organisations, now(clock));
                read = BlockFile.read(path);
            }
            var chain = read.chain();
            if (chain == null) {
                throw new IllegalStateException("a ledger that was founded is there");
            }
            requireSame(path, chain.charter(), organisations.charter());
            requireRemembered(path, chain, remembered);
            return new EmbeddedLedger(path, chain, repaired(path, read), organisations, clock);
        } catch (IOException e) {
            throw new LedgerUnavailable(path + " cannot be read or written: check its owner and the disk.", e);
        } catch (BlockFile.Altered e) {
            throw new LedgerUnavailable(
                    path + ": " + e.getMessage() + ". Nobody is let in on it; put back the file from a backup.", e);
        }
    }

    private static void found(Path path, Organisations organisations, Instant at) throws IOException {
        var genesis = Block.genesis(organisations.charter(), at);
        DurableFiles.replace(path, lineOf(signed(organisations, genesis)));
    }

    /** Founding was broken off before: the block that an organisation signed then is the one that counts. */
    private static Block signed(Organisations organisations, Block genesis) {
        try {
            return organisations.sign(genesis, _ -> List.of());
        } catch (OtherPromised e) {
            if (!Chain.foundedBy(e.block()).equals(genesis.charter())) {
                throw new LedgerUnavailable("An organisation founded another ledger with its key already.", e);
            }
            return agreed(organisations, e.block(), _ -> List.of());
        }
    }

    private static Block agreed(Organisations organisations, Block promised, LongFunction<List<byte[]>> before) {
        try {
            return organisations.sign(promised.unsigned(), before);
        } catch (OtherPromised e) {
            throw new LedgerUnavailable(
                    "Organisations signed different blocks of one number. Their people have to look into it.", e);
        }
    }

    static AppendFile repaired(Path path, BlockFile read) throws IOException {
        if (read.tail() == Tail.TORN) {
            LOG.warn("{}: a block that was never acknowledged was cut off at byte {}", path, read.length());
        }
        var file = new AppendFile(path, read.length());
        if (read.tail() == Tail.WITHOUT_LINE_END) {
            LOG.warn("{}: the line end of the last block was missing and was written", path);
            file.append(new byte[] {'\n'});
        }
        return file;
    }

    private static void requireNothingRemembered(Path path, Position remembered) {
        if (remembered.block() >= 0) {
            throw new LedgerUnavailable(
                    path + " is missing, but the trail remembers block " + remembered.block()
                            + ". Put back the file from a backup.",
                    null);
        }
    }

    private static void requireRemembered(Path path, Chain chain, Position remembered) {
        if (remembered.block() > chain.head().block()) {
            throw new LedgerUnavailable(
                    path + " ends at block " + chain.head().block() + ", but the trail remembers block "
                            + remembered.block() + ": blocks were cut off. Put back the newer file.",
                    null);
        }
        if (remembered.block() >= 0 && !chain.at(remembered.block()).equals(remembered)) {
            throw new LedgerUnavailable(
                    path + ": block " + remembered.block() + " is not the one that the trail remembers. Put back the"
                            + " file that belongs to this data folder.",
                    null);
        }
    }

    private static void requireSame(Path path, Charter founded, Charter configured) {
        if (!founded.equals(configured)) {
            throw new LedgerUnavailable(
                    path + " was founded by other organisations. Put back the file that belongs to this data folder.",
                    null);
        }
    }

    @Override
    public Charter charter() {
        return chain.charter();
    }

    @Override
    public Position submit(Transaction transaction) {
        return commits.submit(transaction);
    }

    /**
     * Hands the key of an organisation over to another one, for ever: from the next block on the ledger takes the new key's
     * signatures alone. Broken off, it is said again; where it has that key already, its signer is brought up to date.
     *
     * @param organisation Provider or Oversight
     * @param to who has the new key
     * @throws LedgerUnavailable when somebody is out of reach or does not sign; then nothing was handed over
     */
    public Position handOver(String organisation, Organisation to) {
        return commits.alone(() -> {
            if (closed) {
                throw new LedgerUnavailable("the ledger is closed", null);
            }
            var now = chain.charter();
            if (!to.verifyingKey().equals(now.organisations().get(organisation))) {
                handOver(organisation, to, now.with(organisation, to.verifyingKey()));
            }
            to.bringUpToDate(this::linesAfter);
            return chain.head();
        });
    }

    private void handOver(String organisation, Organisation to, Charter charter) {
        var block = Block.handingOver(chain.head(), chain.notBeforeHead(now(clock)), charter);
        try {
            var next = chain.follows(block);
            write(organisations.handOver(block, to, this::linesAfter), next);
            organisations = organisations.with(organisation, to);
        } catch (OtherPromised e) {
            if (!charter.equals(e.block().charter())) {
                adopt(e.block());
                handOver(organisation, to, charter);
                return;
            }
            finish(e.block(), organisation, to);
        } catch (Chain.Broken e) {
            throw new LedgerUnavailable(
                    "The key of " + organisation + " cannot be handed over so: it " + e.why() + ".", e);
        }
    }

    /** Broken off after a signer had signed it. */
    private void finish(Block promised, String organisation, Organisation to) {
        try {
            var next = chain.follows(promised);
            write(organisations.handOver(promised.unsigned(), to, this::linesAfter), next);
            organisations = organisations.with(organisation, to);
        } catch (OtherPromised | Chain.Broken e) {
            throw new LedgerUnavailable(
                    "Organisations signed different blocks of one number. Their people have to look into it.", e);
        }
    }

    @Override
    public Optional<ConsentRecord> get(ConsentHandle handle) {
        var history = chain.historyOf(handle);
        return history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
    }

    @Override
    public List<ConsentRecord> historyOf(ConsentHandle handle) {
        return chain.historyOf(handle);
    }

    @Override
    public boolean wasRevoked(ConsentHandle handle) {
        return chain.wasRevoked(handle);
    }

    @Override
    public Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        return chain.asOf(handle, block);
    }

    @Override
    public List<ConsentRecord> recordedBy(long block) {
        return chain.recordedBy(block);
    }

    @Override
    public Position head() {
        return chain.head();
    }

    @Override
    public boolean isOversightApart(Instant at) {
        return organisations.isOversightApart() && chain.isSignedByThisOversight(at);
    }

    @Override
    public Standing standing() {
        return new Standing(Kept.EMBEDDED, 0, "", organisations.where());
    }

    @Override
    public void follow(long afterBlock, Consumer<Position> eachBlock) {
        commits.alone(() -> {
            followers.add(afterBlock, eachBlock);
            return followers;
        });
    }

    private List<Supplier<Position>> commit(List<Transaction> waiting) {
        if (closed) {
            throw new LedgerUnavailable("the ledger is closed", null);
        }
        var next = chain.new Next(chain.notBeforeHead(now(clock)));
        var outcomes =
                waiting.stream().map(transaction -> execute(next, transaction)).toList();
        if (!next.transactions().isEmpty()) {
            var block = Block.after(chain.head(), next.at(), next.transactions());
            try {
                write(organisations.sign(block, this::linesAfter), next);
            } catch (OtherPromised e) {
                adopt(e.block());
                return commit(waiting);
            }
        }
        return outcomes;
    }

    /** A block that was under way when the house stopped: an organisation signed it, so no other can take its place. */
    private void adopt(Block promised) {
        if (promised.charter() != null) {
            throw new LedgerUnavailable(
                    "Handing over the key of an organisation was broken off: say it again, and it goes on.", null);
        }
        try {
            var next = chain.follows(promised);
            write(agreed(organisations, promised, this::linesAfter), next);
        } catch (Chain.Broken e) {
            throw new LedgerUnavailable("An organisation says that it signed a block that " + e.why() + ".", e);
        }
    }

    private void write(Block block, Chain.Next next) {
        try {
            file.append(lineOf(block));
        } catch (IOException e) {
            throw new LedgerUnavailable(path + " cannot be written: is the disk full?", e);
        }
        chain.take(block, next);
        last = block.line();
        followers.catchUp();
    }

    private List<byte[]> linesAfter(long number) {
        if (last != null && number == chain.head().block() - 1) {
            return List.of(last);
        }
        try {
            return BlockFile.linesAfter(path, number, chain.head().block());
        } catch (IOException e) {
            throw new LedgerUnavailable(path + " cannot be read: check its owner and the disk.", e);
        }
    }

    /** Asked for after the block is durable: then the head is the block that holds it, or a later one. */
    private Supplier<Position> execute(Chain.Next next, Transaction transaction) {
        try {
            next.execute(transaction);
            return chain::head;
        } catch (LedgerRefused refused) {
            return () -> {
                throw refused;
            };
        }
    }

    private static byte[] lineOf(Block block) {
        var line = new ByteArrayOutputStream();
        line.writeBytes(block.line());
        line.write('\n');
        return line.toByteArray();
    }

    /** To the millisecond, as blocks say it. */
    private static Instant now(Clock clock) {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
        commits.alone(() -> {
            closed = true;
            try {
                file.close();
            } catch (IOException e) {
                LOG.warn("{} could not be closed: {}", path, e.getMessage());
            }
            return closed;
        });
    }
}
