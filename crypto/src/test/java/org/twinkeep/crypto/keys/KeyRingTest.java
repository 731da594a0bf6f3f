package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.ReceiptRefused;

class KeyRingTest {

    private final TestKeys keys = TestKeys.seed(3);
    private final KeyRing ring = keys.ring();
    private final TwinId twin = keys.twin();

    @Test
    void a_new_twin_has_keys_and_no_scope_and_is_made_once() {
        assertThat(ring.holds(twin)).isTrue();
        assertThat(ring.scopesOf(twin)).isEmpty();
        assertThat(ring.version(twin)).isEqualTo(1);
        assertThatThrownBy(() -> ring.create(twin)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_twin_that_never_was_has_nothing() {
        var nobody = new TwinId(new UUID(1, 2));
        assertThat(ring.holds(nobody)).isFalse();
        assertThat(ring.version(nobody)).isZero();
        for (Consumer<TwinId> ask : List.<Consumer<TwinId>>of(
                t -> ring.streamOf(t, Chapter.LABS),
                ring::scopesOf,
                t -> ring.nextLeaf(t, Chapter.LABS),
                t -> ring.epochOf(t, Chapter.LABS),
                t -> ring.skeletonKey(t, Chapter.LABS, 0),
                t -> ring.pseudonym(t, "a", new byte[0]),
                t -> ring.puncture(t, Chapter.LABS, List.of()))) {
            assertThatThrownBy(() -> ask.accept(nobody)).isInstanceOf(TwinForgotten.class);
        }
    }

    @Test
    void a_stream_name_is_stable_and_says_nothing() {
        var labs = ring.streamOf(twin, Chapter.LABS);
        assertThat(labs.value()).matches("hdt-[0-9a-f]{40}").doesNotContain("lab");
        assertThat(ring.streamOf(twin, Chapter.LABS)).isEqualTo(labs);
        assertThat(keys.restarted().streamOf(twin, Chapter.LABS)).isEqualTo(labs);
        assertThat(ring.streamOf(twin, Chapter.VITALS)).isNotEqualTo(labs);
        assertThat(ring.streamOf(keys.twin(), Chapter.LABS)).isNotEqualTo(labs);
        assertThat(ring.scopesOf(twin)).containsExactlyInAnyOrder(Chapter.LABS, Chapter.VITALS);
    }

    @Test
    void a_stream_leads_back_to_its_twin_until_the_twin_is_forgotten() {
        var stream = ring.streamOf(twin, KeyScope.Own.LIFE);
        assertThat(ring.ownerOf(stream)).contains(new KeyRing.Owner(twin, KeyScope.Own.LIFE));
        assertThat(ring.ownerOf(new StreamName("hdt-" + "0".repeat(40)))).isEmpty();
        ring.destroy(twin);
        assertThat(ring.ownerOf(stream)).isEmpty();
    }

    @Test
    void no_leaf_is_given_out_twice_also_not_after_a_restart() {
        var given = new HashSet<LeafAddress>();
        for (int restart = 0; restart < 3; restart++) {
            var fresh = keys.restarted();
            for (int i = 0; i < 700; i++) {
                assertThat(given.add(fresh.nextLeaf(twin, Chapter.LABS).address()))
                        .isTrue();
            }
        }
    }

    @Test
    void no_leaf_is_given_to_two_threads() throws Exception {
        var given = ConcurrentHashMap.<LeafAddress>newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < 16; i++) {
                running.add(threads.submit(() -> {
                    for (int n = 0; n < 200; n++) {
                        assertThat(given.add(ring.nextLeaf(twin, Chapter.LABS).address()))
                                .isTrue();
                    }
                }));
            }
            for (var each : running) {
                each.get();
            }
        }
        assertThat(given).hasSize(3200);
    }

    @Test
    void the_leaf_that_opens_is_the_leaf_that_sealed_also_after_a_restart() {
        var sealed = ring.nextLeaf(twin, Chapter.LABS);
        var receipt = keys.receipt(twin, Chapter.LABS);
        for (var each : List.of(ring, keys.restarted())) {
            var opened = each.bodyKeys(receipt, twin, Chapter.LABS)
                    .of(sealed.address())
                    .orElseThrow();
            assertThat(opened.encryption()).isEqualTo(sealed.key().encryption());
            assertThat(opened.commitment()).isEqualTo(sealed.key().commitment());
            assertThat(each.contentTagKey(twin, Chapter.LABS, sealed.address())).contains(sealed.contentTag());
        }
        assertThat(sealed.contentTag()).isNotEqualTo(sealed.key().encryption());
    }

