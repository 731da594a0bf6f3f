package org.twinkeep.crypto.keys;

import org.twinkeep.crypto.Secret;

/**
 * What one leaf of the tree gives: the AES-256 key of one body, the commitment to that key, and the key of the body's
 * content tag. {@code docs/formats/key-tree.md} gives the derivation.
 */
public record Leaf(LeafAddress address, Secret encryption, byte[] commitment, Secret contentTag) {
    @Override
    public String toString() {
        return "Leaf";
    }
}
