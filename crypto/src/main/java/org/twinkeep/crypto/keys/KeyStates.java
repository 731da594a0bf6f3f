package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Sha2;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * Key states as they are stored: a tree of sealed rows below an erasable slot ({@code docs/formats/key-state.md}).
 *
 * <p>Promise: a change writes new rows under new keys, then replaces the slot, then deletes what is no longer reached. The
 * slot's replacement is the one moment at which it happens: before it the old state is whole, after it the new one is and
 * the old rows have no key any more.
 */
final class KeyStates {

    private static final int DIRECTORY = 1;
    private static final int SCOPE = 2;
    private static final int EPOCH = 3;

    /** A further row of an epoch. */
    private static final int PART = 4;

    private final Vault vault;
    private final KeyRows rows;
    private final SecureRandom random;

    KeyStates(Vault vault, KeyRows rows, SecureRandom random) {
        this.vault = vault;
        this.rows = rows;
        this.random = random;
    }

    /** The state of a twin, or nothing where it has no slot. */
    Optional<KeyState> load(TwinId twin) {
        long version = version(twin);
        return vault.read(SlotId.of(twin)).map(slot -> {
            try (slot) {
                var ref = RowRef.ofSlot(slot);
                var directory = Directory.decode(open(ref, twin, DIRECTORY, 0, 0));
                ref.key().close();
                var scopes = new TreeMap<Integer, ScopeKeys>();
                directory
                        .scopes()
                        .forEach((scope, row) -> scopes.put(scope, ScopeKeys.decode(open(row, twin, SCOPE, scope, 0))));
                return new KeyState(version, ref.id(), directory, scopes);
            }
        });
    }

    EpochKeys epoch(TwinId twin, int scope, int epoch, List<RowRef> rows) {
        var opened = new ArrayList<byte[]>();
        for (var row : rows) {
            opened.add(open(row, twin, opened.isEmpty() ? EPOCH : PART, scope, epoch));
        }
        try {
            return EpochKeys.decode(opened);
        } finally {
            opened.forEach(KeyTree::wipe);
        }
    }

    /** The version of the twin's slot now; 0 where it has none. */
    long version(TwinId twin) {
        return vault.version(SlotId.of(twin));
    }

    /** The first state of a new twin. @throws Overtaken when it has one */
    void create(TwinId twin) {
        rows.together(() -> store(
                twin, 0, new HashMap<>(), new Directory(Secret.random(random), new TreeMap<>()), new TreeMap<>()));
    }

    /** The state after these changes, durable; what it replaced is left for a sweep. @throws Overtaken when the old one is not the twin's any more */
    KeyState rewrite(TwinId twin, KeyState old, Map<Integer, KeyState.Change> changes) {
        return rows.together(() -> rewritten(twin, old, changes));
    }

    private KeyState rewritten(TwinId twin, KeyState old, Map<Integer, KeyState.Change> changes) {
        var written = new HashMap<UUID, byte[]>();
        var refs = new TreeMap<>(old.directory().scopes());
        var scopes = new TreeMap<>(old.scopes());
        changes.forEach((scope, change) -> {
            var epochs = new TreeMap<Integer, List<RowRef>>();
            if (!change.dropped()) {
                epochs.putAll(old.scope(scope).epochs());
            }
            change.written()
                    .forEach((epoch, keys) -> epochs.put(
                            epoch, seal(written, twin, scope, epoch, keys, epochs.getOrDefault(epoch, List.of()))));
            var keys = new ScopeKeys(change.nextEpoch(), epochs);
            scopes.put(scope, keys);
            refs.put(scope, seal(written, twin, SCOPE, scope, 0, keys.encode()));
        });
        return store(twin, old.version(), written, new Directory(old.directory().names(), refs), scopes);
    }

