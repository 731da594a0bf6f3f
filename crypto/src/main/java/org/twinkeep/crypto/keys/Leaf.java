package org.twinkeep.crypto.keys;

import org.twinkeep.crypto.Secret;

/**
 * What one leaf of the tree gives: the key of one body, and the key of the body's content tag. {@code
 * docs/formats/key-tree.md} gives the derivation.
 */
public record Leaf(LeafAddress address, CommittedKey key, Secret contentTag) {
    @Override
    public String toString() {
        return "Leaf";
    }
}