    @Test
    void no_key_of_a_body_without_a_receipt_that_covers_it() {
        var address = ring.nextLeaf(twin, Chapter.LABS).address();
        var stranger = TestKeys.seed(4).receipts.issue(twin, Set.of(Chapter.LABS), 1, "00", Instant.EPOCH);
        for (var receipt : List.of(keys.receipt(twin, Chapter.VITALS), keys.receipt(keys.twin()), stranger)) {
            assertThatThrownBy(() -> ring.bodyKeys(receipt, twin, Chapter.LABS).of(address))
                    .isInstanceOf(ReceiptRefused.class);
        }
    }

    @Test
    void a_secret_that_is_closed_by_its_caller_is_only_the_callers() {
        int epoch = ring.epochOf(twin, Chapter.LABS);
        var key = ring.skeletonKey(twin, Chapter.LABS, epoch).copy();
        ring.skeletonKey(twin, Chapter.LABS, epoch).close();
        ring.nextLeaf(twin, Chapter.LABS).key().encryption().close();
        assertThat(ring.skeletonKey(twin, Chapter.LABS, epoch)).isEqualTo(key);
        assertThat(keys.restarted().skeletonKey(twin, Chapter.LABS, epoch)).isEqualTo(key);
    }

    @Test
    void a_punctured_leaf_is_gone_at_once_and_for_ever_and_all_others_stay() {
        var leaves = leaves(Chapter.LABS, 300);
        var other = ring.nextLeaf(twin, Chapter.VITALS);
        var punctured = List.of(leaves.get(0), leaves.get(7), leaves.get(299)).stream()
                .map(Leaf::address)
                .toList();
        ring.puncture(twin, Chapter.LABS, punctured);
        for (var each : List.of(ring, keys.restarted())) {
            for (var leaf : leaves) {
                assertThat(key(each, Chapter.LABS, leaf.address()))
                        .isEqualTo(
                                punctured.contains(leaf.address())
                                        ? Optional.empty()
                                        : Optional.of(leaf.key().encryption()));
                assertThat(each.contentTagKey(twin, Chapter.LABS, leaf.address())
                                .isPresent())
                        .isEqualTo(!punctured.contains(leaf.address()));
            }
            assertThat(key(each, Chapter.VITALS, other.address()))
                    .contains(other.key().encryption());
        }
    }

    @Test
    void puncturing_again_is_done_and_changes_nothing() {
        var address = ring.nextLeaf(twin, Chapter.LABS).address();
        ring.puncture(twin, Chapter.LABS, List.of(address));
        var version = ring.version(twin);
        var hash = ring.stateHash(twin);
        ring.puncture(twin, Chapter.LABS, List.of(address));
        ring.puncture(twin, Chapter.LABS, List.of());
        assertThat(ring.version(twin)).isEqualTo(version);
        assertThat(ring.stateHash(twin)).isEqualTo(hash);
    }

    @Test
    void a_punctured_index_that_was_not_given_out_never_is() {
        var first = ring.nextLeaf(twin, Chapter.LABS).address();
        var next = new LeafAddress(first.epoch(), first.index() + 1);
        ring.puncture(twin, Chapter.LABS, List.of(next));
        assertThat(ring.nextLeaf(twin, Chapter.LABS).address().index()).isEqualTo(first.index() + 2);
    }

    @Test
    void leaves_of_several_chapters_go_in_one_step() {
        var labs = ring.nextLeaf(twin, Chapter.LABS).address();
        var documents = ring.nextLeaf(twin, Chapter.DOCUMENTS).address();
        var version = ring.version(twin);
        ring.puncture(twin, Map.of(Chapter.LABS, List.of(labs), Chapter.DOCUMENTS, List.of(documents)));
        assertThat(ring.version(twin)).isEqualTo(version + 1);
        assertThat(key(ring, Chapter.LABS, labs)).isEmpty();
        assertThat(key(ring, Chapter.DOCUMENTS, documents)).isEmpty();
    }

    @Test
    void an_old_copy_of_the_rows_does_not_bring_a_punctured_leaf_back() {
        var before = leaves(Chapter.LABS, 3);
        var copy = copyOfRows();
        ring.puncture(twin, Chapter.LABS, List.of(before.get(1).address()));
        copy.forEach((id, bytes) -> {
            if (keys.rows.read(id).isEmpty()) {
                keys.rows.write(twin, Map.of(id, bytes));
            }
        });
        assertThat(key(keys.restarted(), Chapter.LABS, before.get(1).address())).isEmpty();
        assertThat(key(keys.restarted(), Chapter.LABS, before.get(2).address())).isPresent();
    }

