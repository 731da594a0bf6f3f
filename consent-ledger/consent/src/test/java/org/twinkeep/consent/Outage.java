package org.twinkeep.consent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/** A ledger that can be out of reach. */
final class Outage implements ConsentLedger {
    private final ConsentLedger ledger;
    boolean fails;
    boolean unreadable;

    /** When oversight's key was handed over to a signer of its own. */
    Instant oversightApartSince = Instant.MAX;

    Outage(ConsentLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public boolean isOversightApart(Instant at) {
        return at.isAfter(oversightApartSince);
    }

    @Override
    public Charter charter() {
        return ledger.charter();
    }

    @Override
    public Position submit(Transaction transaction) {
        require(!fails);
        return ledger.submit(transaction);
    }

    @Override
    public Optional<ConsentRecord> get(ConsentHandle handle) {
        require(!unreadable);
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
        require(!unreadable);
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

    private static void require(boolean available) {
        if (!available) {
            throw new LedgerUnavailable("out of reach", null);
        }
    }
}
