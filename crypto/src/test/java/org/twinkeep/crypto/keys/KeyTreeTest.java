package org.twinkeep.crypto.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;

class KeyTreeTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final Properties GOLDEN = golden();
    private static final KeyTree WHOLE = KeyTree.of(Secret.copyOf(HEX.parseHex(GOLDEN.getProperty("root"))));

    @Test
    void leaves_are_the_golden_ones() {
        for (var index : GOLDEN.getProperty("leaves").split(",")) {
            var leaf = leaf(WHOLE, Integer.parseInt(index)).orElseThrow();
            assertThat(hex(leaf.key().encryption())).isEqualTo(GOLDEN.getProperty("leaf." + index + ".encryption"));
            assertThat(HEX.formatHex(leaf.key().commitment()))
                    .isEqualTo(GOLDEN.getProperty("leaf." + index + ".commitment"));
            assertThat(hex(leaf.contentTag())).isEqualTo(GOLDEN.getProperty("leaf." + index + ".contentTag"));
        }
    }

    @Test
    void states_are_the_golden_ones() {
        assertThat(HEX.formatHex(WHOLE.encode())).isEqualTo(GOLDEN.getProperty("state.whole"));
        assertThat(HEX.formatHex(WHOLE.puncture(runs(List.of(5))).encode()))
                .isEqualTo(GOLDEN.getProperty("state.without.5"));
        assertThat(HEX.formatHex(WHOLE.puncture(runs(List.of(1, 0xffffff, 0))).encode()))
                .isEqualTo(GOLDEN.getProperty("state.without.0.1.0xffffff"));
        var thousand = IntStream.range(0, 1000)
                .map(i -> (i * 7919 + 13) % KeyTree.LEAVES)
                .boxed()
                .toList();
        assertThat(HEX.formatHex(KeyStates.sha256(WHOLE.puncture(runs(thousand)).encode())))
                .isEqualTo(GOLDEN.getProperty("state.without.1000.random.sha256"));
    }

    @Test
    void exactly_the_punctured_leaves_are_gone_and_all_others_are_unchanged() {
        qt().withExamples(200).forAll(indexes(), indexes()).checkAssert((punctured, asked) -> {
            var tree = WHOLE.puncture(runs(punctured));
            for (int index : punctured) {
                assertThat(leaf(tree, index)).isEmpty();
            }
            for (int index : neighbours(punctured, asked)) {
                if (!punctured.contains(index)) {
                    assertThat(secrets(leaf(tree, index))).isEqualTo(secrets(leaf(WHOLE, index)));
                }
            }
        });
    }

    @Test
    void neither_the_order_of_punctures_matters_nor_that_one_comes_twice() {
        qt().withExamples(200).forAll(indexes(), integers().all()).checkAssert((punctured, seed) -> {
            var atOnce = WHOLE.puncture(runs(punctured)).encode();
            var shuffled = new ArrayList<>(punctured);
            shuffled.addAll(punctured);
            Collections.shuffle(shuffled, new Random(seed));
            var oneByOne = WHOLE;
            for (int index : shuffled) {
                oneByOne = oneByOne.puncture(runs(List.of(index)));
            }
            assertThat(oneByOne.encode()).isEqualTo(atOnce);
        });
    }

    @Test
    void no_state_holds_an_ancestor_of_a_punctured_leaf() {
        qt().withExamples(200).forAll(indexes()).checkAssert(punctured -> {
            var subtrees = WHOLE.puncture(runs(punctured)).subtrees();
            for (int index : punctured) {
                assertThat(subtrees).noneMatch(tree -> tree.first() <= index && index <= tree.last());
            }
            long left = subtrees.stream().mapToLong(KeyTree.Subtree::size).sum();
            assertThat(left).isEqualTo(KeyTree.LEAVES - Set.copyOf(punctured).size());
        });
    }

    @Test
    void a_state_is_read_as_it_was_written() {
        qt().withExamples(100).forAll(indexes()).checkAssert(punctured -> {
            var tree = WHOLE.puncture(runs(punctured));
            var again = KeyTree.decode(tree.encode());
            assertThat(again.encode()).isEqualTo(tree.encode());
            assertThat(again.puncture(runs(punctured)).encode()).isEqualTo(tree.encode());
        });
    }

    @Test
    void a_walk_finds_the_same_leaves_in_any_order() {
        qt().withExamples(100).forAll(indexes(), indexes()).checkAssert((punctured, asked) -> {
            var tree = WHOLE.puncture(runs(punctured));
            var path = new TreePath(tree);
            for (int index : neighbours(punctured, asked)) {
                assertThat(secrets(path.leaf(new LeafAddress(0, index)))).isEqualTo(secrets(leaf(tree, index)));
            }
        });
    }

    @Test
    void one_puncture_costs_24_nodes_and_a_run_costs_no_more_than_twice_that() {
        assertThat(WHOLE.puncture(runs(List.of(12345))).subtrees()).hasSize(24);
        var run = IntStream.range(1_000_001, 1_100_000).boxed().toList();
        assertThat(WHOLE.puncture(runs(run)).subtrees()).hasSizeLessThan(48);
    }

    @Test
    void a_run_is_punctured_as_its_leaves_one_by_one_and_hashes_along_its_ends_only() {
        qt().withExamples(100)
                .forAll(lists().of(runs()).ofSizeBetween(0, 8), indexes())
                .checkAssert((ranges, punctured) -> {
                    var tree = WHOLE.puncture(runs(punctured));
                    var leaves = ranges.stream()
                            .flatMap(range -> IntStream.rangeClosed(range.first(), range.last())
                                    .boxed())
                            .toList();
                    var atOnce = tree.puncture(Runs.of(ranges));
                    assertThat(atOnce.encode())
                            .isEqualTo(tree.puncture(runs(leaves)).encode());
                    assertThat(tree.holdsAnyOf(Runs.of(ranges)))
                            .isEqualTo(!Arrays.equals(atOnce.encode(), tree.encode()));
                });
        assertThat(WHOLE.puncture(Runs.of(List.of(LeafRange.whole(0)))).subtrees())
                .isEmpty();
        assertThat(WHOLE.puncture(Runs.of(List.of(new LeafRange(0, 1, KeyTree.LEAVES - 2))))
                        .subtrees())
                .extracting(KeyTree.Subtree::first)
                .containsExactly(0, KeyTree.LEAVES - 1);
    }

    @Test
    void a_range_outside_an_epoch_or_of_nothing_is_refused() {
        for (var bad : List.of(List.of(-1, 3), List.of(4, 3), List.of(0, KeyTree.LEAVES))) {
            assertThatThrownBy(() -> new LeafRange(0, bad.get(0), bad.get(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_tree_of_which_nothing_is_left_is_empty() {
        var last = KeyTree.decode(HEX.parseHex("0118" + "00000001" + "18" + "000007" + "00".repeat(32)));
        assertThat(last.puncture(runs(List.of(7))).subtrees()).isEmpty();
        assertThat(HEX.formatHex(last.puncture(runs(List.of(7))).encode())).isEqualTo("011800000000");
    }

    @Test
    void an_index_outside_is_refused() {
        for (int outside : new int[] {-1, KeyTree.LEAVES, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            assertThatThrownBy(() -> WHOLE.puncture(runs(List.of(outside))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> leaf(WHOLE, outside)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anything_but_the_one_encoding_is_tampered() {
        var node = "00".repeat(32);
        for (var malformed : List.of(
                "",
                "01",
                "0118",
                "011800000001",
                "0118ffffffff",
                "01187fffffff",
                "021800000000", // another version
                "011700000000", // another depth
                "01180000000000", // a byte too many
                "011800000001" + "19" + "000000" + node, // deeper than a leaf
                "011800000001" + "01" + "000001" + node, // not where a subtree of that size begins
                "011800000002" + "01" + "800000" + node + "01" + "000000" + node, // not in order
                "011800000002" + "18" + "000005" + node + "18" + "000005" + node, // one twice
                "011800000002" + "00" + "000000" + node + "18" + "000005" + node)) { // one within the other
            assertThatThrownBy(() -> KeyTree.decode(HEX.parseHex(malformed)))
                    .as(malformed)
                    .isInstanceOf(Tampered.class);
        }
    }

    @Test
    void wiping_what_a_puncture_replaced_leaves_what_is_shared() {
        var tree = KeyTree.of(Secret.copyOf(new byte[32])).puncture(runs(List.of(3)));
        var shrunk = tree.puncture(runs(List.of(9)));
        var before = shrunk.encode();
        tree.wipeAllBut(shrunk);
        assertThat(shrunk.encode()).isEqualTo(before);
        assertThat(tree.subtrees().stream().filter(subtree -> !shrunk.subtrees().contains(subtree)))
                .isNotEmpty()
                .allMatch(subtree -> Arrays.equals(subtree.node(), new byte[32]));
    }

    /** Sets that meet: near each other, at the edges, anywhere. */
    private static Gen<List<Integer>> indexes() {
        var near = integers().between(0, 40);
        var edges = integers().between(KeyTree.LEAVES - 20, KeyTree.LEAVES - 1);
        var anywhere = integers().between(0, KeyTree.LEAVES - 1);
        return lists().of(near.mix(edges).mix(anywhere)).ofSizeBetween(0, 30);
    }

    private static Gen<LeafRange> runs() {
        var starts = integers().between(0, 40).mix(integers().between(KeyTree.LEAVES - 90, KeyTree.LEAVES - 1));
        return starts.zip(
                integers().between(1, 90),
                (first, length) -> new LeafRange(0, first, Math.min(first + length, KeyTree.LEAVES) - 1));
    }

    private static List<Integer> neighbours(List<Integer> punctured, List<Integer> asked) {
        return Stream.concat(
                        asked.stream(),
                        punctured.stream().flatMap(index -> Stream.of(index - 1, index + 1, index ^ 64)))
                .filter(index -> index >= 0 && index < KeyTree.LEAVES)
                .toList();
    }

    private static Runs runs(Collection<Integer> indexes) {
        return Runs.of(
                indexes.stream().map(index -> new LeafRange(0, index, index)).toList());
    }

    private static Optional<Leaf> leaf(KeyTree tree, int index) {
        return new TreePath(tree).leaf(new LeafAddress(0, index));
    }

    private static Optional<String> secrets(Optional<Leaf> leaf) {
        return leaf.map(l -> hex(l.key().encryption()) + HEX.formatHex(l.key().commitment()) + hex(l.contentTag()));
    }

    private static String hex(Secret secret) {
        return secret.reveal(KeyAccess.TO_DERIVE, HEX::formatHex);
    }

    private static Properties golden() {
        var properties = new Properties();
        try (var in = KeyTreeTest.class.getResourceAsStream("key-tree.properties")) {
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