    /** The rows of an epoch, those that did not change where they are. */
    private List<RowRef> seal(
            Map<UUID, byte[]> written, TwinId twin, int scope, int epoch, KeyState.Written keys, List<RowRef> stored) {
        var rows = new ArrayList<RowRef>();
        for (int number = 0; number < keys.keys().parts().size(); number++) {
            int same = keys.before() == null ? -1 : keys.keys().unchangedIn(keys.before(), number);
            rows.add(
                    same >= 0
                            ? stored.get(same)
                            : seal(
                                    written,
                                    twin,
                                    number == 0 ? EPOCH : PART,
                                    scope,
                                    epoch,
                                    keys.keys().row(number)));
        }
        return List.copyOf(rows);
    }

    private KeyState store(
            TwinId twin,
            long version,
            Map<UUID, byte[]> written,
            Directory directory,
            TreeMap<Integer, ScopeKeys> scopes) {
        try (var slot = Secret.random(random)) {
            var ref = RowRef.ofSlot(slot);
            seal(written, ref, twin, DIRECTORY, 0, 0, directory.encode());
            rows.write(twin, written);
            if (!vault.replaceIf(SlotId.of(twin), version, slot)) {
                throw new Overtaken();
            }
            return new KeyState(version + 1, ref.id(), directory, scopes);
        }
    }

    /**
     * Deletes every row of the twin that the state does not reach: what it replaced, and what a crash left behind. The
     * version is asked after the rows: while it has not moved, no row that was there then belongs to a later state.
     */
    void sweep(TwinId twin, KeyState state) {
        var left = new HashSet<>(rows.rowsOf(twin));
        left.removeAll(state.rows());
        if (!left.isEmpty() && version(twin) == state.version()) {
            rows.delete(left);
        }
    }

    void sweepAll(TwinId twin) {
        rows.delete(rows.rowsOf(twin));
    }

    /**
     * Over every row as it is stored, so that it says nothing and commits to everything.
     *
     * @param sums of rows that were asked for before: a row is written once
     */
    byte[] hash(TwinId twin, KeyState state, Map<UUID, byte[]> sums) {
        var ids = state.rows().stream()
                .sorted(Comparator.comparing(UUID::toString))
                .toList();
        var writer = new ByteWriter()
                .framed("twinkeep.state.v1")
                .uuid(twin.value())
                .u64(version(twin))
                .uuid(state.directoryRow())
                .u32(ids.size());
        for (var id : ids) {
            writer.uuid(id).raw(sums.computeIfAbsent(id, row -> sha256(stored(row))));
        }
        return sha256(writer.toBytes());
    }

    static byte[] sha256(byte[] bytes) {
        return Sha2.sha256().digest(bytes);
    }

    private RowRef seal(Map<UUID, byte[]> written, TwinId twin, int kind, int scope, int epoch, byte[] plain) {
        var ref = RowRef.fresh(random);
        seal(written, ref, twin, kind, scope, epoch, plain);
        return ref;
    }

    private static void seal(
            Map<UUID, byte[]> written, RowRef ref, TwinId twin, int kind, int scope, int epoch, byte[] plain) {
        written.put(ref.id(), Box.seal(ref.key(), place(ref, twin, kind, scope, epoch), plain));
        KeyTree.wipe(plain);
    }

    private byte[] open(RowRef ref, TwinId twin, int kind, int scope, int epoch) {
        return Box.open(ref.key(), place(ref, twin, kind, scope, epoch), stored(ref.id()));
    }

    private byte[] stored(UUID row) {
        return rows.read(row)
                .orElseThrow(
                        () -> new VaultUnavailable(
                                "A row of key state is missing. Restore the key rows and the vault together, from one key backup."));
    }

    private static byte[] place(RowRef ref, TwinId twin, int kind, int scope, int epoch) {
        return new ByteWriter()
                .framed("twinkeep.row.v1")
                .uuid(twin.value())
                .u8(kind)
                .u8(scope)
                .u32(epoch)
                .uuid(ref.id())
                .toBytes();
    }
}
