package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.embedded.Organisations;
import org.twinkeep.consent.fabric.FabricLedger;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.SigningKey;

/**
 * {@code bench ledger}: grants, amendments and revocations on the embedded ledger by many callers at once. Each is signed by
 * a key of its own consent, executed by the contract, signed in its block by three organisations, and on the disk before its
 * caller goes on. At the end everything is verified from the first block. Where {@code FABRIC_BIN} is set, then the same on a
 * Fabric network of three organisations.
 */
final class LedgerBench {
    private static final int CALLERS = 64;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 100;
    private static final int ROUNDS_ON_FABRIC = 10;
    private static final int ACTS_A_ROUND = 3;
    private static final double GOAL_PER_SECOND = 500;

    private final Path scratch;
    private final SecureRandom random = new SecureRandom();

    LedgerBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() throws IOException, InterruptedException {
        var figures = new ArrayList<>(embedded());
        var network = Network.up(scratch);
        if (network.isPresent()) {
            try (var on = network.get()) {
                figures.addAll(fabric(on));
            }
        }
        return new BenchResult("ledger", BenchResult.Machine.here(), figures);
    }

    /** Printed beside it, without a goal: three peers, three chaincodes and the orderer share this machine. */
    private List<BenchResult.Figure> fabric(Network network) throws IOException, InterruptedException {
        var folder = Files.createDirectory(scratch.resolve("fabric"));
        var charter = new Organisations("bench", key(), key(), key()).charter();
        try (var ledger = FabricLedger.open(network.access(), charter, folder, Position.NONE)) {
            callers(ledger, 1);
            long begun = System.nanoTime();
            var took = callers(ledger, ROUNDS_ON_FABRIC);
            double seconds = (System.nanoTime() - begun) / 1e9;
            Arrays.sort(took);
            var alone = caller(ledger, ROUNDS_ON_FABRIC);
            Arrays.sort(alone);
            return List.of(
                    BenchResult.Figure.plain("fabric_tx_per_s", took.length / seconds, "transactions/s"),
                    BenchResult.Figure.plain("fabric_tx_p50_ms", at(took, 0.50), "ms"),
                    BenchResult.Figure.plain("fabric_tx_p99_ms", at(took, 0.99), "ms"),
                    BenchResult.Figure.plain("fabric_one_caller_p50_ms", at(alone, 0.50), "ms"),
                    BenchResult.Figure.plain("fabric_one_caller_p99_ms", at(alone, 0.99), "ms"));
        }
    }

    private List<BenchResult.Figure> embedded() {
        var organisations = new Organisations("bench", key(), key(), key());
        var folder = scratch.resolve("ledger");
        try (var ledger = EmbeddedLedger.open(folder, organisations, Position.NONE, Clock.systemUTC())) {
            callers(ledger, WARM_UP);
            long blocks = ledger.head().block();
            long begun = System.nanoTime();
            var took = callers(ledger, ROUNDS);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long holding = ledger.head().block() - blocks;
            Arrays.sort(took);
            var alone = caller(ledger, ROUNDS);
            Arrays.sort(alone);
            var head = ledger.head();
            long checkBegun = System.nanoTime();
            var check = LedgerCheck.of(folder, head);
            double checked = (System.nanoTime() - checkBegun) / 1e9;
            return List.of(
                    BenchResult.Figure.atLeast(
                            "embedded_tx_per_s", took.length / seconds, GOAL_PER_SECOND, "transactions/s"),
                    BenchResult.Figure.plain("embedded_tx_p50_ms", at(took, 0.50), "ms"),
                    BenchResult.Figure.plain("embedded_tx_p99_ms", at(took, 0.99), "ms"),
                    BenchResult.Figure.plain("tx_per_block", (double) took.length / holding, "transactions"),
                    BenchResult.Figure.plain("one_caller_p50_ms", at(alone, 0.50), "ms"),
                    BenchResult.Figure.plain("one_caller_p99_ms", at(alone, 0.99), "ms"),
                    BenchResult.Figure.plain("verify_seconds", checked, "s"),
                    BenchResult.Figure.atMost("problems", check.problems().size(), 0, "problems"),
                    BenchResult.Figure.plain("callers", CALLERS, ""));
        }
    }

    private double[] callers(ConsentLedger ledger, int rounds) {
        var work = new ArrayList<Callable<double[]>>();
        for (int caller = 0; caller < CALLERS; caller++) {
            work.add(() -> caller(ledger, rounds));
        }
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            var all = new ArrayList<double[]>();
            for (var done : threads.invokeAll(work)) {
                all.add(done.get());
            }
            return all.stream().flatMapToDouble(Arrays::stream).toArray();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** How long each transaction took, signing included, in milliseconds. */
    private double[] caller(ConsentLedger ledger, int rounds) {
        var acts = new Acts(ledger.charter());
        var took = new double[rounds * ACTS_A_ROUND];
        int count = 0;
        for (int round = 0; round < rounds; round++) {
            var handle = new ConsentHandle(hex());
            var own = key();
            long begun = System.nanoTime();
            ledger.submit(acts.grant(handle, hex(), Optional.empty(), own));
            long granted = System.nanoTime();
            ledger.submit(acts.amend(ledger.get(handle).orElseThrow(), hex(), own));
            long amended = System.nanoTime();
            ledger.submit(acts.revoke(ledger.get(handle).orElseThrow(), own));
            took[count++] = (granted - begun) / 1e6;
            took[count++] = (amended - granted) / 1e6;
            took[count++] = (System.nanoTime() - amended) / 1e6;
        }
        return took;
    }

    private SigningKey key() {
        return new SigningKey(Secret.copyOf(bytes()));
    }

    private String hex() {
        return HexFormat.of().formatHex(bytes());
    }

    private byte[] bytes() {
        var bytes = new byte[32];
        random.nextBytes(bytes);
        return bytes;
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) Math.ceil(sorted.length * share) - 1)];
    }
}
