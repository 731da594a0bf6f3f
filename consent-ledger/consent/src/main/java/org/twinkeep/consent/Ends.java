package org.twinkeep.consent;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.consent.contract.ConsentLife;
import org.twinkeep.consent.decision.ConsentIndex;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/** How what stands on the ledger ends: at once for every decision here, and on the ledger as soon as it can take it. */
final class Ends {

    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);

    private final ConsentLedger ledger;
    private final Undelivered undelivered;
    private final ConsentIndex index;
    private final Clock clock;

    Ends(ConsentLedger ledger, Undelivered undelivered, ConsentIndex index, Clock clock) {
        this.ledger = ledger;
        this.undelivered = undelivered;
        this.index = index;
        this.clock = clock;
    }

    void end(ConsentHandle handle, Function<ConsentRecord, Transaction> how) {
        var record = record(handle);
        if (record.status() != Status.ACTIVE) {
            return;
        }
        var transaction = how.apply(record);
        ConsentLife.of(Optional.of(record)).decide(transaction, ledger.charter(), clock.instant());
        undelivered.add(transaction, clock.instant());
        index.ended(handle);
        deliver(transaction);
    }

    /**
     * False when the ledger cannot take it now. A refusal means that the consent ended otherwise meanwhile; any other would
     * have been heard before.
     */
    private boolean deliver(Transaction transaction) {
        try {
            ledger.submit(transaction);
        } catch (LedgerUnavailable e) {
            LOG.warn("The end of a consent waits for the ledger; it denies already ({})", e.getMessage());
            return false;
        } catch (LedgerRefused refused) {
            if (record(transaction.handle()).status() == Status.ACTIVE) {
                throw refused;
            }
        }
        undelivered.remove(transaction.handle());
        return true;
    }

    void deliver() {
        for (var end : undelivered.all()) {
            if (!deliver(end.transaction())) {
                return;
            }
        }
    }

    int waiting() {
        return undelivered.all().size();
    }

    /** Whether it was ended and the ledger does not have that yet. */
    boolean waits(ConsentHandle handle) {
        return undelivered.since(handle).isPresent();
    }

    @Nullable
    Instant endedAt(ConsentRecord record) {
        return record.status() == Status.ACTIVE
                ? undelivered.since(record.handle()).orElse(null)
                : record.at();
    }

    /** @param isOver whether its own last day is over */
    Status status(ConsentRecord record, boolean isOver) {
        if (record.status() != Status.ACTIVE) {
            return record.status();
        }
        if (waits(record.handle())) {
            return Status.REVOKED;
        }
        return isOver ? Status.EXPIRED : Status.ACTIVE;
    }

    /** @throws LedgerRefused where there is none */
    ConsentRecord record(ConsentHandle handle) {
        return ledger.get(handle).orElseThrow(() -> new LedgerRefused(LedgerRefused.Why.UNKNOWN_HANDLE));
    }
}