    @Test
    void a_sweep_leaves_only_the_rows_that_are_reached() {
        leaves(Chapter.LABS, 3);
        leaves(Chapter.VITALS, 3);
        assertThat(keys.rows.rowsOf(twin)).hasSize(1 + 2 + 2);
        ring.puncture(twin, Chapter.LABS, List.of(new LeafAddress(0, 1)));
        ring.sweep(twin);
        assertThat(keys.rows.rowsOf(twin)).hasSize(1 + 2 + 2);
        ring.drop(twin, Chapter.VITALS);
        assertThat(keys.rows.rowsOf(twin)).hasSize(1 + 2 + 1);
        ring.destroy(twin);
        assertThat(keys.rows.rowsOf(twin)).isNotEmpty();
        ring.sweep(twin);
        assertThat(keys.rows.rowsOf(twin)).isEmpty();
    }

    @Test
    void a_dropped_chapter_is_gone_and_begins_again_with_new_keys_in_the_same_stream() {
        var stream = ring.streamOf(twin, Chapter.LABS);
        var old = ring.nextLeaf(twin, Chapter.LABS);
        ring.drop(twin, Chapter.LABS);
        ring.drop(twin, Chapter.LABS);
        ring.drop(twin, Chapter.GENOMICS);
        assertThat(ring.scopesOf(twin)).isEmpty();
        assertThat(key(ring, Chapter.LABS, old.address())).isEmpty();
        assertThatThrownBy(() -> ring.skeletonKey(twin, Chapter.LABS, 0)).isInstanceOf(ScopeForgotten.class);
        var later = ring.nextLeaf(twin, Chapter.LABS);
        assertThat(later.address().epoch()).isEqualTo(1);
        assertThat(ring.streamOf(twin, Chapter.LABS)).isEqualTo(stream);
        assertThat(key(ring, Chapter.LABS, old.address())).isEmpty();
        assertThat(key(keys.restarted(), Chapter.LABS, later.address()))
                .contains(later.key().encryption());
    }

    @Test
    void an_epoch_that_never_was_is_tampered_and_not_erased() {
        ring.streamOf(twin, Chapter.LABS);
        var receipt = keys.receipt(twin);
        for (int epoch : new int[] {1, 77, Integer.MAX_VALUE, -1}) {
            assertThatThrownBy(() -> ring.bodyKeys(receipt, twin, Chapter.LABS).of(new LeafAddress(epoch, 0)))
                    .isInstanceOf(Tampered.class);
            assertThatThrownBy(() -> ring.skeletonKey(twin, Chapter.LABS, epoch))
                    .isInstanceOf(Tampered.class);
        }
    }

    @Test
    void a_destroyed_twin_has_nothing_left_and_destroying_again_is_done() {
        var leaf = ring.nextLeaf(twin, Chapter.LABS);
        var stream = ring.streamOf(twin, Chapter.LABS);
        var copy = copyOfRows();
        for (int time = 1; time <= 2; time++) {
            ring.destroy(twin);
            ring.sweep(twin);
        }
        assertThat(ring.holds(twin)).isFalse();
        assertThat(keys.rows.rowsOf(twin)).isEmpty();
        assertThat(keys.rows.ownerOf(stream)).isEmpty();
        assertThat(ring.stateHash(twin)).isEqualTo(KeyStates.sha256(new byte[0]));
        keys.rows.write(twin, copy);
        assertThatThrownBy(() -> key(ring, Chapter.LABS, leaf.address())).isInstanceOf(TwinForgotten.class);
        assertThatThrownBy(() -> key(keys.restarted(), Chapter.LABS, leaf.address()))
                .isInstanceOf(TwinForgotten.class);
    }

    @Test
    void an_epoch_whose_indexes_are_used_up_is_followed_by_the_next() {
        var stream = ring.streamOf(twin, Chapter.LABS);
        keys.rows.reserve(stream, 0, KeyTree.LEAVES - 2);
        var given = leaves(Chapter.LABS, 5).stream().map(Leaf::address).toList();
        assertThat(given)
                .containsExactly(
                        new LeafAddress(0, KeyTree.LEAVES - 2),
                        new LeafAddress(0, KeyTree.LEAVES - 1),
                        new LeafAddress(1, 0),
                        new LeafAddress(1, 1),
                        new LeafAddress(1, 2));
        assertThat(ring.epochOf(twin, Chapter.LABS)).isEqualTo(1);
        assertThat(ring.skeletonKey(twin, Chapter.LABS, 0)).isNotEqualTo(ring.skeletonKey(twin, Chapter.LABS, 1));
        assertThat(key(keys.restarted(), Chapter.LABS, given.getFirst())).isPresent();
    }

    @Test
    void an_epoch_whose_last_index_was_reserved_is_followed_by_the_next() {
        keys.rows.reserve(ring.streamOf(twin, Chapter.LABS), 0, KeyTree.LEAVES);
        assertThat(ring.nextLeaf(twin, Chapter.LABS).address()).isEqualTo(new LeafAddress(1, 0));
    }

