package org.twinkeep.crypto.keys;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * What is left of one epoch's keys: a binary GGM tree (Goldreich, Goldwasser, Micali 1986) of depth 24, as the set of the
 * largest subtrees that hold no punctured leaf.
 *
 * <p>Promise: a punctured leaf's key cannot be computed from it, since no ancestor of the leaf is in it and a child tells
 * nothing of its parent or sibling; every other leaf is unchanged. The format is final: {@code docs/formats/key-tree.md}.
 */
final class KeyTree {

    static final int DEPTH = 24;
    static final int LEAVES = LeafAddress.LAST_INDEX + 1;
    static final int NODE_BYTES = 32;

    private static final int VERSION = 1;
    private static final byte[] NODE_LABEL = "twinkeep.tree.v1.node".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LEAF_LABEL = "twinkeep.tree.v1.leaf".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAG_LABEL = "twinkeep.tree.v1.ctag".getBytes(StandardCharsets.US_ASCII);

    /** A tree that has lost everything. */
    static final KeyTree GONE = new KeyTree(List.of());

    /** In order of the leaves below them; none covers another. */
    private final List<Subtree> subtrees;

    private KeyTree(List<Subtree> subtrees) {
        this.subtrees = List.copyOf(subtrees);
    }

    /** A whole tree. */
    static KeyTree of(Secret root) {
        if (root.length() != NODE_BYTES) {
            throw new IllegalArgumentException("A root has 32 bytes.");
        }
        return new KeyTree(List.of(new Subtree(0, 0, root.reveal(KeyAccess.TO_DERIVE, byte[]::clone))));
    }

