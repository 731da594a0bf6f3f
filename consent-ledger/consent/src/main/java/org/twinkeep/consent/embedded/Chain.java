package org.twinkeep.consent.embedded;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.ConsentLife;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.crypto.sign.VerifyingKey;

/** The blocks up to here, executed: every record of every consent. Reading may go on while one thread extends it. */
final class Chain {

    /** A block does not follow from those before it. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String why;

        Broken(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    private static final long[] NONE = {};

    private final Charter founded;
    private volatile Charter charter;

    /** When oversight's key was handed over; null where it is the one that the ledger was founded on. */
    private volatile @Nullable Instant oversightSince;

    private final Map<ConsentHandle, List<ConsentRecord>> records = new ConcurrentHashMap<>();
    private final Map<ConsentHandle, long[]> blocks = new ConcurrentHashMap<>();
    private final Set<ConsentHandle> revoked = ConcurrentHashMap.newKeySet();
    private final List<Position> positions = new ArrayList<>();
    private final List<List<ConsentRecord>> recorded = new ArrayList<>();
    private volatile Position head;
    private Instant at;

    /** @throws Broken when it is no genesis block that its own organisations signed */
    Chain(Block genesis) {
        this.founded = foundedBy(genesis);
        if (founded.organisations().isEmpty() || !genesis.isSignedBy(founded.organisations())) {
            throw new Broken("is not signed by the organisations that it names");
        }
        this.charter = founded;
        this.at = genesis.at();
        this.head = genesis.position();
        positions.add(head);
        recorded.add(List.of());
    }

    /** The charter of a block that begins a ledger, signed or not. @throws Broken when it begins none */
    static Charter foundedBy(Block genesis) {
        var founded = genesis.charter();
        if (founded == null || genesis.number() != 0 || !genesis.previous().isEmpty()) {
            throw new Broken("is no genesis block");
        }
        return founded;
    }

    /** Whose keys sign the block to come. */
    Charter charter() {
        return charter;
    }

    /** Whether an organisation signs with another key now than the ledger was founded on. */
    boolean isHandedOver() {
        return !charter.equals(founded);
    }

    /** Whether what is as old was recorded with the key that oversight has now. */
    boolean isSignedByThisOversight(Instant recordedAt) {
        var since = oversightSince;
        return since == null || recordedAt.isAfter(since);
    }

    /** Whose signatures a block that follows needs: where a key is handed over, the old ones and the new one. */
    SortedMap<String, VerifyingKey> signersOf(Block block) {
        var signers = new TreeMap<>(charter.organisations());
        var next = block.charter();
        if (next != null) {
            var organisation = handedOver(charter, next);
            signers.put(
                    Block.NEW_KEY, Objects.requireNonNull(next.organisations().get(organisation)));
        }
        return signers;
    }

    /** The organisation that has another key in the next charter. @throws Broken where anything else changes */
    static String handedOver(Charter now, Charter next) {
        var others = new TreeMap<>(next.organisations());
        others.entrySet().removeAll(now.organisations().entrySet());
        var changed = others.isEmpty() ? "" : others.firstKey();
        var key = others.get(changed);
        if (key == null
                || changed.equals(Charter.CUSTODIAN)
                || !now.organisations().containsKey(changed)
                || now.organisations().containsValue(key)
                || !next.equals(now.with(changed, key))) {
            throw new Broken("changes more than the key of one organisation, or the custodian's");
        }
        return changed;
    }

    Position head() {
        return head;
    }

    /** Not before the block before it, whatever the clock says. */
    Instant notBeforeHead(Instant now) {
        return now.isBefore(at) ? at : now;
    }

    List<ConsentRecord> historyOf(ConsentHandle handle) {
        return records.getOrDefault(handle, List.of());
    }

    boolean wasRevoked(ConsentHandle handle) {
        return revoked.contains(handle);
    }

    Set<ConsentHandle> handles() {
        return Set.copyOf(records.keySet());
    }

    /** How many consents that counted were ended by an organisation, and not with their own key. */
    int endedByOrganisations() {
        return (int) records.entrySet().stream()
                .filter(each -> ConsentRecord.isEndedConsent(each.getValue()) && !wasRevoked(each.getKey()))
                .count();
    }

