package org.twinkeep.consent.fabric;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.KeyedContract;
import org.twinkeep.consent.contract.KeyedContract.Write;
import org.twinkeep.consent.durable.CanonicalReader;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.CharterJson;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.Transaction.Revoke;
import org.twinkeep.consent.ledger.TransactionJson;

/**
 * The blocks up to here, executed by us again: every record of every consent of one house. What a peer calls valid but the
 * contract does not make, from a changed byte to a grant without the patient's signature, is found here. Reading may go on
 * while one thread extends it.
 */
final class Replica {

    /** A block does not follow from those before it: nothing after it counts. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1;

        Broken(long block, String why) {
            super("block " + block + " " + why);
        }
    }

    /** A record, with the block that it came in. */
    private record Recorded(long block, ConsentRecord record) {}

    private final String house;
    private final KeyedContract contract = new KeyedContract(this::value);
    private final Map<ConsentHandle, List<Recorded>> records = new ConcurrentHashMap<>();
    private final Set<ConsentHandle> revoked = ConcurrentHashMap.newKeySet();
    private final List<Position> positions = new ArrayList<>();
    private final List<List<Recorded>> recorded = new ArrayList<>();
    private volatile byte @Nullable [] charter;
    private volatile Position head = Position.NONE;

    Replica(String house) {
        this.house = house;
    }

    /** What the house was founded on here; nothing before it was. */
    Optional<Charter> charter() {
        return Optional.ofNullable(charter).map(bytes -> CharterJson.read(CanonicalReader.of(bytes)));
    }

    Position head() {
        return head;
    }

    boolean wasRevoked(ConsentHandle handle) {
        return revoked.contains(handle);
    }

    /** Every handle under which something is recorded. */
    Set<ConsentHandle> handles() {
        return Set.copyOf(records.keySet());
    }

    int consents() {
        return records.size();
    }

    List<ConsentRecord> historyOf(ConsentHandle handle) {
        return all(handle).stream().map(Recorded::record).toList();
    }

    Optional<ConsentRecord> asOf(ConsentHandle handle, long block) {
        return all(handle).reversed().stream()
                .filter(recorded -> recorded.block() <= block)
                .findFirst()
                .map(Recorded::record);
    }

    synchronized List<ConsentRecord> recordedBy(long block) {
        return block >= 0 && block < recorded.size()
                ? recorded.get((int) block).stream().map(Recorded::record).toList()
                : List.of();
    }

    private List<Recorded> all(ConsentHandle handle) {
        return records.getOrDefault(handle, List.of());
    }

    /** The position of a block, or none when it is not there. */
    synchronized Position at(long block) {
        return block >= 0 && block < positions.size() ? positions.get((int) block) : Position.NONE;
    }

    /** @throws Broken when it is not what comes next */
    void accept(FabricBlock block) {
        if (block.number() != head.block() + 1
                || (block.number() > 0 && !block.previous().equals(head.hash()))) {
            throw new Broken(block.number(), "does not follow the block before it");
        }
        var changed = new LinkedHashMap<ConsentHandle, Recorded>();
        for (var transaction : block.transactions()) {
            for (var call : transaction.calls()) {
                execute(block, transaction, call)
                        .ifPresent(record -> changed.put(record.handle(), new Recorded(block.number(), record)));
            }
        }
        synchronized (this) {
            recorded.add(List.copyOf(changed.values()));
            head = new Position(block.number(), block.hash());
            positions.add(head);
        }
    }

    private Optional<ConsentRecord> execute(FabricBlock block, FabricBlock.Tx transaction, FabricBlock.Call call) {
        var ours = new ArrayList<Map.Entry<String, byte[]>>();
        for (var write : call.writes().entrySet()) {
            if (isOurs(write.getKey())) {
                ours.add(write);
            }
        }
        if (ours.isEmpty()) {
            return Optional.empty();
        }
        Optional<Write> due;
        try {
            var all = call.arguments();
            due = contract.execute(new String(all.getFirst(), UTF_8), all.subList(1, all.size()), transaction.at());
        } catch (LedgerRefused e) {
            throw new Broken(block.number(), "holds a transaction that the contract refuses: " + e.getMessage());
        }
        boolean same = ours.size() == 1
                && due.filter(write -> write.key().equals(ours.getFirst().getKey())
                                && Arrays.equals(write.value(), ours.getFirst().getValue()))
                        .isPresent();
        if (!same) {
            throw new Broken(block.number(), "holds a write that the contract does not make");
        }
        rememberRevoked(call.arguments());
        return due.flatMap(write -> take(block.number(), write));
    }

    /** What the record does not say: that it ended with its own key. */
    private void rememberRevoked(List<byte[]> call) {
        if (new String(call.getFirst(), UTF_8).equals(KeyedContract.SUBMIT)
                && TransactionJson.read(CanonicalReader.of(call.getLast())) instanceof Revoke revoke) {
            revoked.add(revoke.handle());
        }
    }

    private Optional<ConsentRecord> take(long block, Write write) {
        if (write.key().equals(KeyedContract.charterKey(house))) {
            charter = write.value();
            return Optional.empty();
        }
        var record = ConsentRecord.read(write.value());
        var longer = new ArrayList<>(all(record.handle()));
        longer.add(new Recorded(block, record));
        records.put(record.handle(), List.copyOf(longer));
        return Optional.of(record);
    }

    private boolean isOurs(String key) {
        return key.equals(KeyedContract.charterKey(house)) || key.startsWith(KeyedContract.consentKeys(house));
    }

    private Optional<byte[]> value(String key) {
        if (key.equals(KeyedContract.charterKey(house))) {
            return Optional.ofNullable(charter);
        }
        var history = historyOf(
                new ConsentHandle(key.substring(KeyedContract.consentKeys(house).length())));
        return history.isEmpty()
                ? Optional.empty()
                : Optional.of(history.getLast().bytes());
    }
}
