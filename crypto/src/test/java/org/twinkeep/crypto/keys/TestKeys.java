package org.twinkeep.crypto.keys;

import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.sealing.Sealing;

/** A key ring in memory, the same for the same seed, for tests of any room. */
public final class TestKeys {

    public static final String TENANT = "00000000-0000-4000-8000-0000000070e5";

    public final SecureRandom random;
    public final Vault vault;
    public final KeyRows rows;
    public final ReceiptAuthority receipts = new ReceiptAuthority();
    private final KeyRing ring;

    private TestKeys(SecureRandom random, Vault vault, KeyRows rows) {
        this.random = random;
        this.vault = vault;
        this.rows = rows;
        this.ring = new KeyRing(vault, rows, receipts, random);
    }

    public static TestKeys seed(long seed) {
        return seed(seed, new InMemoryKeyRows());
    }

    /** The same over the caller's own key rows. */
    public static TestKeys seed(long seed, KeyRows rows) {
        return new TestKeys(seeded(seed), new InMemoryVault(Secret.random(seeded(seed))), rows);
    }

    /** The keys as a backup made now would restore them; random numbers do not repeat. */
    public TestKeys copy() {
        return new TestKeys(seeded(random.nextLong()), ((InMemoryVault) vault).copy(), ((InMemoryKeyRows) rows).copy());
    }

    public KeyRing ring() {
        return ring;
    }

    /** A ring over the same vault and rows, as a restarted process would have it. */
    public KeyRing restarted() {
        return new KeyRing(vault, rows, receipts, random);
    }

    public Sealing sealing() {
        return new Sealing(TENANT, ring, random);
    }

    /** A new twin with keys. */
    public TwinId twin() {
        var twin = new TwinId(new UUID(random.nextLong(), random.nextLong()));
        ring.create(twin);
        return twin;
    }

    /** A twin whose scope has one epoch of these keys: for vectors. */
    public void twin(TwinId twin, KeyScope scope, Secret skeletonKey, Secret root) {
        ring.create(twin);
        var states = new KeyStates(vault, rows, random);
        var epoch = new EpochKeys(skeletonKey.copy(), List.of(KeyTree.of(root)));
        states.rewrite(
                twin,
                states.load(twin).orElseThrow(),
                Map.of(scope.number(), new KeyState.Change(1, false, Map.of(0, new KeyState.Written(epoch, null)))));
    }

    /** A receipt as the trail would issue it; without scopes it covers every scope there is. */
    public Receipt receipt(TwinId twin, KeyScope... scopes) {
        var covered = new HashSet<KeyScope>(List.of(scopes));
        if (covered.isEmpty()) {
            covered.addAll(Arrays.asList(Chapter.values()));
            covered.addAll(Arrays.asList(KeyScope.Own.values()));
        }
        return receipts.issue(twin, Set.copyOf(covered), 7, "ab".repeat(32), Instant.parse("2026-11-21T08:00:00Z"));
    }

    /** Random numbers that are the same for the same seed. For tests only. */
    public static SecureRandom seeded(long seed) {
        try {
            var random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(seed);
            return random;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
