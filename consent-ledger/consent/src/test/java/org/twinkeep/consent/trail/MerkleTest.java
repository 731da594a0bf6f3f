package org.twinkeep.consent.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.twinkeep.consent.durable.Hex;

class MerkleTest {

    /** The eight leaves, roots and proofs of the reference implementation of RFC 6962 (google/certificate-transparency). */
    private static final List<byte[]> LEAVES = Stream.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .map(HexFormat.of()::parseHex)
            .toList();

    private static final List<String> ROOTS = List.of(
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    @Test
    void the_empty_tree_is_the_hash_of_nothing() {
        assertThat(Hex.of(Merkle.root(tree(List.of()), 0)))
                .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @Test
    void the_published_roots_are_reached() {
        for (int size = 1; size <= LEAVES.size(); size++) {
            assertThat(Hex.of(Merkle.root(tree(LEAVES.subList(0, size)), size))).isEqualTo(ROOTS.get(size - 1));
        }
    }

    @Test
    void the_published_consistency_proofs_are_reached() {
        assertThat(consistency(1, 1)).isEmpty();
        assertThat(consistency(1, 8))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(consistency(6, 8))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(consistency(2, 5))
                .containsExactly(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    @Test
    void the_published_inclusion_proof_is_reached() {
        assertThat(hex(Merkle.inclusion(tree(LEAVES), 0, 8)))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    }

    @Test
    void the_tiles_make_the_tree_of_the_definition() {
        for (int size : new int[] {1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000}) {
            var leaves = leaves(size);
            assertThat(Merkle.root(tree(leaves), size)).isEqualTo(definition(hashes(leaves)));
        }
    }

    @Test
    void every_leaf_is_proved_and_no_other() {
        qt().withFixedSeed(7)
                .withExamples(300)
                .forAll(
                        integers().between(2, 1500),
                        integers().between(0, 1499),
                        integers().between(1, 1499))
                .checkAssert((size, any, distance) -> {
                    int leaf = any % size;
                    int other = (leaf + 1 + distance % (size - 1)) % size;
                    var leaves = leaves(size);
                    var nodes = tree(leaves);
                    var root = Merkle.root(nodes, size);
                    var path = Merkle.inclusion(nodes, leaf, size);
                    var hash = Merkle.leafHash(leaves.get(leaf));
                    assertThat(Merkle.includes(root, size, leaf, hash, path)).isTrue();
                    assertThat(Merkle.includes(root, size, other, hash, path)).isFalse();
                    assertThat(Merkle.includes(root, size, leaf, Merkle.leafHash(leaves.get(other)), path))
                            .isFalse();
                });
    }

    @Test
    void a_tree_that_grew_is_consistent_and_one_that_was_rewritten_is_not() {
        qt().withFixedSeed(8)
                .withExamples(300)
                .forAll(
                        integers().between(1, 1500),
                        integers().between(0, 1500),
                        integers().between(0, 1499))
                .checkAssert((newer, any, changed) -> {
                    int older = any % (newer + 1);
                    var leaves = leaves(newer);
                    var nodes = tree(leaves);
                    var root = Merkle.root(nodes, newer);
                    var before = Merkle.root(tree(leaves.subList(0, older)), older);
                    assertThat(Merkle.consistent(older, before, newer, root, Merkle.consistency(nodes, older, newer)))
                            .isTrue();
                    if (changed < older) {
                        var rewritten = new ArrayList<>(leaves);
                        rewritten.set(changed, new byte[] {42});
                        var other = tree(rewritten);
                        assertThat(Merkle.consistent(
                                        older,
                                        before,
                                        newer,
                                        Merkle.root(other, newer),
                                        Merkle.consistency(other, older, newer)))
                                .isFalse();
                    }
                });
    }

    private static List<String> consistency(int older, int newer) {
        return hex(Merkle.consistency(tree(LEAVES.subList(0, newer)), older, newer));
    }

    private static List<String> hex(List<byte[]> hashes) {
        return hashes.stream().map(Hex::of).toList();
    }

    private static List<byte[]> leaves(int count) {
        var leaves = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            leaves.add(ByteBuffer.allocate(4).putInt(i).array());
        }
        return leaves;
    }

    private static Merkle.Nodes tree(List<byte[]> leaves) {
        var tree = new TileTree();
        Map<Tile, byte[]> filled = new HashMap<>();
        leaves.forEach(leaf -> tree.append(Merkle.leafHash(leaf), filled::put));
        return tree.nodes(filled::get);
    }

    private static List<byte[]> hashes(List<byte[]> leaves) {
        return leaves.stream().map(Merkle::leafHash).toList();
    }

    /** RFC 6962, 2.1, to the letter. */
    private static byte[] definition(List<byte[]> hashes) {
        if (hashes.size() == 1) {
            return hashes.getFirst();
        }
        int k = 1;
        while (2 * k < hashes.size()) {
            k *= 2;
        }
        return Merkle.nodeHash(definition(hashes.subList(0, k)), definition(hashes.subList(k, hashes.size())));
    }
}