    @Test
    void a_scope_that_advances_seals_in_a_new_epoch_and_opens_the_old_one() {
        var stream = ring.streamOf(twin, Chapter.LABS);
        var vitals = ring.epochOf(twin, Chapter.VITALS);
        var before = ring.nextLeaf(twin, Chapter.LABS);
        var version = ring.version(twin);
        ring.advance(twin, Chapter.LABS);
        assertThat(ring.version(twin)).isEqualTo(version + 1);
        for (var each : List.of(ring, keys.restarted())) {
            assertThat(each.epochOf(twin, Chapter.LABS)).isEqualTo(1);
            assertThat(each.epochOf(twin, Chapter.VITALS)).isEqualTo(vitals);
            assertThat(each.streamOf(twin, Chapter.LABS)).isEqualTo(stream);
            assertThat(each.nextLeaf(twin, Chapter.LABS).address().epoch()).isEqualTo(1);
            assertThat(key(each, Chapter.LABS, before.address()))
                    .contains(before.key().encryption());
        }
    }

    @Test
    void a_scope_that_is_not_in_use_does_not_advance() {
        ring.advance(twin, Chapter.LABS);
        ring.advanceAll(twin);
        assertThat(ring.scopesOf(twin)).isEmpty();
        assertThat(ring.version(twin)).isEqualTo(1);
        ring.nextLeaf(twin, Chapter.LABS);
        ring.drop(twin, Chapter.LABS);
        ring.advance(twin, Chapter.LABS);
        assertThat(ring.scopesOf(twin)).isEmpty();
        assertThat(ring.nextLeaf(twin, Chapter.LABS).address().epoch()).isEqualTo(1);
    }

    @Test
    void all_scopes_advance_in_one_step() {
        ring.nextLeaf(twin, Chapter.LABS);
        ring.nextLeaf(twin, KeyScope.Own.LIFE);
        var version = ring.version(twin);
        ring.advanceAll(twin);
        assertThat(ring.version(twin)).isEqualTo(version + 1);
        assertThat(ring.epochOf(twin, Chapter.LABS)).isEqualTo(1);
        assertThat(ring.epochOf(twin, KeyScope.Own.LIFE)).isEqualTo(1);
        assertThat(ring.scopesOf(twin)).containsExactlyInAnyOrder(Chapter.LABS, KeyScope.Own.LIFE);
    }

    @Test
    void no_leaf_seals_twice_after_an_older_copy_of_the_keys_came_back_and_advanced() {
        qt().withExamples(20)
                .forAll(
                        lists().of(integers().between(0, 7)).ofSizeBetween(0, 8),
                        lists().of(integers().between(0, 7)).ofSizeBetween(0, 8),
                        integers().between(1, 3).map(blocks -> 90 * blocks))
                .checkAssert((before, lost, many) -> {
                    var world = TestKeys.seed(17);
                    var one = world.twin();
                    var used = new HashSet<String>();
                    live(world.ring(), one, before, many, used);
                    var restored = world.copy();
                    live(world.ring(), one, lost, many, used);
                    restored.ring().advanceAll(one);
                    var again = new ArrayList<Leaf>();
                    for (var scope : List.of(Chapter.LABS, Chapter.VITALS)) {
                        for (int i = 0; i < many; i++) {
                            again.add(restored.ring().nextLeaf(one, scope));
                        }
                    }
                    assertThat(again).allMatch(leaf -> used.add(hex(leaf.key().encryption())));
                });
    }

    /** Seals, punctures, drops and advances, remembering every key that sealed. */
    private static void live(KeyRing ring, TwinId twin, List<Integer> steps, int many, Set<String> sealed) {
        for (int step : steps) {
            var scope = step % 2 == 0 ? Chapter.LABS : Chapter.VITALS;
            switch (step) {
                case 0 -> ring.advance(twin, scope);
                case 1 -> ring.drop(twin, scope);
                case 2 -> ring.puncture(twin, scope, List.of(new LeafAddress(ring.epochOf(twin, scope), many)));
                default -> {
                    for (int i = 0; i < many; i++) {
                        sealed.add(hex(ring.nextLeaf(twin, scope).key().encryption()));
                    }
                }
            }
        }
    }

