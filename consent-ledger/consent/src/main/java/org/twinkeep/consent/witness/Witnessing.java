package org.twinkeep.consent.witness;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction.Anchor;
import org.twinkeep.consent.ledger.Transaction.RecordErasure;
import org.twinkeep.consent.trail.Trail;

/**
 * Lets the ledger bear witness, signed by the custodian: at each beat of every erasure that it does not hold yet, and at most
 * once an hour of the trail's newest checkpoint, where anything but the ledger itself moved since. It tells nothing but
 * hashes and times. While the ledger is out of reach nothing waits for it but the next beat.
 */
public final class Witnessing {

    /** Docs: decision 0324. */
    static final Duration BETWEEN_ANCHORS = Duration.ofHours(1);

    private static final String LEDGER = "ledger";
    private static final int PAGE = 100;

    private final Trail trail;
    private final ConsentLedger ledger;
    private final Path folder;
    private final Supplier<Set<String>> receipts;
    private final Acts.Signature custodian;
    private final Set<String> recorded = new HashSet<>();

    /**
     * A house's.
     *
     * @param folder where {@link Anchored} lies
     * @param receipts reads the hashes of the receipts that the house's erasure ledger holds
     */
    public Witnessing(
            Trail trail, ConsentLedger ledger, Path folder, Supplier<Set<String>> receipts, Acts.Signature custodian) {
        this.trail = trail;
        this.ledger = ledger;
        this.folder = folder;
        this.receipts = receipts;
        this.custodian = custodian;
    }

    /** @throws LedgerUnavailable when the ledger cannot take it now: all of it is done at a later beat */
    public synchronized void beat(Instant now) {
        recordErasures();
        anchor(now);
    }

    private void recordErasures() {
        for (var hash : receipts.get()) {
            if (!recorded.contains(hash)) {
                if (ledger.get(RecordErasure.handleOf(hash)).isEmpty()) {
                    ledger.submit(acts().erasure(hash, custodian));
                }
                recorded.add(hash);
            }
        }
    }

    private void anchor(Instant now) {
        var anchored = Anchored.in(folder);
        anchored.last().ifPresent(this::submit);
        var newest = trail.checkpointNote();
        long before = anchored.last().map(Witnessing::size).orElse(0L);
        boolean due = !now.isBefore(anchored.lastAt().plus(BETWEEN_ANCHORS));
        if (due && somethingMoved(before, size(newest))) {
            anchored.with(now, newest).write(folder);
            submit(newest);
        }
    }

    private void submit(String checkpoint) {
        var hash = Anchored.hashOf(checkpoint);
        if (ledger.get(Anchor.handleOf(hash)).isEmpty()) {
            ledger.submit(acts().anchor(hash, custodian));
        }
    }

    /** An anchor moves the ledger, and the trail remembers that: it is no reason for another one. */
    private boolean somethingMoved(long before, long now) {
        for (long back = 0; back < trail.size() - before; back += PAGE) {
            for (var leaf : trail.leaves(back, PAGE)) {
                if (leaf.index() >= before && leaf.index() < now && !leaf.kind().equals(LEDGER)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Of a signed note (C2SP tlog-checkpoint: origin, size, root). */
    private static long size(String checkpoint) {
        return Long.parseLong(checkpoint.lines().skip(1).findFirst().orElse("0"));
    }

    private Acts acts() {
        return new Acts(ledger.charter());
    }
}