    /** The subtree that still holds this leaf. */
    Optional<Subtree> covering(int index) {
        refuseOutside(index);
        int low = 0;
        int high = subtrees.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var subtree = subtrees.get(middle);
            if (index < subtree.first) {
                high = middle - 1;
            } else if (index > subtree.last()) {
                low = middle + 1;
            } else {
                return Optional.of(subtree);
            }
        }
        return Optional.empty();
    }

    /** One tree of parts that stand in order. */
    static KeyTree joined(List<KeyTree> parts) {
        return new KeyTree(
                parts.stream().flatMap(part -> part.subtrees.stream()).toList());
    }

    /** Whether each of several parts holds something, all of it behind the part before. */
    static boolean inOrder(List<KeyTree> parts) {
        for (int i = 1; i < parts.size(); i++) {
            var before = parts.get(i - 1);
            var part = parts.get(i);
            if (before.isGone()
                    || part.isGone()
                    || part.subtrees.getFirst().first
                            <= before.subtrees.getLast().last()) {
                return false;
            }
        }
        return true;
    }

    /** In the fewest parts of about the same number of subtrees, at most so many; none where nothing is left. */
    List<KeyTree> inParts(int most) {
        int count = Math.ceilDiv(subtrees.size(), most);
        return IntStream.range(0, count)
                .mapToObj(number -> new KeyTree(subtrees.subList((int) ((long) subtrees.size() * number / count), (int)
                        ((long) subtrees.size() * (number + 1) / count))))
                .toList();
    }

    /** The root of a tree that has lost nothing; the caller's own copy. */
    Optional<Secret> root() {
        return subtrees.size() == 1 && subtrees.getFirst().depth == 0
                ? Optional.of(Secret.copyOf(subtrees.getFirst().node))
                : Optional.empty();
    }

    /** Whether no leaf is left. */
    boolean isGone() {
        return subtrees.isEmpty();
    }

    /** Whether a leaf of these is still held. */
    boolean holdsAnyOf(Runs runs) {
        return subtrees.stream().anyMatch(subtree -> runs.touch(subtree.first, subtree.last()));
    }

    /** Without these leaves; punctured already is punctured. A run costs hashes along its two ends, whatever its length. */
    KeyTree puncture(Runs runs) {
        var left = new ArrayList<Subtree>();
        var digest = Sha2.sha256();
        for (var subtree : subtrees) {
            puncture(subtree, runs, left, digest);
        }
        return new KeyTree(left);
    }

    private static void puncture(Subtree subtree, Runs runs, List<Subtree> left, MessageDigest digest) {
        if (!runs.touch(subtree.first, subtree.last())) {
            left.add(subtree);
        } else if (!runs.cover(subtree.first, subtree.last())) {
            puncture(subtree.child(0, digest), runs, left, digest);
            puncture(subtree.child(1, digest), runs, left, digest);
        }
    }

    List<Subtree> subtrees() {
        return subtrees;
    }

    /** Wipes every node that the other tree, which came out of this one, does not share. */
    void wipeAllBut(KeyTree other) {
        var kept = Collections.<byte[]>newSetFromMap(new IdentityHashMap<>());
        other.subtrees.forEach(subtree -> kept.add(subtree.node));
        subtrees.stream()
                .map(Subtree::node)
                .filter(node -> !kept.contains(node))
                .forEach(KeyTree::wipe);
    }

    void wipe() {
        subtrees.forEach(subtree -> wipe(subtree.node));
    }

    byte[] encode() {
        var writer = new ByteWriter().u8(VERSION).u8(DEPTH).u32(subtrees.size());
        subtrees.forEach(subtree -> writer.u8(subtree.depth).u24(subtree.first).raw(subtree.node));
        return writer.toBytes();
    }

    /** @throws org.twinkeep.crypto.Tampered when it is not the one encoding of a tree */
    static KeyTree decode(byte[] bytes) {
        var reader = new ByteReader(bytes, "A key tree cannot be read.");
        if (reader.u8() != VERSION || reader.u8() != DEPTH) {
            throw reader.malformed();
        }
        int count = reader.u32();
        if (reader.remaining() != (long) count * (1 + 3 + NODE_BYTES)) {
            throw reader.malformed();
        }
        var subtrees = new ArrayList<Subtree>(count);
        int next = 0;
        for (int i = 0; i < count; i++) {
            int depth = reader.u8();
            int first = reader.u24();
            if (depth > DEPTH || first < next || first % (1 << (DEPTH - depth)) != 0) {
                throw reader.malformed();
            }
            var subtree = new Subtree(depth, first, reader.raw(NODE_BYTES));
            subtrees.add(subtree);
            next = subtree.last() + 1;
        }
        return new KeyTree(subtrees);
    }

    @Override
    public String toString() {
        return "KeyTree";
    }

    /** A child's node. Label, bit and node fit one block of SHA-256: 54 of at most 55 bytes. */
    static byte[] child(byte[] node, int bit, MessageDigest digest) {
        digest.update(NODE_LABEL);
        digest.update((byte) bit);
        return digest.digest(node);
    }

    /** The key of a leaf's body, from its node at depth 24. */
    static CommittedKey key(byte[] node, MessageDigest sha512) {
        sha512.update(LEAF_LABEL);
        return CommittedKey.taking(sha512.digest(node));
    }

    /** The key of the content tag of a leaf's body, from its node at depth 24. */
    static Secret contentTag(byte[] node, MessageDigest sha256) {
        sha256.update(TAG_LABEL);
        return Secret.taking(sha256.digest(node));
    }

    static void wipe(byte[] bytes) {
        Arrays.fill(bytes, (byte) 0);
    }

    private static void refuseOutside(int index) {
        if (index < 0 || index >= LEAVES) {
            throw new IllegalArgumentException("A leaf's index is 0 to 2^24 - 1.");
        }
    }

    /**
     * One whole subtree.
     *
     * @param depth of its top node; the root's is 0
     * @param first index of its first leaf
     */
    record Subtree(int depth, int first, byte[] node) {

        int size() {
            return 1 << (DEPTH - depth);
        }

        int last() {
            return first + size() - 1;
        }

        Subtree child(int bit, MessageDigest digest) {
            return new Subtree(depth + 1, first + bit * (size() / 2), KeyTree.child(node, bit, digest));
        }

        @Override
        public String toString() {
            return "Subtree";
        }
    }
}
