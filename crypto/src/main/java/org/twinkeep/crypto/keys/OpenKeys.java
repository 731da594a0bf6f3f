package org.twinkeep.crypto.keys;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.bytes.ByteWriter;

/** One twin's keys, opened. For one thread at a time: {@link KeyRing} holds the twin's lock around every use. */
final class OpenKeys {

    private static final int STREAM_NAME_BYTES = 20;

    private final TwinId twin;
    private final KeyStates states;
    private final Map<Place, OpenEpoch> epochs = new HashMap<>();
    private final Map<Integer, Block> blocks = new HashMap<>();

    /** What new events of a scope are sealed in, once it was asked for. */
    private final Map<Integer, OpenEpoch> newest = new HashMap<>();

    private final Map<KeyScope, StreamName> streams = new HashMap<>();

    /** Of each row as it is stored, once it was asked for. */
    private final Map<UUID, byte[]> sums = new HashMap<>();

    private KeyState state;

    OpenKeys(TwinId twin, KeyStates states, KeyState state) {
        this.twin = twin;
        this.states = states;
        this.state = state;
    }

    /** The same twin's keys as they are now; what was reserved for this process stays so. */
    OpenKeys reopened(KeyState now) {
        var keys = new OpenKeys(twin, states, now);
        keys.blocks.putAll(blocks);
        return keys;
    }

    KeyState state() {
        return state;
    }

    /** The name of a scope's stream, also of one that is not in use: the same as long as the twin is. */
    StreamName stream(KeyScope scope) {
        return streams.computeIfAbsent(scope, this::nameOf);
    }

    private StreamName nameOf(KeyScope scope) {
        var name = new ByteWriter()
                .framed("stream")
                .uuid(twin.value())
                .u8(scope.number())
                .toBytes();
        var mac = Arrays.copyOf(Hmac.sha256(names(), name), STREAM_NAME_BYTES);
        return new StreamName("hdt-" + HexFormat.of().formatHex(mac));
    }

    Secret names() {
        return state.directory().names();
    }

    /** The epoch's keys, or nothing once they are dropped. @throws Tampered for one that never was */
    Optional<OpenEpoch> epoch(int scope, int epoch) {
        var keys = state.scope(scope);
        if (epoch < 0 || epoch >= keys.nextEpoch()) {
            throw new Tampered("It names an epoch that never was.");
        }
        return Optional.ofNullable(keys.epochs().get(epoch))
                .map(rows -> epochs.computeIfAbsent(
                        new Place(scope, epoch), _ -> new OpenEpoch(epoch, states.epoch(twin, scope, epoch, rows))));
    }

    /** The epoch that new events are sealed in; nothing where the scope is not open. */
    Optional<OpenEpoch> newest(int scope) {
        var known = newest.get(scope);
        if (known != null) {
            return Optional.of(known);
        }
        var keys = state.scope(scope);
        if (!keys.open()) {
            return Optional.empty();
        }
        var opened = epoch(scope, keys.nextEpoch() - 1);
        opened.ifPresent(epoch -> newest.put(scope, epoch));
        return opened;
    }

    /** Changes the state durably; what was opened of changed epochs is wiped, the rest stays. */
    void rewrite(Map<Integer, KeyState.Change> changes) {
        state = states.rewrite(twin, state, changes);
        changes.forEach((scope, change) -> {
            newest.remove(scope);
            if (change.dropped()) {
                epochs.keySet().stream()
                        .filter(place -> place.scope == scope)
                        .toList()
                        .forEach(this::close);
            }
            change.written().forEach((epoch, written) -> {
                var opened = new OpenEpoch(epoch, written.keys());
                var before = epochs.put(new Place(scope, epoch), opened);
                if (before != null) {
                    before.wipeAllBut(opened);
                }
            });
        });
    }

    private void close(Place place) {
        var opened = epochs.remove(place);
        if (opened != null) {
            opened.wipe();
        }
    }

    /** Of the state as it is stored: 32 bytes. */
    byte[] hash() {
        sums.keySet().retainAll(state.rows());
        return states.hash(twin, state, sums);
    }

    void sweep() {
        states.sweep(twin, state);
    }

    @Nullable
    Block block(int scope) {
        return blocks.get(scope);
    }

    void block(int scope, Block block) {
        blocks.put(scope, block);
    }

    void wipe() {
        epochs.values().forEach(OpenEpoch::wipe);
        epochs.clear();
        newest.clear();
        state.wipe();
    }

    private record Place(int scope, int epoch) {}

    /** An epoch's keys with the path to the leaf asked for last. */
    static final class OpenEpoch {
        private final int number;
        private final EpochKeys keys;
        private final KeyTree tree;
        private final TreePath path;
        private final CommittedKey skeletons;

        OpenEpoch(int number, EpochKeys keys) {
            this.number = number;
            this.keys = keys;
            this.skeletons = CommittedKey.ofSkeletons(keys.skeleton());
            this.tree = keys.tree();
            this.path = new TreePath(tree);
        }

        int number() {
            return number;
        }

        EpochKeys keys() {
            return keys;
        }

        /** What is left of the epoch. */
        KeyTree tree() {
            return tree;
        }

        /** What skeletons are sealed with; this epoch's own, not to be closed. */
        CommittedKey skeletons() {
            return skeletons;
        }

        /** The way to its leaves; this epoch's own. */
        TreePath path() {
            return path;
        }

        private void wipe() {
            wipeSkeletons();
            tree.wipe();
        }

        /** @param successor came out of these keys and shares nodes with them */
        private void wipeAllBut(OpenEpoch successor) {
            wipeSkeletons();
            tree.wipeAllBut(successor.tree);
        }

        private void wipeSkeletons() {
            path.wipe();
            skeletons.close();
            keys.skeleton().close();
        }
    }

    /** Indexes that were reserved durably and are not handed out yet. What is left of it at the end of the process is burnt. */
    static final class Block {
        private final int epoch;
        private final int size;
        private final int end;
        private int next;

        Block(int epoch, int first, int size) {
            this.epoch = epoch;
            this.size = size;
            this.next = first;
            this.end = (int) Math.min((long) first + size, KeyTree.LEAVES);
        }

        boolean serves(int ofEpoch) {
            return epoch == ofEpoch && next < end;
        }

        int take() {
            return next++;
        }

        int epoch() {
            return epoch;
        }

        int size() {
            return size;
        }
    }
}
