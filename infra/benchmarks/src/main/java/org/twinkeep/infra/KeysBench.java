package org.twinkeep.infra;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.LeafAddress;
import org.twinkeep.crypto.keys.SlotId;
import org.twinkeep.crypto.keys.StreamName;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.EventContext;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.crypto.sealing.SealedEvent;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.twin.sqlite.KeysDatabase;
import org.twinkeep.twin.sqlite.SqliteKeyRows;

/**
 * {@code bench keys}: a chapter of 10 epochs and 1,000 earlier punctures, spread evenly over all 2^24 indexes (which leaves
 * the largest states), in the product's own vault and key rows. {@code seal_open_1k_us} is one whole event: skeleton, body
 * of 1 KiB and chain, sealed on consecutive indexes and its body opened. {@code leaf_over_gcm_1k} compares the leaf of a
 * random index with AES-256-GCM of 1 KiB under a new key by the JDK. {@code puncture_written_bytes} counts the rows and the
 * cells that one more puncture writes.
 */
final class KeysBench {
    private static final int EPOCHS = 10;
    private static final int PUNCTURES_AN_EPOCH = 100;
    private static final int ROUNDS = 11;
    private static final int A_ROUND = 20_000;
    private static final int VAULT_CELL_BYTES = 256;
    private static final byte[] FIRST = new byte[32];

    private final Path scratch;
    private final SecureRandom random = new SecureRandom();
    private final Random seeded = new Random(4);
    private final TwinId twin = new TwinId(new UUID(4, 4));
    private long written;

    KeysBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run() {
        var kek = KekSource.keyFile(scratch.resolve("key").resolve("kek"), scratch.resolve("data"));
        try (var vault = FileVault.create(scratch.resolve("data").resolve("slots"), kek);
                var database = KeysDatabase.open(scratch.resolve("keys.db"))) {
            var receipts = new ReceiptAuthority();
            var ring = new KeyRing(
                    new CountedVault(vault), new CountedRows(new SqliteKeyRows(database)), receipts, random);
            var receipt = receipts.issue(twin, Set.of(Chapter.LABS), 0, "00".repeat(32), Instant.EPOCH);
            age(ring);
            return measure(ring, receipt);
        }
    }

