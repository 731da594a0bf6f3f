package org.twinkeep.crypto.keys;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteReader;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * Keys of one chapter that are handed out: whole epochs by their root, else bodies one by one. They open the bodies that
 * they list and nothing else: no skeleton, no other epoch, no neighbour of a leaf.
 */
public final class GrantedKeys implements AutoCloseable {

    private static final int VERSION = 1;
    private static final Comparator<LeafAddress> IN_ORDER =
            Comparator.comparingInt(LeafAddress::epoch).thenComparingInt(LeafAddress::index);

    private final TwinId twin;
    private final KeyScope scope;
    private final SortedMap<Integer, Secret> roots = new TreeMap<>();
    private final SortedMap<LeafAddress, CommittedKey> leaves = new TreeMap<>(IN_ORDER);

    GrantedKeys(TwinId twin, KeyScope scope) {
        this.twin = twin;
        this.scope = scope;
    }

    void add(int epoch, Secret root) {
        roots.put(epoch, root);
    }

    /** A leaf of an epoch that is handed out whole is in it already. */
    void add(LeafAddress address, CommittedKey key) {
        var old = leaves.put(address, key);
        if (old != null) {
            old.close();
        }
    }

    boolean holdsWhole(int epoch) {
        return roots.containsKey(epoch);
    }

    public TwinId twin() {
        return twin;
    }

    public KeyScope scope() {
        return scope;
    }

    /** The epochs that are handed out whole. */
    public Collection<Integer> epochs() {
        return List.copyOf(roots.keySet());
    }

    /** The bodies that are handed out one by one, in order. */
    public List<LeafAddress> leaves() {
        return List.copyOf(leaves.keySet());
    }

    /** What this body is sealed with; nothing where it is not among them. The caller's own copy. */
    public Optional<CommittedKey> key(LeafAddress address) {
        var root = roots.get(address.epoch());
        if (root == null) {
            return Optional.ofNullable(leaves.get(address)).map(CommittedKey::copy);
        }
        var tree = KeyTree.of(root);
        var path = new TreePath(tree);
        try {
            return path.key(address);
        } finally {
            path.wipe();
            tree.wipe();
        }
    }

    /** In the clear: to be sealed to its holder. {@code docs/formats/grant.md}. */
    public Secret encode() {
        var writer = new ByteWriter().u8(VERSION).uuid(twin.value()).u8(scope.number());
        writer.u32(roots.size());
        roots.forEach((epoch, root) -> root.reveal(KeyAccess.TO_WRAP, writer.u32(epoch)::raw));
        writer.u32(leaves.size());
        leaves.forEach((address, key) -> {
            writer.u32(address.epoch()).u24(address.index());
            key.encryption().reveal(KeyAccess.TO_WRAP, writer::raw);
            writer.raw(key.commitment());
        });
        return Secret.taking(writer.toBytes());
    }

    /** @throws org.twinkeep.crypto.Tampered when it is not the one encoding of such keys */
    public static GrantedKeys decode(Secret encoded) {
        return encoded.reveal(KeyAccess.TO_WRAP, bytes -> decode(new ByteReader(bytes, "A grant cannot be read.")));
    }

    private static GrantedKeys decode(ByteReader reader) {
        if (reader.u8() != VERSION) {
            throw reader.malformed();
        }
        var keys = new GrantedKeys(
                new TwinId(reader.uuid()), KeyScope.ofNumber(reader.u8()).orElseThrow(reader::malformed));
        for (int left = reader.u32(); left > 0; left--) {
            int epoch = reader.u32();
            if (!keys.roots.isEmpty() && epoch <= keys.roots.lastKey()) {
                throw reader.malformed();
            }
            keys.add(epoch, Secret.taking(reader.raw(KeyTree.NODE_BYTES)));
        }
        for (int left = reader.u32(); left > 0; left--) {
            var address = new LeafAddress(reader.u32(), reader.u24());
            if (keys.holdsWhole(address.epoch())
                    || !keys.leaves.isEmpty() && IN_ORDER.compare(address, keys.leaves.lastKey()) <= 0) {
                throw reader.malformed();
            }
            keys.leaves.put(address, new CommittedKey(Secret.taking(reader.raw(32)), reader.raw(32)));
        }
        reader.end();
        return keys;
    }

    @Override
    public void close() {
        roots.values().forEach(Secret::close);
        leaves.values().forEach(CommittedKey::close);
    }

    @Override
    public String toString() {
        return "GrantedKeys";
    }
}
