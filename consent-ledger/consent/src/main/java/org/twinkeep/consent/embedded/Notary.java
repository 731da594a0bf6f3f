package org.twinkeep.consent.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.contract.AskedToSign;
import org.twinkeep.consent.durable.AppendFile;
import org.twinkeep.consent.durable.CanonicalReader.NotCanonical;
import org.twinkeep.consent.durable.DurableFiles;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * Signs for one organisation with its key, apart from the house: reads what it is asked to sign, executes the contract on its
 * own copy of the ledger, and refuses what does not follow (decision 0309).
 *
 * <p>Promise: of each number it signs one block, ever, also over restarts; it signs nothing but blocks that its contract
 * allows, after the organisations before it in the order of their names, and acts of its own organisation. While the ledger has
 * another key of its organisation, it signs nothing but the block that hands over to this one.
 */
public final class Notary implements AutoCloseable {

    private static final String PROMISED = "promised.json";

    /** How far the house's clock may be ahead of ours. */
    private static final Duration AHEAD = Duration.ofMinutes(2);

    /** What it answers to a block that it is asked to sign. */
    @SuppressWarnings("ArrayRecordComponent")
    public sealed interface Reply {
        record Signed(byte[] signature) implements Reply {}

        /** It signed this other block of that number before. */
        record Promised(byte[] line) implements Reply {}

        /** It needs the blocks after this one first. */
        record Behind(long head) implements Reply {}

        /** @param why in words that quote nothing */
        record Refused(String why) implements Reply {}
    }

    private final String organisation;
    private final SigningKey key;
    private final Path folder;
    private final Set<String> unsigned;
    private final Clock clock;
    private final RandomAccessFile lock;

    private @Nullable Chain chain;
    private @Nullable AppendFile file;
    private @Nullable Block promised;

    private Notary(
            String organisation,
            SigningKey key,
            Path folder,
            Set<String> unsigned,
            Clock clock,
            RandomAccessFile lock) {
        this.organisation = organisation;
        this.key = key;
        this.folder = folder;
        this.unsigned = new TreeSet<>(unsigned);
        this.clock = clock;
        this.lock = lock;
    }

    /**
     * Opens the copy of the ledger, verified to the last signature; an empty folder waits for a ledger to be founded.
     *
     * @param unsigned acts that this organisation does not sign this way, by their names on the ledger
     * @throws LedgerUnavailable when the copy was altered or another process has it
     */
    public static Notary open(String organisation, SigningKey key, Path folder, Set<String> unsigned, Clock clock) {
        try {
            DurableFiles.makeFolder(folder);
            var notary = new Notary(organisation, key, folder, unsigned, clock, locked(folder));
            try {
                notary.read();
            } catch (IOException | RuntimeException e) {
                notary.lock.close();
                throw e;
            }
            return notary;
        } catch (IOException e) {
            throw new LedgerUnavailable(folder + " cannot be read or written: check its owner and the disk.", e);
        } catch (BlockFile.Altered | NotCanonical e) {
            throw new LedgerUnavailable(
                    folder + " was altered (" + e.getMessage() + "). Nothing is signed on it; put it back from a backup"
                            + " that is not older.",
                    e);
        }
    }

    private static RandomAccessFile locked(Path folder) throws IOException {
        var file = new RandomAccessFile(folder.resolve("lock").toFile(), "rw");
        FileLock lock;
        try {
            lock = file.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            file.close();
            throw new LedgerUnavailable(folder + " is in use by another signer.", null);
        }
        return file;
    }

    private void read() throws IOException {
        var path = folder.resolve(BlockFile.NAME);
        var read = BlockFile.read(path);
        chain = read.chain();
        if (chain != null) {
            file = EmbeddedLedger.repaired(path, read);
        }
        var promise = folder.resolve(PROMISED);
        if (Files.exists(promise)) {
            var block = Block.read(Files.readAllBytes(promise));
            promised = block.number() == next() ? block : null;
        }
    }

    /** The last block of the copy. */
    public synchronized Position head() {
        return chain == null ? Position.NONE : chain.head();
    }

    /** Signs an act of this organisation. @throws LedgerRefused where it is none, or none that is signed this way */
    public synchronized byte[] act(byte[] act) {
        if (chain != null && !isOurs(chain.charter())) {
            throw new LedgerRefused(LedgerRefused.Why.NO_SUCH_ORGANISATION);
        }
        var asked = AskedToSign.read(act, channel(), organisation, key, clock.instant());
        if (unsigned.contains(asked.word())) {
            throw new LedgerRefused(LedgerRefused.Why.NO_SUCH_ORGANISATION);
        }
        return key.sign(act);
    }

    /** The first block may be signed here, and not complete yet. */
    private String channel() {
        if (chain != null) {
            return chain.charter().channel();
        }
        if (promised == null) {
            throw new LedgerRefused(LedgerRefused.Why.UNKNOWN_HANDLE);
        }
        return Chain.foundedBy(promised).channel();
    }

