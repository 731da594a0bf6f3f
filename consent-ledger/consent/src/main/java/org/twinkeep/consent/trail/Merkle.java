package org.twinkeep.consent.trail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.twinkeep.consent.durable.Sha256;

/** The Merkle tree of RFC 6962, 2.1: hashes, roots, proofs, and how a proof is checked (RFC 9162, 2.1.3.2 and 2.1.4.2). */
final class Merkle {

    static final int HASH_BYTES = 32;

    private static final byte[] LEAF = {0};
    private static final byte[] NODE = {1};

    private Merkle() {}

    /** The hashes of the tree's complete subtrees. */
    @FunctionalInterface
    interface Nodes {
        /** The root over the leaves from {@code index << height} to {@code (index + 1) << height}. */
        byte[] hash(int height, long index);
    }

    static byte[] leafHash(byte[] leaf) {
        return Sha256.of(LEAF, leaf);
    }

    static byte[] nodeHash(byte[] left, byte[] right) {
        return Sha256.of(NODE, left, right);
    }

    /** The root over a list whose length is a power of two. */
    static byte[] perfectRoot(List<byte[]> hashes) {
        var level = hashes;
        while (level.size() > 1) {
            var above = new ArrayList<byte[]>(level.size() / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(nodeHash(level.get(i), level.get(i + 1)));
            }
            level = above;
        }
        return level.getFirst();
    }

    static byte[] root(Nodes nodes, long size) {
        return size == 0 ? Sha256.of() : range(nodes, 0, size);
    }

    /** RFC 6962, 2.1.1: from the leaf's sibling up. */
    static List<byte[]> inclusion(Nodes nodes, long leaf, long size) {
        if (leaf < 0 || leaf >= size) {
            throw new IllegalArgumentException("the leaf is not in a tree of this size");
        }
        var path = new ArrayList<byte[]>();
        path(nodes, leaf, 0, size, path);
        return path;
    }

    /** RFC 6962, 2.1.2. */
    static List<byte[]> consistency(Nodes nodes, long older, long newer) {
        if (older < 0 || older > newer) {
            throw new IllegalArgumentException("the older tree is the smaller one");
        }
        var proof = new ArrayList<byte[]>();
        if (older > 0) {
            subproof(nodes, older, 0, newer, true, proof);
        }
        return proof;
    }

    static boolean includes(byte[] root, long size, long leaf, byte[] leafHash, List<byte[]> path) {
        if (leaf < 0 || leaf >= size) {
            return false;
        }
        long fn = leaf;
        long sn = size - 1;
        var r = leafHash;
        for (var p : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                r = nodeHash(p, r);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                r = nodeHash(r, p);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(r, root);
    }

    static boolean consistent(
            long older, byte[] olderRoot, long newer, byte[] newerRoot, List<byte[]> consistencyProof) {
        if (older == newer || older == 0) {
            return consistencyProof.isEmpty()
                    && (older == 0 ? Arrays.equals(olderRoot, Sha256.of()) : Arrays.equals(olderRoot, newerRoot));
        }
        if (older > newer || consistencyProof.isEmpty()) {
            return false;
        }
        var proof = new ArrayList<>(consistencyProof);
        if (Long.bitCount(older) == 1) {
            proof.addFirst(olderRoot);
        }
        long fn = older - 1;
        long sn = newer - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        var fr = proof.getFirst();
        var sr = proof.getFirst();
        for (var c : proof.subList(1, proof.size())) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                fr = nodeHash(c, fr);
                sr = nodeHash(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = nodeHash(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Arrays.equals(fr, olderRoot) && Arrays.equals(sr, newerRoot);
    }

    private static void path(Nodes nodes, long leaf, long from, long to, List<byte[]> into) {
        if (to - from == 1) {
            return;
        }
        long middle = from + split(to - from);
        if (leaf < middle) {
            path(nodes, leaf, from, middle, into);
            into.add(range(nodes, middle, to));
        } else {
            path(nodes, leaf, middle, to, into);
            into.add(range(nodes, from, middle));
        }
    }

    private static void subproof(Nodes nodes, long older, long from, long to, boolean whole, List<byte[]> into) {
        if (older == to) {
            if (!whole) {
                into.add(range(nodes, from, to));
            }
            return;
        }
        long middle = from + split(to - from);
        if (older <= middle) {
            subproof(nodes, older, from, middle, whole, into);
            into.add(range(nodes, middle, to));
        } else {
            subproof(nodes, older, middle, to, false, into);
            into.add(range(nodes, from, middle));
        }
    }

    /** From a multiple of the largest power of two within. */
    private static byte[] range(Nodes nodes, long from, long to) {
        long size = to - from;
        if (Long.bitCount(size) == 1) {
            int height = Long.numberOfTrailingZeros(size);
            return nodes.hash(height, from >> height);
        }
        long middle = from + split(size);
        return nodeHash(range(nodes, from, middle), range(nodes, middle, to));
    }

    /** The largest power of two that is smaller. */
    private static long split(long size) {
        return Long.highestOneBit(size - 1);
    }
}
