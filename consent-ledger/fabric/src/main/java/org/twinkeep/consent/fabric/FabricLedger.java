package org.twinkeep.consent.fabric;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hyperledger.fabric.client.CloseableIterator;
import org.hyperledger.fabric.client.GatewayException;
import org.hyperledger.fabric.client.GatewayRuntimeException;
import org.hyperledger.fabric.protos.common.Block;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.ConsentLife;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.Followers;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.TransactionJson;
import org.twinkeep.crypto.json.CanonicalJson;

/**
 * The consent ledger on a Hyperledger Fabric network, reached through our own organisation's peer.
 *
 * <p>Reads never ask the network: every block is followed from the first one and kept, its hashes are checked, and the contract is
 * executed again on what it holds, so that a peer can withhold but not invent. {@link #requireCurrent} fails once the index
 * may be older than {@link #STALE_AFTER}. It trusts its peer for the finding which transactions are valid, and for having
 * the newest block.
 *
 * <p>A position is a block of the channel: its number and header hash.
 */
public final class FabricLedger implements ConsentLedger {

    /** How long the peer may be out of reach, or ahead of us, before decisions fail closed. */
    public static final Duration STALE_AFTER = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(FabricLedger.class);
    private static final Duration PULSE = Duration.ofSeconds(1);
    private static final Duration TO_COMMIT = Duration.ofSeconds(30);
    private static final Duration TO_CATCH_UP = Duration.ofSeconds(60);
    private static final Duration TO_AGREE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);
    private static final int MISSED_PULSES = 3;
    private static final String REFUSED = "refused: ";
    private static final byte[] RECORDED = "recorded".getBytes(UTF_8);

    private final FabricAccess access;
    private final Charter charter;
    private final Replica replica;
    private final KeptBlocks kept;
    private final Followers followers;
    private final Map<String, CompletableFuture<TxValidationCode>> waiting = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread following;
    private final Thread pulse;

    private volatile Line line;
    private volatile @Nullable CloseableIterator<Block> stream;
    private volatile @Nullable LedgerUnavailable broken;
    private volatile long currentAt = System.nanoTime() - STALE_AFTER.toNanos() - 1;
    private volatile long peersHead = -1;

    private FabricLedger(FabricAccess access, Charter charter, Path folder) throws IOException {
        this.access = access;
        this.charter = charter;
        this.replica = new Replica(charter.channel());
        this.kept = KeptBlocks.open(folder, block -> replica.accept(FabricBlock.read(block, access.chaincode())));
        this.followers = new Followers(replica::head, replica::at);
        this.line = new Line(access);
        this.following =
                Thread.ofPlatform().daemon().name("consent-ledger-blocks").unstarted(this::followBlocks);
        this.pulse = Thread.ofPlatform().daemon().name("consent-ledger-pulse").unstarted(this::keepPulse);
    }

    /**
     * Joins the network: takes up the blocks that are kept here, reads those that are not, and founds the house's ledger
     * there if nothing was ever remembered. While the peer is out of reach, a house whose blocks are here opens with what it
     * knew: consents can be ended, and every decision is a denial until the peer answers.
     *
     * @param charter the house's; its channel is the house's name in every signature, not Fabric's
     * @param folder where the network's blocks are kept
     * @param remembered the furthest position that the trail remembers; {@link Position#NONE} when none
     * @throws LedgerUnavailable when the peer cannot be reached and must be, when its chain is shorter than or different from
     *     what is remembered, or when the house was founded there by others
     */
    public static FabricLedger open(FabricAccess access, Charter charter, Path folder, Position remembered) {
        return open(access, charter, folder, remembered, remembered.block() < 0);
    }

    /** The same for a house that was founded there: where it was not, it is another network. */
    static FabricLedger openFounded(FabricAccess access, Charter charter, Path folder, Position remembered) {
        return open(access, charter, folder, remembered, false);
    }

    private static FabricLedger open(
            FabricAccess access, Charter charter, Path folder, Position remembered, boolean mayFound) {
        FabricLedger ledger;
        try {
            ledger = new FabricLedger(access, charter, folder);
        } catch (IOException e) {
            throw new LedgerUnavailable(
                    folder.resolve(KeptBlocks.NAME) + " cannot be read or written: check its owner and the disk.", e);
        }
        try {
            ledger.following.start();
            ledger.catchUp(remembered);
            ledger.found(mayFound);
            ledger.pulse.start();
            return ledger;
        } catch (RuntimeException e) {
            ledger.close();
            throw e;
        }
    }

    private void catchUp(Position remembered) {
        try {
            peersHead = line.height() - 1;
        } catch (GatewayException | GatewayRuntimeException e) {
            if (replica.charter().isEmpty() || replica.head().block() < remembered.block()) {
                throw outOfReach(e);
            }
            LOG.warn("The ledger's peer does not answer: consents can be ended, nobody is let in until it does.");
            requireRemembered(remembered);
            return;
        }
        long until = Math.max(peersHead, remembered.block());
        if (!comesTrue(() -> replica.head().block() >= until, TO_CATCH_UP)) {
            throw new LedgerUnavailable(
                    "The peer's chain ends at block " + replica.head().block() + ", but block " + until
                            + " is remembered or known to it. Let the peer catch up, or ask another peer.",
                    null);
        }
        currentAt = System.nanoTime();
        requireRemembered(remembered);
    }

    private void requireRemembered(Position remembered) {
        if (remembered.block() >= 0 && !replica.at(remembered.block()).equals(remembered)) {
            throw new LedgerUnavailable(
                    "Block " + remembered.block() + " of the network is not the one that the trail remembers: this is"
                            + " another network, or another history of it.",
                    null);
        }
    }

    private void found(boolean mayFound) {
        if (replica.charter().isEmpty()) {
            if (!mayFound) {
                throw new LedgerUnavailable(
                        "This house was never founded on this network. Name the network that it is on.", null);
            }
            settle(KeyedContract.FOUND, () -> replica.charter().isPresent(), () -> null, foundation());
        }
        if (!replica.charter().equals(Optional.of(charter))) {
            throw new LedgerUnavailable(
                    "A house of this name was founded on this network by other organisations.", null);
        }
    }

    private byte[] foundation() {
        return CanonicalJson.bytes(CharterJson.write(charter));
    }

    @Override
    public Charter charter() {
        return charter;
    }

    @Override
    public Position submit(Transaction transaction) {
        var bytes = CanonicalJson.bytes(TransactionJson.write(transaction));
        return settle(
                KeyedContract.SUBMIT,
                () -> isRecorded(transaction),
                () -> refusalOfOurOwn(transaction),
                charter.channel().getBytes(UTF_8),
                bytes);
    }

    /**
     * Asks until it is settled. Peers are not all at the same block: who lost a race is told to ask again, and a refusal
     * counts once our own index agrees, or when it is said again and again.
     */
    private Position settle(
            String function,
            BooleanSupplier recorded,
            Supplier<LedgerRefused.@Nullable Why> ours,
            byte[]... arguments) {
        LedgerRefused.Why said = null;
        long end = System.nanoTime() + TO_AGREE.toNanos();
        for (int attempt = 0; System.nanoTime() < end; attempt++) {
            requireOpen();
            var answer = ask(function, arguments);
            switch (answer) {
                case Committed(var code)
                when code == TxValidationCode.VALID -> {
                    return replica.head();
                }
                case Committed(var code)
                when code == TxValidationCode.MVCC_READ_CONFLICT || code == TxValidationCode.PHANTOM_READ_CONFLICT -> {
                    continue;
                }
                case Committed(var code) ->
                    throw new LedgerUnavailable(
                            "The network did not accept the transaction (" + code + "): check which organisations'"
                                    + " peers endorse.",
                            null);
                case Known _ -> {
                    if (comesTrue(recorded, TO_COMMIT)) {
                        return replica.head();
                    }
                    throw new LedgerUnavailable("The block that holds the transaction did not come in time.", null);
                }
                case Refused(var why) -> {
                    if (why == ours.get()) {
                        throw new LedgerRefused(why);
                    }
                    said = why;
                }
                case Differing _ -> {}
            }
            pause(Math.min(25L * (attempt + 1), LONGEST_PAUSE.toMillis()));
        }
        if (said != null) {
            throw new LedgerRefused(said);
        }
        throw new LedgerUnavailable(
                "The organisations' peers did not come to one answer: check that enough of them run.", null);
    }

    private sealed interface Answer {}

    /** It stands in a block, with the peers' finding. */
    private record Committed(TxValidationCode code) implements Answer {}

    /** All of it was recorded before. */
    private record Known() implements Answer {}

    private record Refused(LedgerRefused.Why why) implements Answer {}

    /** The peers answered differently, because one of them is behind, or have not found each other yet. */
    private record Differing() implements Answer {}

    private Answer ask(String function, byte[]... arguments) {
        var mine = new CompletableFuture<TxValidationCode>();
        String id = null;
        try {
            var proposal = line.contract()
                    .newProposal(function)
                    .addArguments(arguments)
                    .build();
            id = proposal.getTransactionId();
            var endorsed = proposal.endorse();
            if (Arrays.equals(endorsed.getResult(), RECORDED)) {
                return new Known();
            }
            waiting.put(id, mine);
            endorsed.submitAsync();
            return new Committed(mine.get(TO_COMMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (GatewayException e) {
            return understood(e);
        } catch (GatewayRuntimeException e) {
            throw outOfReach(e);
        } catch (TimeoutException | ExecutionException e) {
            throw new LedgerUnavailable("The network took the transaction but no block came with it in time.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailable("Waiting for the network was interrupted.", e);
        } finally {
            if (id != null) {
                waiting.remove(id);
            }
        }
    }

    private static Answer understood(GatewayException e) {
        for (var detail : e.getDetails()) {
            for (var why : LedgerRefused.Why.values()) {
                if (detail.getMessage().contains(REFUSED + why.words())) {
                    return new Refused(why);
                }
            }
            if (detail.getMessage().contains("do not match")) {
                return new Differing();
            }
        }
        if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
            return new Differing();
        }
        throw outOfReach(e);
    }

    private static LedgerUnavailable outOfReach(Exception e) {
        var who = new StringBuilder();
        if (e instanceof GatewayException gateway) {
            who.append(" (").append(gateway.getStatus().getCode());
            gateway.getDetails()
                    .forEach(detail -> who.append("; ")
                            .append(detail.getMspId())
                            .append(" at ")
                            .append(detail.getAddress()));
            who.append(')');
        }
        return new LedgerUnavailable(
                "The Fabric network cannot take this now" + who + ": check that the peers, their chaincode and the"
                        + " orderer run.",
                e);
    }

    private boolean isRecorded(Transaction transaction) {
        try {
            return life(transaction.handle())
                    .decide(transaction, charter, Instant.EPOCH)
                    .isEmpty();
        } catch (LedgerRefused e) {
            return false;
        }
    }

    /** By our own clock, which peers share to within a quarter of an hour (Fabric's time window). */
    private LedgerRefused.@Nullable Why refusalOfOurOwn(Transaction transaction) {
        try {
            life(transaction.handle()).decide(transaction, charter, Instant.now());
            return null;
        } catch (LedgerRefused e) {
            return e.why();
        }
    }

    private ConsentLife life(ConsentHandle handle) {
        return ConsentLife.of(get(handle));
    }

    @Override
    public Optional<ConsentRecord> get(ConsentHandle handle) {
        var history = historyOf(handle);
        return history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
    }

    @Override
    public List<ConsentRecord> historyOf(ConsentHandle handle) {
        return replica.historyOf(handle);
    }

    @Override
    public boolean wasRevoked(ConsentHandle handle) {
        return replica.wasRevoked(handle);
    }

    @Override
    public Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        return replica.asOf(handle, block);
    }

    @Override
    public List<ConsentRecord> recordedBy(long block) {
        return replica.recordedBy(block);
    }

    @Override
    public Position head() {
        return replica.head();
    }

    @Override
    public void requireCurrent() {
        var why = broken;
        if (why != null) {
            throw why;
        }
        if (System.nanoTime() - currentAt > STALE_AFTER.toNanos()) {
            throw new LedgerUnavailable(
                    "The ledger's peer was not heard of for " + STALE_AFTER.toSeconds() + " seconds.", null);
        }
    }

    @Override
    public Standing standing() {
        long behind = Math.max(0, peersHead - replica.head().block());
        try {
            requireOpen();
            requireCurrent();
            return new Standing(Kept.FABRIC, behind, "", Map.of());
        } catch (LedgerUnavailable e) {
            return new Standing(Kept.FABRIC, behind, String.valueOf(e.getMessage()), Map.of());
        }
    }

    @Override
    public void follow(long afterBlock, Consumer<Position> eachBlock) {
        synchronized (followers) {
            followers.add(afterBlock, eachBlock);
        }
    }

    /** Until closed: takes blocks as they come, and comes back where it stopped when the stream breaks. */
    private void followBlocks() {
        while (closed.getCount() > 0 && broken == null) {
            try (var blocks = line.blocksFrom(replica.head().block() + 1)) {
                stream = blocks;
                while (blocks.hasNext()) {
                    take(blocks.next());
                }
            } catch (Replica.Broken | IllegalArgumentException e) {
                LOG.error("The network's chain cannot be trusted: {}. Nobody is let in on it.", e.getMessage());
                broken = new LedgerUnavailable("The network's chain cannot be trusted: " + e.getMessage() + ".", e);
            } catch (RuntimeException e) {
                LOG.debug("The stream of blocks broke and is taken up again", e);
            }
            pause(200);
        }
    }

    private void take(Block received) {
        var block = FabricBlock.read(received, access.chaincode());
        synchronized (followers) {
            if (closed.getCount() == 0) {
                return;
            }
            replica.accept(block);
            kept.keep(received);
            followers.catchUp();
            followers.notifyAll();
        }
        for (var transaction : block.transactions()) {
            var asked = waiting.get(transaction.id());
            if (asked != null) {
                asked.complete(transaction.code());
            }
        }
    }

    /** Until closed: asks the peer how far it is, and makes the connection anew when it stays away. */
    private void keepPulse() {
        int missed = 0;
        while (closed.getCount() > 0) {
            try {
                peersHead = line.height() - 1;
                if (peersHead <= replica.head().block()) {
                    currentAt = System.nanoTime();
                }
                missed = 0;
            } catch (GatewayException | RuntimeException e) {
                missed++;
                LOG.debug("The ledger's peer did not answer", e);
            }
            if (missed >= MISSED_PULSES) {
                missed = 0;
                LOG.warn("The ledger's peer does not answer; connecting anew.");
                connectAnew();
            }
            pause(PULSE.toMillis());
        }
    }

    private void connectAnew() {
        var old = line;
        line = new Line(access);
        old.close();
    }

    private boolean comesTrue(BooleanSupplier condition, Duration within) {
        long end = System.nanoTime() + within.toNanos();
        synchronized (followers) {
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || broken != null || closed.getCount() == 0) {
                    return false;
                }
                try {
                    followers.wait(Math.min(left, 500));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        }
    }

    private void pause(long millis) {
        try {
            if (closed.await(millis, TimeUnit.MILLISECONDS)) {
                LOG.debug("The ledger was closed meanwhile");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void requireOpen() {
        var why = broken;
        if (why != null) {
            throw why;
        }
        if (closed.getCount() == 0) {
            throw new LedgerUnavailable("the ledger is closed", null);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        var blocks = stream;
        if (blocks != null) {
            blocks.close();
        }
        line.close();
        synchronized (followers) {
            try {
                kept.close();
            } catch (IOException e) {
                LOG.warn("The file of the network's blocks could not be closed: {}", e.getMessage());
            }
        }
    }
}
