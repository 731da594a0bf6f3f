package org.twinkeep.crypto.keys;

import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;

/**
 * Walks a tree to its leaves and remembers the last path, so that the leaf beside the last one costs two hashes on average
 * and not twenty-four. For one thread at a time.
 */
final class TreePath {

    private final KeyTree tree;
    private final MessageDigest sha256 = Sha2.sha256();
    private final MessageDigest sha512 = Sha2.sha512();
    private final byte[] @Nullable [] nodes = new byte[KeyTree.DEPTH + 1][];
    private KeyTree.@Nullable Subtree within;
    private int last;

    TreePath(KeyTree tree) {
        this.tree = tree;
    }

    /** The leaf, or nothing once it is punctured. */
    Optional<Leaf> leaf(LeafAddress address) {
        return node(address.index())
                .map(node -> new Leaf(address, KeyTree.key(node, sha512), KeyTree.contentTag(node, sha256)));
    }

    /** The leaf's key of a body alone. */
    Optional<CommittedKey> key(LeafAddress address) {
        return node(address.index()).map(node -> KeyTree.key(node, sha512));
    }

    /** The leaf's key of a content tag alone. */
    Optional<Secret> contentTag(LeafAddress address) {
        return node(address.index()).map(node -> KeyTree.contentTag(node, sha256));
    }

    private Optional<byte[]> node(int index) {
        var subtree = within;
        int shared;
        if (subtree != null && index >= subtree.first() && index <= subtree.last()) {
            shared = Integer.numberOfLeadingZeros(index ^ last) - (Integer.SIZE - KeyTree.DEPTH);
        } else {
            var covering = tree.covering(index);
            if (covering.isEmpty()) {
                return Optional.empty();
            }
            wipe();
            subtree = covering.get();
            shared = subtree.depth();
            nodes[shared] = subtree.node().clone();
        }
        var node = descend(index, shared);
        within = subtree;
        last = index;
        return Optional.of(node);
    }

    private byte[] descend(int index, int from) {
        var node = Objects.requireNonNull(nodes[from]);
        for (int depth = from; depth < KeyTree.DEPTH; depth++) {
            node = KeyTree.child(node, index >>> (KeyTree.DEPTH - 1 - depth) & 1, sha256);
            var old = nodes[depth + 1];
            if (old != null) {
                KeyTree.wipe(old);
            }
            nodes[depth + 1] = node;
        }
        return node;
    }

    void wipe() {
        within = null;
        for (int depth = 0; depth <= KeyTree.DEPTH; depth++) {
            var node = nodes[depth];
            if (node != null) {
                KeyTree.wipe(node);
                nodes[depth] = null;
            }
        }
    }
}