    int consents() {
        return records.size();
    }

    /** The position of a block, or none when it is not there. */
    synchronized Position at(long block) {
        return block >= 0 && block < positions.size() ? positions.get((int) block) : Position.NONE;
    }

    Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        var history = historyOf(handle);
        var in = blocks.getOrDefault(handle, NONE);
        for (int step = history.size() - 1; step >= 0; step--) {
            if (in[step] <= block) {
                return Optional.of(history.get(step));
            }
        }
        return Optional.empty();
    }

    synchronized List<ConsentRecord> recordedBy(long block) {
        return block >= 0 && block < recorded.size() ? recorded.get((int) block) : List.of();
    }

    /** Checks a block that was read, to the last signature, and takes it up. @throws Broken */
    void accept(Block block) {
        var next = follows(block);
        if (!block.isSignedBy(signersOf(block))) {
            throw new Broken("is not signed by every organisation");
        }
        take(block, next);
    }

    /** Executes a block that may lack signatures still, and takes up nothing. @throws Broken when it does not follow */
    Next follows(Block block) {
        if (block.number() != head.block() + 1 || !block.previous().equals(head.hash())) {
            throw new Broken("does not follow the block before it");
        }
        if (block.at().isBefore(at)) {
            throw new Broken("is older than the block before it");
        }
        var other = block.charter();
        if (other != null) {
            handedOver(charter, other);
            return new Next(block.at(), other);
        }
        if (block.transactions().isEmpty()) {
            throw new Broken("holds no transactions");
        }
        var next = new Next(block.at());
        for (var transaction : block.transactions()) {
            try {
                if (!next.execute(transaction)) {
                    throw new Broken("repeats a transaction");
                }
            } catch (LedgerRefused e) {
                throw new Broken("holds a transaction that the contract refuses: " + e.getMessage());
            }
        }
        return next;
    }

    /** Takes up a block of transactions that {@code next} executed, and that is durable now. */
    synchronized void take(Block block, Next next) {
        next.transactions.stream()
                .filter(Revoke.class::isInstance)
                .map(Transaction::handle)
                .forEach(revoked::add);
        next.changed.forEach((handle, history) -> {
            var before = blocks.getOrDefault(handle, NONE);
            var in = Arrays.copyOf(before, history.size());
            Arrays.fill(in, before.length, in.length, block.number());
            blocks.put(handle, in);
            records.put(handle, history);
        });
        at = block.at();
        if (!Objects.equals(
                charter.organisations().get(Charter.OVERSIGHT),
                next.charter.organisations().get(Charter.OVERSIGHT))) {
            oversightSince = at;
        }
        charter = next.charter;
        recorded.add(next.changed.values().stream().map(List::getLast).toList());
        positions.add(block.position());
        head = block.position();
    }

    /** The transactions of the block to come, executed one after the other on top of what is recorded. */
    final class Next {
        private final Instant at;
        private final Charter charter;
        private final Map<ConsentHandle, List<ConsentRecord>> changed = new HashMap<>();
        private final List<Transaction> transactions = new ArrayList<>();

        Next(Instant at) {
            this(at, Chain.this.charter);
        }

        /** @param charter in force after it */
        private Next(Instant at, Charter charter) {
            this.at = at;
            this.charter = charter;
        }

        List<Transaction> transactions() {
            return transactions;
        }

        Instant at() {
            return at;
        }

        /** False when it changes nothing, because it is recorded already. @throws LedgerRefused */
        boolean execute(Transaction transaction) {
            var handle = transaction.handle();
            var history = changed.getOrDefault(handle, historyOf(handle));
            var life = ConsentLife.of(history.isEmpty() ? Optional.empty() : Optional.of(history.getLast()));
            var events = life.decide(transaction, charter, at);
            if (events.isEmpty()) {
                return false;
            }
            var longer = new ArrayList<>(history);
            for (var event : events) {
                life = life.evolve(event);
                life.recorded().ifPresent(longer::add);
            }
            changed.put(handle, List.copyOf(longer));
            transactions.add(transaction);
            return true;
        }
    }
}