    @Test
    void the_version_counts_every_change_and_never_goes_back() {
        qt().withExamples(60)
                .forAll(lists().of(integers().between(0, 7)).ofSizeBetween(1, 20))
                .checkAssert(steps -> {
                    var world = TestKeys.seed(19);
                    var one = world.twin();
                    long version = world.ring().version(one);
                    var hash = HexFormat.of().formatHex(world.ring().stateHash(one));
                    for (int step : steps) {
                        live(world.ring(), one, List.of(step), 2, new HashSet<>());
                        long now = world.restarted().version(one);
                        var nowHash = HexFormat.of().formatHex(world.restarted().stateHash(one));
                        assertThat(now).isGreaterThanOrEqualTo(version);
                        assertThat(now == version).isEqualTo(nowHash.equals(hash));
                        version = now;
                        hash = nowHash;
                    }
                });
    }

    @Test
    void a_period_of_ten_thousand_leaves_goes_in_one_step_and_leaves_its_neighbours() {
        var leaves = leaves(Chapter.LABS, 10_100);
        ring.advance(twin, Chapter.LABS);
        var later = leaves(Chapter.LABS, 100);
        var version = ring.version(twin);
        ring.punctureRanges(twin, Map.of(Chapter.LABS, List.of(new LeafRange(0, 50, 10_049), LeafRange.whole(1))));
        assertThat(ring.version(twin)).isEqualTo(version + 1);
        assertThat(keys.rows.rowsOf(twin).stream()
                        .mapToInt(id -> keys.rows.read(id).orElseThrow().length))
                .allMatch(length -> length < 3000);
        for (var leaf : leaves) {
            int index = leaf.address().index();
            assertThat(key(ring, Chapter.LABS, leaf.address()).isPresent()).isEqualTo(index < 50 || index >= 10_050);
        }
        assertThat(later)
                .allMatch(leaf -> key(ring, Chapter.LABS, leaf.address()).isEmpty());
        ring.skeletonKey(twin, Chapter.LABS, 0).close();
        ring.skeletonKey(twin, Chapter.LABS, 1).close();
        assertThat(ring.nextLeaf(twin, Chapter.LABS).address()).isEqualTo(new LeafAddress(2, 0));
    }

    @Test
    void a_puncture_writes_no_more_after_thousands_of_others() {
        var given = leaves(Chapter.LABS, 3000);
        var gone = given.stream()
                .map(Leaf::address)
                .filter(address -> address.index() % 3 == 1)
                .toList();
        ring.puncture(twin, Chapter.LABS, gone.subList(0, 900));
        var rows = Set.copyOf(keys.rows.rowsOf(twin));
        assertThat(rows).hasSizeGreaterThan(4);
        ring.puncture(twin, Chapter.LABS, gone.subList(900, 901));
        long written = keys.rows.rowsOf(twin).stream()
                .filter(id -> !rows.contains(id))
                .mapToLong(id -> keys.rows.read(id).orElseThrow().length)
                .sum();
        assertThat(written).isLessThan(25_000);
        for (var each : List.of(ring, keys.restarted())) {
            for (var leaf : given) {
                boolean punctured = gone.subList(0, 901).contains(leaf.address());
                assertThat(key(each, Chapter.LABS, leaf.address()))
                        .isEqualTo(
                                punctured
                                        ? Optional.empty()
                                        : Optional.of(leaf.key().encryption()));
            }
        }
        ring.punctureRanges(twin, Map.of(Chapter.LABS, List.of(LeafRange.whole(0))));
        ring.sweep(twin);
        assertThat(keys.rows.rowsOf(twin)).hasSize(3);
        assertThat(key(keys.restarted(), Chapter.LABS, given.getFirst().address()))
                .isEmpty();
        ring.skeletonKey(twin, Chapter.LABS, 0).close();
    }

    @Test
    void parts_come_and_go_and_open_the_same_leaves() {
        qt().withExamples(12)
                .forAll(lists().of(lists().of(integers().between(0, 3999)).ofSizeBetween(1, 400))
                        .ofSizeBetween(1, 6))
                .checkAssert(rounds -> {
                    var world = TestKeys.seed(29);
                    var one = world.twin();
                    var root = Secret.copyOf(new byte[32]);
                    world.ring().destroy(one);
                    world.twin(one, Chapter.LABS, Secret.copyOf(new byte[32]), root);
                    var punctured = new HashSet<Integer>();
                    var receipt = world.receipt(one);
                    for (var round : rounds) {
                        world.ring()
                                .puncture(
                                        one,
                                        Chapter.LABS,
                                        round.stream()
                                                .map(index -> new LeafAddress(0, index))
                                                .toList());
                        punctured.addAll(round);
                    }
                    var whole = new TreePath(KeyTree.of(root));
                    var restarted = world.restarted();
                    for (int index = 0; index < 4000; index += 7) {
                        var address = new LeafAddress(0, index);
                        assertThat(restarted
                                        .bodyKeys(receipt, one, Chapter.LABS)
                                        .of(address)
                                        .map(CommittedKey::encryption))
                                .isEqualTo(
                                        punctured.contains(index)
                                                ? Optional.empty()
                                                : whole.key(address).map(CommittedKey::encryption));
                    }
                });
    }

