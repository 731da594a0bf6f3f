package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;

/** What the keys of two servers do on one store of slots and rows. An adapter extends it and says which. */
public abstract class SharedKeysContract {

    private static final TwinId ANNA = TwinId.of("00000000-0000-4000-8000-00000000000a");

    @TempDir
    private Path home;

    private int houses;

    /** What two servers share. */
    public record Store(SlotRows slots, KeyRows rows) {}

    /** A new, empty store. */
    protected abstract Store create() throws Exception;

    /** The same as another server reaches it. */
    protected abstract Store another(Store store) throws Exception;

    private final class Server {
        private final SharedVault vault;
        private final ReceiptAuthority receipts = new ReceiptAuthority();
        private final KeyRows rows;
        private final KeyRing ring;

        Server(Store store, long seed) {
            vault = SharedVault.open(store.slots(), kek());
            rows = store.rows();
            ring = new KeyRing(vault, rows, receipts, TestKeys.seeded(seed));
        }

        Optional<CommittedKey> key(LeafAddress address) {
            return ring.bodyKeys(receipt(), ANNA, Chapter.LABS).of(address);
        }

        private Receipt receipt() {
            return receipts.issue(
                    ANNA, Set.of(Chapter.LABS), 7, "ab".repeat(32), Instant.parse("2026-11-21T08:00:00Z"));
        }
    }

    private KekSource kek() {
        return KekSource.keyFile(home.resolve("kek" + houses), home.resolve("data"));
    }

    private List<Server> two() throws Exception {
        var store = create();
        houses++;
        SharedVault.create(store.slots(), kek()).close();
        return List.of(new Server(store, 1), new Server(another(store), 2));
    }

    @Test
    void what_one_punctures_the_other_never_opens_again() throws Exception {
        var servers = two();
        var a = servers.getFirst();
        var b = servers.getLast();
        a.ring.create(ANNA);
        var gone = a.ring.nextLeaf(ANNA, Chapter.LABS);
        var kept = b.ring.nextLeaf(ANNA, Chapter.LABS);
        assertThat(b.key(gone.address()).orElseThrow().encryption())
                .isEqualTo(gone.key().encryption());
        a.ring.puncture(ANNA, Chapter.LABS, List.of(gone.address()));
        assertThat(b.key(gone.address())).isEmpty();
        assertThat(b.key(kept.address()).orElseThrow().encryption())
                .isEqualTo(kept.key().encryption());
    }

    @Test
    void what_one_advances_the_other_seals_in() throws Exception {
        var servers = two();
        var a = servers.getFirst();
        var b = servers.getLast();
        a.ring.create(ANNA);
        assertThat(b.ring.nextLeaf(ANNA, Chapter.LABS).address().epoch()).isZero();
        a.ring.advance(ANNA, Chapter.LABS);
        assertThat(b.ring.nextLeaf(ANNA, Chapter.LABS).address().epoch()).isEqualTo(1);
        assertThat(b.ring.eventKeys(ANNA, Chapter.LABS, true).epoch()).isEqualTo(1);
    }

    @Test
    void what_one_destroys_the_other_has_forgotten_and_a_twin_of_that_name_has_other_keys() throws Exception {
        var servers = two();
        var a = servers.getFirst();
        var b = servers.getLast();
        a.ring.create(ANNA);
        var stream = b.ring.streamOf(ANNA, Chapter.LABS);
        long version = b.ring.version(ANNA);
        a.ring.destroy(ANNA);
        assertThat(b.ring.holds(ANNA)).isFalse();
        assertThat(b.ring.ownerOf(stream)).isEmpty();
        assertThatThrownBy(() -> b.ring.nextLeaf(ANNA, Chapter.LABS)).isInstanceOf(TwinForgotten.class);
        a.ring.create(ANNA);
        assertThat(b.ring.version(ANNA)).isGreaterThan(version);
        assertThat(b.ring.streamOf(ANNA, Chapter.LABS)).isNotEqualTo(stream);
    }

    @Test
    void a_twin_that_two_make_at_once_is_made_once() throws Exception {
        var servers = two();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 10; round++) {
                var twin = TwinId.of("00000000-0000-4000-8000-0000000001%02d".formatted(round));
                int made = 0;
                var running = new ArrayList<Future<Boolean>>();
                servers.forEach(server -> running.add(threads.submit(() -> server.ring.createIfMissing(twin))));
                for (var each : running) {
                    made += each.get() ? 1 : 0;
                }
                assertThat(made).isEqualTo(1);
                assertThat(servers.getFirst().ring.streamOf(twin, Chapter.LABS))
                        .isEqualTo(servers.getLast().ring.streamOf(twin, Chapter.LABS));
            }
        }
    }

    /** Both seal, puncture, advance and open scopes at once; an oracle knows what was given out and what was taken. */
    @Test
    void in_a_race_no_index_comes_twice_no_key_is_lost_and_none_comes_back() throws Exception {
        for (long seed = 1; seed <= 4; seed++) {
            race(seed);
        }
    }

    private void race(long seed) throws Exception {
        var servers = two();
        servers.getFirst().ring.create(ANNA);
        Map<LeafAddress, Secret> given = new ConcurrentHashMap<>();
        Set<LeafAddress> punctured = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int thread = 0; thread < 4; thread++) {
                var mine = servers.get(thread % 2);
                var other = servers.get((thread + 1) % 2);
                var random = new Random(31 * seed + thread);
                running.add(threads.submit(() -> {
                    var own = new ArrayList<LeafAddress>();
                    long version = 0;
                    for (int step = 0; step < 60; step++) {
                        switch (random.nextInt(8)) {
                            case 0 -> mine.ring.advance(ANNA, Chapter.LABS);
                            case 1 -> mine.ring.streamOf(ANNA, Chapter.values()[random.nextInt(8)]);
                            case 2, 3 -> {
                                if (!own.isEmpty()) {
                                    var address = own.get(random.nextInt(own.size()));
                                    mine.ring.puncture(ANNA, Chapter.LABS, List.of(address));
                                    punctured.add(address);
                                    assertThat(other.key(address)).isEmpty();
                                }
                            }
                            default -> {
                                var leaf = mine.ring.nextLeaf(ANNA, Chapter.LABS);
                                assertThat(given.put(leaf.address(), leaf.key().encryption()))
                                        .as("an index that was given out before")
                                        .isNull();
                                own.add(leaf.address());
                            }
                        }
                        long now = other.ring.version(ANNA);
                        assertThat(now).isGreaterThanOrEqualTo(version);
                        version = now;
                    }
                }));
            }
            for (var each : running) {
                each.get();
            }
        }
        assertThat(punctured).isNotEmpty();
        for (var server : servers) {
            var found = new HashMap<LeafAddress, Secret>();
            given.keySet()
                    .forEach(address -> server.key(address).ifPresent(key -> found.put(address, key.encryption())));
            var expected = new HashMap<>(given);
            expected.keySet().removeAll(punctured);
            assertThat(found).isEqualTo(expected);
        }
        var last = servers.getFirst();
        last.ring.sweep(ANNA);
        var state = new KeyStates(last.vault, last.rows, TestKeys.seeded(9))
                .load(ANNA)
                .orElseThrow();
        assertThat(last.rows.rowsOf(ANNA)).containsExactlyInAnyOrderElementsOf(state.rows());
    }
}
