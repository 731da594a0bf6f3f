package org.twinkeep.consent.fabric;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.embedded.OldBlocks;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.ledger.Transaction;

/**
 * Carries a house's embedded ledger over to a Fabric network: every transaction is submitted there again, with the
 * signatures it always had, and executed by all three organisations; then the head of the old blocks is anchored, signed by
 * the custodian. The old blocks stay as they are. Broken off, it is run again and goes on: what is recorded already changes
 * nothing.
 *
 * @param transactions how many the old blocks hold
 * @param carried how many of them this run submitted
 * @param head the anchored head of the old blocks
 */
public record CarryOver(long transactions, long carried, Position head) {

    /** Peers form blocks of what comes together; more at once only wait. */
    private static final int AT_ONCE = 32;

    /** The handle of the anchor of their head. */
    static ConsentHandle anchorOf(OldBlocks old) {
        return Transaction.Anchor.handleOf(old.head().hash());
    }

    /** @param custodian signs the anchor */
    public static CarryOver run(FabricAccess access, Path folder, Acts.Signature custodian, LongConsumer progress) {
        var old = OldBlocks.read(folder);
        if (old.isHandedOver()) {
            throw new LedgerUnavailable(
                    "In these blocks an organisation signed with one key first and with its signer's later; a network"
                            + " has one key of each and could not check the earlier ones. Nothing was carried over:"
                            + " this house goes on with its own ledger and its signers. Who wants a network has to"
                            + " begin a new house on the network, into which patients import and share anew.",
                    null);
        }
        try (var network = FabricLedger.open(access, old.charter(), folder, Position.NONE)) {
            var byHandle = new LinkedHashMap<ConsentHandle, List<Transaction>>();
            long all = 0;
            for (var transaction : old.transactions()) {
                byHandle.computeIfAbsent(transaction.handle(), _ -> new ArrayList<>())
                        .add(transaction);
                all++;
            }
            long carried = submit(network, List.copyOf(byHandle.values()), progress);
            byHandle.keySet().forEach(handle -> compare(old.historyOf(handle), network.historyOf(handle)));
            network.submit(new Acts(old.charter()).anchor(old.head().hash(), custodian));
            return new CarryOver(all, carried, old.head());
        }
    }

    private static long submit(FabricLedger network, List<List<Transaction>> ofEach, LongConsumer progress) {
        var carried = new AtomicLong();
        var work = new ArrayList<Callable<Long>>();
        for (var transactions : ofEach) {
            int known = network.historyOf(transactions.getFirst().handle()).size();
            work.add(() -> {
                for (var transaction :
                        transactions.subList(Math.min(known, transactions.size()), transactions.size())) {
                    network.submit(transaction);
                    progress.accept(carried.incrementAndGet());
                }
                return carried.get();
            });
        }
        try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (var done : threads.invokeAll(work)) {
                done.get();
            }
            return carried.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailable("Carrying over was interrupted. Run it again; it goes on.", e);
        }
    }

    /** The network's record of each old step differs in its time alone, and in the hash of the record before. */
    private static void compare(List<ConsentRecord> before, List<ConsentRecord> now) {
        boolean same = now.size() >= before.size();
        for (int step = 0; same && step < before.size(); step++) {
            same = alike(before.get(step), now.get(step));
        }
        if (!same) {
            throw new LedgerUnavailable(
                    "What the network recorded is not what the old blocks hold, and nothing was switched. Run verify,"
                            + " then this again.",
                    null);
        }
    }

    private static boolean alike(ConsentRecord one, ConsentRecord other) {
        return one.handle().equals(other.handle())
                && one.step() == other.step()
                && one.status() == other.status()
                && one.commitment().equals(other.commitment())
                && Objects.equals(one.key(), other.key())
                && one.policyVersion().equals(other.policyVersion());
    }
}