    /** Each is a synced write that whoever records something waits for. */
    @Test
    void indexes_are_reserved_in_blocks_that_double_and_begin_anew_with_an_epoch() {
        var rows = new CrashingRows(keys.rows);
        var counted = new KeyRing(keys.vault, rows, keys.receipts, keys.random);
        for (int i = 0; i < 24_320; i++) {
            counted.nextLeaf(twin, Chapter.LABS);
        }
        assertThat(rows.reserved).containsExactly(256, 512, 1024, 2048, 4096, 8192, 8192);
        counted.advance(twin, Chapter.LABS);
        counted.nextLeaf(twin, Chapter.LABS);
        assertThat(rows.reserved).endsWith(8192, 256);
    }

    @Test
    void an_epoch_is_handed_out_whole_when_it_is_closed_and_has_lost_nothing_and_else_leaf_by_leaf() {
        var first = leaves(Chapter.LABS, 3);
        ring.advance(twin, Chapter.LABS);
        var second = leaves(Chapter.LABS, 3);
        ring.puncture(twin, Chapter.LABS, List.of(second.getFirst().address()));
        ring.advance(twin, Chapter.LABS);
        var open = leaves(Chapter.LABS, 2);
        var all = Stream.of(first, second, open)
                .flatMap(List::stream)
                .map(Leaf::address)
                .toList();
        try (var handed = ring.handOut(keys.receipt(twin), twin, Chapter.LABS, List.of(0, 1, 2), all)) {
            assertThat(handed.twin()).isEqualTo(twin);
            assertThat(handed.scope()).isEqualTo(Chapter.LABS);
            assertThat(handed.epochs()).containsExactly(0);
            assertThat(handed.leaves()).containsExactlyElementsOf(all.subList(4, 8));
            assertThat(handed.key(second.getFirst().address())).isEmpty();
            for (var leaf : List.of(first.getLast(), second.getLast(), open.getLast())) {
                var key = handed.key(leaf.address()).orElseThrow();
                assertThat(key.encryption()).isEqualTo(leaf.key().encryption());
                assertThat(key.commitment()).isEqualTo(leaf.key().commitment());
            }
        }
        var receipt = keys.receipt(twin, Chapter.VITALS);
        assertThatThrownBy(() -> ring.handOut(receipt, twin, Chapter.LABS, List.of(0), List.of()))
                .isInstanceOf(ReceiptRefused.class);
    }

    @Test
    void a_version_is_raised_and_never_lowered_and_the_keys_stay() {
        var leaf = ring.nextLeaf(twin, Chapter.LABS);
        ring.raise(twin, 40);
        assertThat(ring.version(twin)).isEqualTo(40);
        ring.raise(twin, 40);
        ring.raise(twin, 7);
        assertThat(ring.version(twin)).isEqualTo(40);
        for (var each : List.of(ring, keys.restarted())) {
            assertThat(key(each, Chapter.LABS, leaf.address()))
                    .contains(leaf.key().encryption());
        }
        assertThatThrownBy(() -> ring.raise(new TwinId(new UUID(1, 2)), 3)).isInstanceOf(TwinForgotten.class);
    }

    @Test
    void a_pseudonym_is_stable_per_twin_label_and_content() {
        var one = ring.pseudonym(twin, "entry", text("a"));
        assertThat(one).hasSize(32).isEqualTo(keys.restarted().pseudonym(twin, "entry", text("a")));
        assertThat(ring.pseudonym(twin, "entry", text("b"))).isNotEqualTo(one);
        assertThat(ring.pseudonym(twin, "trail", text("a"))).isNotEqualTo(one);
        assertThat(ring.pseudonym(twin, "entrya", text(""))).isNotEqualTo(one);
        assertThat(ring.pseudonym(keys.twin(), "entry", text("a"))).isNotEqualTo(one);
    }

    @Test
    void the_state_hash_and_the_version_move_with_every_change_and_only_then() {
        var hashes = new HashSet<String>();
        hashes.add(hash());
        ring.streamOf(twin, Chapter.LABS);
        assertThat(hashes.add(hash())).isTrue();
        ring.nextLeaf(twin, Chapter.LABS);
        assertThat(hashes.add(hash())).isFalse();
        assertThat(HexFormat.of().formatHex(keys.restarted().stateHash(twin))).isEqualTo(hash());
        ring.puncture(twin, Chapter.LABS, List.of(new LeafAddress(0, 0)));
        assertThat(hashes.add(hash())).isTrue();
        ring.drop(twin, Chapter.LABS);
        assertThat(hashes.add(hash())).isTrue();
        ring.destroy(twin);
        assertThat(hashes.add(hash())).isTrue();
    }