    /**
     * Takes up blocks that everybody signed.
     *
     * @return the last block of the copy then
     * @throws LedgerUnavailable when they do not follow, or are not those that this organisation knows
     */
    public synchronized long take(List<byte[]> lines) {
        for (var line : lines) {
            try {
                take(line, Block.read(line));
            } catch (NotCanonical e) {
                throw new LedgerUnavailable("what came is no block", e);
            } catch (Chain.Broken e) {
                throw new LedgerUnavailable("the block " + e.why(), e);
            } catch (IOException e) {
                throw new LedgerUnavailable(folder + " cannot be written: is the disk full?", e);
            }
        }
        return next() - 1;
    }

    private void take(byte[] line, Block block) throws IOException {
        if (block.number() < next()) {
            if (!Objects.requireNonNull(chain).at(block.number()).equals(block.position())) {
                throw new Chain.Broken("is of another history than the one that was signed");
            }
            return;
        }
        if (promised != null && !promised.position().equals(block.position())) {
            throw new Chain.Broken("is another one than this organisation signed");
        }
        if (chain == null) {
            var founded = new Chain(block);
            var path = folder.resolve(BlockFile.NAME);
            DurableFiles.replace(path, withEnd(line));
            file = new AppendFile(path, line.length + 1L);
            chain = founded;
        } else {
            var checked = chain.follows(block);
            if (!block.isSignedBy(chain.signersOf(block))) {
                throw new Chain.Broken("is not signed by every organisation");
            }
            Objects.requireNonNull(file).append(withEnd(line));
            chain.take(block, checked);
        }
        promised = null;
    }

    /** Signs a block that may lack signatures of organisations after this one. */
    public synchronized Reply block(byte[] line) {
        try {
            var block = Block.read(line);
            if (block.number() > next()) {
                return new Reply.Behind(next() - 1);
            }
            if (block.number() < next()) {
                return new Reply.Refused(
                        "the house's ledger is shorter than what was signed: blocks were cut off, or an old copy was"
                                + " put back");
            }
            if (promised != null && !promised.position().equals(block.position())) {
                return new Reply.Promised(promised.line());
            }
            check(block);
            var signature = key.sign(block.header());
            if (promised == null && isBound()) {
                var kept = block.with(organisation, signature);
                DurableFiles.replace(folder.resolve(PROMISED), kept.line());
                promised = kept;
            }
            return new Reply.Signed(signature);
        } catch (NotCanonical e) {
            return new Reply.Refused("it is no block");
        } catch (Chain.Broken e) {
            return new Reply.Refused("it " + e.why());
        } catch (IOException e) {
            return new Reply.Refused("the signer cannot write down what it signs");
        }
    }

    private void check(Block block) {
        if (block.at().isAfter(clock.instant().plus(AHEAD))) {
            throw new Chain.Broken("is of a time that has not come");
        }
        var ledger = chain;
        var before = ledger == null ? Chain.foundedBy(block) : ledger.charter();
        var expected = new TreeMap<>(before.organisations().headMap(organisation));
        var next = block.charter();
        if (ledger != null) {
            ledger.follows(block);
            if (next != null) {
                if (isHandedToUs(before, next)) {
                    return;
                }
                expected.put(
                        Block.NEW_KEY,
                        Objects.requireNonNull(ledger.signersOf(block).get(Block.NEW_KEY)));
            }
        }
        if (!isOurs(before)) {
            throw new Chain.Broken("is of a ledger with another key of " + organisation);
        }
        if (!block.isSignedBy(expected)) {
            throw new Chain.Broken("is not signed by the organisations before this one");
        }
    }

    /** To this key it is signed first, and nothing is promised by that; a key that lies here is never handed on. */
    private boolean isHandedToUs(Charter before, Charter next) {
        if (!Chain.handedOver(before, next).equals(organisation)) {
            return false;
        }
        if (isOurs(before) || !isOurs(next)) {
            throw new Chain.Broken("hands the key of " + organisation + " to somebody else");
        }
        return true;
    }

    /** Whether the ledger takes this key's signatures, so that it may sign one block of a number alone. */
    private boolean isBound() {
        return chain == null || isOurs(chain.charter());
    }

    private boolean isOurs(Charter charter) {
        return key.verifyingKey().equals(charter.organisations().get(organisation));
    }

    private long next() {
        return chain == null ? 0 : chain.head().block() + 1;
    }

    private static byte[] withEnd(byte[] line) {
        var whole = Arrays.copyOf(line, line.length + 1);
        whole[line.length] = '\n';
        return whole;
    }

    @Override
    public synchronized void close() {
        try (lock) {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            throw new LedgerUnavailable(folder + " cannot be closed.", e);
        }
    }
}