    private BenchResult measure(KeyRing ring, Receipt receipt) {
        var sealing = new Sealing("bench", ring, random);
        var events = new double[ROUNDS];
        var ratios = new double[ROUNDS];
        var leaves = new double[ROUNDS];
        for (int warming = 0; warming < 3; warming++) {
            sealAndOpen(sealing, ring, receipt);
            coldLeaves(ring, receipt);
            gcm();
        }
        for (int round = 0; round < ROUNDS; round++) {
            events[round] = sealAndOpen(sealing, ring, receipt);
            leaves[round] = coldLeaves(ring, receipt);
            ratios[round] = leaves[round] / gcm();
        }
        var bytes = new double[ROUNDS];
        var millis = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            var leaf = List.of(anyLeaf());
            written = 0;
            millis[round] = 1e3
                    * Rounds.seconds(() -> {
                        ring.puncture(twin, Chapter.LABS, leaf);
                        ring.sweep(twin);
                        return null;
                    });
            bytes[round] = written;
        }
        return new BenchResult(
                "keys",
                BenchResult.Machine.here(),
                List.of(
                        BenchResult.Figure.atMost("seal_open_1k_us", Rounds.median(events), 15, "us"),
                        BenchResult.Figure.atMost("leaf_over_gcm_1k", Rounds.median(ratios), 8),
                        BenchResult.Figure.atMost("puncture_written_bytes", Rounds.median(bytes), 65_536, "bytes"),
                        BenchResult.Figure.plain("cold_leaf_us", Rounds.median(leaves), "us"),
                        BenchResult.Figure.plain("puncture_ms", Rounds.median(millis), "ms")));
    }

    private void age(KeyRing ring) {
        ring.create(twin);
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            int now = epoch;
            if (epoch > 0) {
                ring.advance(twin, Chapter.LABS);
            }
            ring.nextLeaf(twin, Chapter.LABS).key().close();
            ring.puncture(
                    twin,
                    Chapter.LABS,
                    IntStream.range(0, PUNCTURES_AN_EPOCH)
                            .mapToObj(_ -> new LeafAddress(now, anyIndex()))
                            .toList());
        }
    }

    /** Microseconds an event. */
    private double sealAndOpen(Sealing sealing, KeyRing ring, Receipt receipt) {
        var stream = ring.streamOf(twin, Chapter.LABS);
        var skeleton = new byte[160];
        var body = new Body(1, "{\"source\":\"bench\"}".getBytes(StandardCharsets.UTF_8), new byte[1024]);
        return 1e6
                / A_ROUND
                * Rounds.seconds(() -> {
                    var previous = FIRST;
                    for (int sequence = 0; sequence < A_ROUND; sequence++) {
                        var context =
                                new EventContext(stream, sequence, "bench", "EntryRecorded", "1", twin, Chapter.LABS);
                        SealedEvent event = sealing.seal(context, skeleton, body, previous);
                        if (!(sealing.openBody(receipt, context, event) instanceof OpenedBody.Present)) {
                            throw new IllegalStateException("What was sealed did not open.");
                        }
                        previous = event.hash();
                    }
                    return previous;
                });
    }

    /** Microseconds a leaf, nowhere near the one before. */
    private double coldLeaves(KeyRing ring, Receipt receipt) {
        return 1e6
                / A_ROUND
                * Rounds.seconds(() -> {
                    int found = 0;
                    for (int i = 0; i < A_ROUND; i++) {
                        found += ring.bodyKeys(receipt, twin, Chapter.LABS)
                                        .of(anyLeaf())
                                        .isPresent()
                                ? 1
                                : 0;
                    }
                    return found;
                });
    }

    /** Microseconds to encrypt 1 KiB under a new key. */
    private double gcm() {
        var plain = new byte[1024];
        var key = new byte[32];
        var iv = new byte[12];
        return 1e6
                / A_ROUND
                * Rounds.seconds(() -> {
                    long tail = 0;
                    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
                    for (int i = 0; i < A_ROUND; i++) {
                        seeded.nextBytes(key);
                        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, iv));
                        tail += cipher.doFinal(plain)[1024];
                    }
                    return tail;
                });
    }

    private LeafAddress anyLeaf() {
        return new LeafAddress(seeded.nextInt(EPOCHS), anyIndex());
    }

    private int anyIndex() {
        return seeded.nextInt(LeafAddress.LAST_INDEX + 1);
    }

    private final class CountedVault implements Vault {
        private final Vault vault;

        CountedVault(Vault vault) {
            this.vault = vault;
        }

        @Override
        public Optional<Secret> read(SlotId id) {
            return vault.read(id);
        }

        @Override
        public long version(SlotId id) {
            return vault.version(id);
        }

        /** Intent, new cell, old cell. */
        @Override
        public void replace(SlotId id, Secret secret, long version) {
            written += 3 * VAULT_CELL_BYTES;
            vault.replace(id, secret, version);
        }

        @Override
        public boolean replaceIf(SlotId id, long version, Secret secret) {
            written += 3 * VAULT_CELL_BYTES;
            return vault.replaceIf(id, version, secret);
        }

        @Override
        public void erase(SlotId id) {
            vault.erase(id);
        }

        @Override
        public Secret houseKey(String label) {
            return vault.houseKey(label);
        }

        @Override
        public void close() {
            vault.close();
        }
    }

    private final class CountedRows implements KeyRows {
        private final KeyRows rows;

        CountedRows(KeyRows rows) {
            this.rows = rows;
        }

        @Override
        public Optional<byte[]> read(UUID row) {
            return rows.read(row);
        }

        @Override
        public void write(TwinId of, Map<UUID, byte[]> added) {
            written += added.values().stream().mapToLong(row -> row.length).sum();
            rows.write(of, added);
        }

        @Override
        public void delete(Collection<UUID> gone) {
            rows.delete(gone);
        }

        @Override
        public Collection<UUID> rowsOf(TwinId of) {
            return rows.rowsOf(of);
        }

        @Override
        public void nameStream(StreamName stream, TwinId of) {
            rows.nameStream(stream, of);
        }

        @Override
        public Optional<TwinId> ownerOf(StreamName stream) {
            return rows.ownerOf(stream);
        }

        @Override
        public void forgetStreams(TwinId of) {
            rows.forgetStreams(of);
        }

        @Override
        public long reserve(StreamName stream, int epoch, int count) {
            return rows.reserve(stream, epoch, count);
        }
    }
}