    @Test
    void a_row_that_is_lost_or_flipped_is_told_and_never_taken_for_an_erasure() {
        var address = ring.nextLeaf(twin, Chapter.LABS).address();
        for (var id : keys.rows.rowsOf(twin)) {
            var bytes = keys.rows.read(id).orElseThrow();
            keys.rows.delete(List.of(id));
            assertThatThrownBy(() -> key(keys.restarted(), Chapter.LABS, address))
                    .isInstanceOf(VaultUnavailable.class);
            var flipped = bytes.clone();
            flipped[flipped.length / 2] ^= 1;
            keys.rows.write(twin, Map.of(id, flipped));
            assertThatThrownBy(() -> key(keys.restarted(), Chapter.LABS, address))
                    .isInstanceOf(Tampered.class);
            keys.rows.delete(List.of(id));
            keys.rows.write(twin, Map.of(id, bytes));
        }
        assertThat(key(keys.restarted(), Chapter.LABS, address)).isPresent();
    }

    @Test
    void a_crash_between_any_two_steps_leaves_the_old_state_or_the_new_one_whole() {
        crashing("grow", each -> each.streamOf(twin, Chapter.GENOMICS));
        crashing("advance", each -> each.advance(twin, Chapter.LABS));
        crashing("advance all", each -> each.advanceAll(twin));
        crashing("puncture", each -> {
            each.puncture(twin, Chapter.LABS, List.of(new LeafAddress(0, 1)));
            each.sweep(twin);
        });
        crashing("drop", each -> each.drop(twin, Chapter.VITALS));
        crashing("destroy", each -> {
            each.destroy(twin);
            each.sweep(twin);
        });
    }

    /** Takes the step with a crash before and after each of its writes; then takes it again in a new process. */
    private void crashing(String name, Consumer<KeyRing> step) {
        for (int survived = 0; ; survived++) {
            var world = TestKeys.seed(11);
            var rows = new CrashingRows(world.rows);
            var vault = new CrashingVault(world.vault, rows);
            prepare(world);
            rows.left = survived;
            boolean crashed = false;
            try {
                step.accept(new KeyRing(vault, rows, world.receipts, world.random));
            } catch (Crash e) {
                crashed = true;
            }
            var after = world.restarted();
            assertWhole(name, world, after);
            step.accept(after);
            assertWhole(name, world, after);
            if (after.holds(twin)) {
                after.sweep(twin);
                var state = new KeyStates(world.vault, world.rows, world.random)
                        .load(twin)
                        .orElseThrow();
                assertThat(world.rows.rowsOf(twin)).as(name).containsExactlyInAnyOrderElementsOf(state.rows());
            } else {
                assertThat(world.rows.rowsOf(twin)).isEmpty();
            }
            if (!crashed) {
                assertThat(survived).as(name + " has steps to crash between").isGreaterThan(1);
                return;
            }
        }
    }

    private void prepare(TestKeys world) {
        world.ring().create(twin);
        for (int i = 0; i < 3; i++) {
            world.ring().nextLeaf(twin, Chapter.LABS);
        }
        world.ring().streamOf(twin, Chapter.VITALS);
    }

    private void assertWhole(String name, TestKeys world, KeyRing after) {
        if (!after.holds(twin)) {
            assertThat(name).isEqualTo("destroy");
            return;
        }
        var receipt = world.receipt(twin);
        assertThat(after.bodyKeys(receipt, twin, Chapter.LABS).of(new LeafAddress(0, 0)))
                .as(name)
                .isPresent();
        assertThat(after.bodyKeys(receipt, twin, Chapter.LABS).of(new LeafAddress(0, 2)))
                .as(name)
                .isPresent();
        for (var scope : after.scopesOf(twin)) {
            after.skeletonKey(twin, scope, 0).close();
            assertThat(after.ownerOf(after.streamOf(twin, scope))).contains(new KeyRing.Owner(twin, scope));
        }
    }

    @Test
    void a_failed_write_is_not_served_from_memory() {
        var rows = new CrashingRows(keys.rows);
        var failing = new KeyRing(new CrashingVault(keys.vault, rows), rows, keys.receipts, keys.random);
        var address = failing.nextLeaf(twin, Chapter.LABS).address();
        rows.left = 2; // the slot is replaced, then deleting the old rows fails
        failing.puncture(twin, Chapter.LABS, List.of(address));
        assertThatThrownBy(() -> failing.sweep(twin)).isInstanceOf(Crash.class);
        rows.left = Integer.MAX_VALUE;
        assertThat(key(failing, Chapter.LABS, address)).isEmpty();
    }

    @Test
    void keys_in_memory_are_not_served_while_what_wraps_them_is_out_of_reach() {
        var rows = new CrashingRows(keys.rows);
        var opened = new KeyRing(new CrashingVault(keys.vault, rows), rows, keys.receipts, keys.random);
        var address = opened.nextLeaf(twin, Chapter.LABS).address();
        rows.away = true;
        assertThatThrownBy(() -> opened.nextLeaf(twin, Chapter.LABS)).isInstanceOf(VaultUnavailable.class);
        assertThatThrownBy(() -> key(opened, Chapter.LABS, address)).isInstanceOf(VaultUnavailable.class);
        rows.away = false;
        assertThat(key(opened, Chapter.LABS, address)).isPresent();
    }

    @Test
    void many_twins_more_than_are_kept_open_keep_their_keys() {
        var twins = new ArrayList<TwinId>();
        var sealed = new ArrayList<Leaf>();
        for (int i = 0; i < 2000; i++) {
            twins.add(keys.twin());
            sealed.add(ring.nextLeaf(twins.get(i), Chapter.LABS));
        }
        for (int i = 0; i < 2000; i++) {
            var leaf = ring.bodyKeys(keys.receipt(twins.get(i)), twins.get(i), Chapter.LABS)
                    .of(sealed.get(i).address());
            assertThat(leaf.orElseThrow().encryption())
                    .isEqualTo(sealed.get(i).key().encryption());
        }
    }

    private List<Leaf> leaves(KeyScope scope, int count) {
        var leaves = new ArrayList<Leaf>();
        for (int i = 0; i < count; i++) {
            leaves.add(ring.nextLeaf(twin, scope));
        }
        return leaves;
    }

    private Optional<Secret> key(KeyRing from, KeyScope scope, LeafAddress address) {
        return from.bodyKeys(keys.receipt(twin), twin, scope).of(address).map(CommittedKey::encryption);
    }

    private Map<UUID, byte[]> copyOfRows() {
        var copy = new HashMap<UUID, byte[]>();
        keys.rows.rowsOf(twin).forEach(id -> copy.put(id, keys.rows.read(id).orElseThrow()));
        return copy;
    }

    private String hash() {
        return HexFormat.of().formatHex(ring.stateHash(twin));
    }

    private static String hex(Secret secret) {
        return secret.reveal(KeyAccess.TO_DERIVE, HexFormat.of()::formatHex);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Crash extends RuntimeException {}

    /** Lets so many writes through and then crashes before each; remembers how many indexes were reserved at once. */
    private static final class CrashingRows implements KeyRows {
        private final KeyRows rows;
        private final List<Integer> reserved = new ArrayList<>();
        private int left = Integer.MAX_VALUE;
        private boolean away;

        CrashingRows(KeyRows rows) {
            this.rows = rows;
        }

        void step() {
            if (left-- <= 0) {
                throw new Crash();
            }
        }

        @Override
        public Optional<byte[]> read(UUID row) {
            return rows.read(row);
        }

        @Override
        public void write(TwinId twin, Map<UUID, byte[]> written) {
            step();
            rows.write(twin, written);
        }

        @Override
        public void delete(Collection<UUID> ids) {
            step();
            rows.delete(ids);
        }

        @Override
        public Collection<UUID> rowsOf(TwinId twin) {
            return rows.rowsOf(twin);
        }

        @Override
        public void nameStream(StreamName stream, TwinId twin) {
            step();
            rows.nameStream(stream, twin);
        }

        @Override
        public Optional<TwinId> ownerOf(StreamName stream) {
            return rows.ownerOf(stream);
        }

        @Override
        public void forgetStreams(TwinId twin) {
            step();
            rows.forgetStreams(twin);
        }

        @Override
        public long reserve(StreamName stream, int epoch, int count) {
            reserved.add(count);
            return rows.reserve(stream, epoch, count);
        }
    }

    private record CrashingVault(Vault vault, CrashingRows rows) implements Vault {
        @Override
        public Optional<Secret> read(SlotId id) {
            return vault.read(id);
        }

        @Override
        public long version(SlotId id) {
            return vault.version(id);
        }

        @Override
        public void replace(SlotId id, Secret secret, long version) {
            rows.step();
            vault.replace(id, secret, version);
        }

        @Override
        public boolean replaceIf(SlotId id, long version, Secret secret) {
            rows.step();
            return vault.replaceIf(id, version, secret);
        }

        @Override
        public void erase(SlotId id) {
            rows.step();
            vault.erase(id);
        }

        @Override
        public void check() {
            if (rows.away) {
                throw new VaultUnavailable("It is away.");
            }
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
}
