package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * The keys of every twin: slot, then one key a scope, one key an epoch, that epoch's rows. It hands out keys for sealing
 * freely, and keys for opening bodies only against a {@link Receipt}. Safe for many threads; every secret that it answers
 * is the caller's own copy.
 *
 * <p>Forward security: each row is sealed under its own random key that its parent row holds; every shrink rewrites the
 * path and replaces the slot, so that no older copy of a row opens with what is kept. A change has happened once the slot
 * is replaced: a crash at any point leaves the old or the new state, whole, and every method may simply be called again.
 *
 * <p>Several servers may share vault and rows where these lie in one store ({@link SharedVault}): the slot's version says
 * with each use whether what is kept in memory is still the twin's state.
 */
public final class KeyRing {

    private static final int STRIPES = 64;
    private static final int TWINS_A_STRIPE = 16;
    private static final int FIRST_BLOCK = 256;
    private static final int LARGEST_BLOCK = 8192;

    /** How often other servers may be faster before it is refused. */
    private static final int ATTEMPTS = 64;

    private final Vault vault;
    private final KeyRows rows;
    private final ReceiptAuthority receipts;
    private final SecureRandom random;
    private final KeyStates states;
    private final List<Stripe> stripes =
            Stream.generate(Stripe::new).limit(STRIPES).toList();

    public KeyRing(Vault vault, KeyRows rows, ReceiptAuthority receipts, SecureRandom random) {
        this.vault = vault;
        this.rows = rows;
        this.receipts = receipts;
        this.random = random;
        this.states = new KeyStates(vault, rows, random);
    }

    /** Makes the slot of a new twin. @throws IllegalStateException when it has one */
    public void create(TwinId twin) {
        if (!createIfMissing(twin)) {
            throw new IllegalStateException("This twin has its keys already.");
        }
    }

    /** Makes the slot of a twin that may have one. @return whether it had none, here and on every other server */
    public boolean createIfMissing(TwinId twin) {
        return stripe(twin).locked(_ -> {
            if (holds(twin)) {
                return false;
            }
            try {
                states.create(twin);
                return true;
            } catch (Overtaken e) {
                return false;
            }
        });
    }

    public boolean holds(TwinId twin) {
        return version(twin) > 0;
    }

    /** How often the twin's keys were rewritten. It never goes back; 0 when the twin is forgotten. */
    public long version(TwinId twin) {
        return vault.version(SlotId.of(twin));
    }

    /** The stream of this scope; opens the scope when the twin has not used it. @throws TwinForgotten */
    public StreamName streamOf(TwinId twin, KeyScope scope) {
        return with(twin, keys -> {
            openIfMissing(twin, keys, scope);
            return keys.stream(scope);
        });
    }

    /** The stream of this scope where it is in use: nothing is opened by asking. Nothing where the twin is forgotten. */
    public Optional<StreamName> streamInUse(TwinId twin, KeyScope scope) {
        try {
            return with(twin, keys -> isInUse(keys, scope) ? Optional.of(keys.stream(scope)) : Optional.empty());
        } catch (TwinForgotten e) {
            return Optional.empty();
        }
    }

    /** The scopes in use. @throws TwinForgotten */
    public Collection<KeyScope> scopesOf(TwinId twin) {
        return with(twin, keys -> scopesIn(keys).toList());
    }

    /** Whose stream this is, or nothing once the twin is forgotten. */
    public Optional<Owner> ownerOf(StreamName stream) {
        return rows.ownerOf(stream)
                .filter(this::holds)
                .flatMap(twin -> with(
                        twin,
                        keys -> scopesIn(keys)
                                .filter(scope -> keys.stream(scope).equals(stream))
                                .findFirst()
                                .map(scope -> new Owner(twin, scope))));
    }

    /** A fresh leaf to seal one body with: its index is reserved durably and never given out again. */
    public Leaf nextLeaf(TwinId twin, KeyScope scope) {
        return with(twin, keys -> freshLeaf(twin, keys, scope));
    }

    private Leaf freshLeaf(TwinId twin, OpenKeys keys, KeyScope scope) {
        while (true) {
            var leaf = nextOf(keys, scope, newest(twin, keys, scope));
            if (leaf.isPresent()) {
                return leaf.get();
            }
            openEpoch(keys, scope);
        }
    }

    /**
     * The key of the skeletons of this scope's epoch.
     *
     * @throws ScopeForgotten once the epoch was dropped
     * @throws org.twinkeep.crypto.Tampered for an epoch that never was
     */
    public Secret skeletonKey(TwinId twin, KeyScope scope, int epoch) {
        return with(
                twin,
                keys -> keys.epoch(scope.number(), epoch)
                        .map(opened -> opened.keys().skeleton().copy())
                        .orElseThrow(ScopeForgotten::new));
    }

    /**
     * What skeletons of this epoch are sealed with.
     *
     * @throws ScopeForgotten once the epoch was dropped
     * @throws org.twinkeep.crypto.Tampered for an epoch that never was
     */
    public CommittedKey skeletonEnvelopeKey(TwinId twin, KeyScope scope, int epoch) {
        return with(
                twin,
                keys -> keys.epoch(scope.number(), epoch)
                        .map(opened -> opened.skeletons().copy())
                        .orElseThrow(ScopeForgotten::new));
    }

    /** What one event is sealed with, in one step; opens the scope when the twin has not used it. */
    public EventKeys eventKeys(TwinId twin, KeyScope scope, boolean withBody) {
        return with(twin, keys -> {
            var leaf = withBody ? Optional.of(freshLeaf(twin, keys, scope)) : Optional.<Leaf>empty();
            var opened = newest(twin, keys, scope);
            return new EventKeys(opened.number(), opened.skeletons().copy(), leaf);
        });
    }

    /** The epoch that new events are sealed in; opens the scope when the twin has not used it. */
    public int epochOf(TwinId twin, KeyScope scope) {
        return with(twin, keys -> {
            openIfMissing(twin, keys, scope);
            return keys.state().scope(scope.number()).nextEpoch() - 1;
        });
    }

    /**
     * The keys for opening bodies of one scope, each as it is when it is asked for.
     *
     * @throws org.twinkeep.crypto.access.ReceiptRefused when the receipt does not cover the scope
     */
    public BodyKeys bodyKeys(Receipt receipt, TwinId twin, KeyScope scope) {
        receipts.check(receipt, twin, scope);
        return address -> ofLeaf(twin, scope, address, TreePath::key);
    }

    /** Given out against a receipt alone. */
    public interface BodyKeys {
        /** Nothing once it is punctured. @throws org.twinkeep.crypto.Tampered for an epoch that never was */
        Optional<CommittedKey> of(LeafAddress address);
    }

    /**
     * The keys of bodies for somebody outside: an epoch by its root where it is asked for whole, is closed and has lost
     * nothing; else those of its leaves that are asked for. What is punctured is left out.
     *
     * @param whole epochs that are covered from their first event to their last
     * @param leaves every body that is covered
     * @throws org.twinkeep.crypto.access.ReceiptRefused when the receipt does not cover the scope
     * @throws org.twinkeep.crypto.Tampered for an epoch that never was
     */
    public GrantedKeys handOut(
            Receipt receipt, TwinId twin, KeyScope scope, Collection<Integer> whole, Collection<LeafAddress> leaves) {
        receipts.check(receipt, twin, scope);
        return with(twin, keys -> {
            var granted = new GrantedKeys(twin, scope);
            int open = keys.state().scope(scope.number()).nextEpoch() - 1;
            whole.stream()
                    .filter(epoch -> epoch != open)
                    .forEach(epoch -> keys.epoch(scope.number(), epoch)
                            .flatMap(opened -> opened.tree().root())
                            .ifPresent(root -> granted.add(epoch, root)));
            leaves.stream()
                    .filter(address -> !granted.holdsWhole(address.epoch()))
                    .forEach(address -> keys.epoch(scope.number(), address.epoch())
                            .flatMap(opened -> opened.path().key(address))
                            .ifPresent(key -> granted.add(address, key)));
            return granted;
        });
    }

    /** The key of a content tag, for "imported before?"; it opens nothing. Nothing once it is punctured. */
    public Optional<Secret> contentTagKey(TwinId twin, KeyScope scope, LeafAddress address) {
        return ofLeaf(twin, scope, address, TreePath::contentTag);
    }

    /** A stable keyed pseudonym within the twin (entry ids, the trail's tag): HMAC-SHA-256 under a key that goes with it. */
    public byte[] pseudonym(TwinId twin, String label, byte[] of) {
        var name = new ByteWriter().framed("pseudonym").framed(label).framed(of).toBytes();
        return with(twin, keys -> Hmac.sha256(keys.names(), name));
    }

    /** Forgets these leaves for ever, durably; already forgotten is done. The rows that held them are for {@link #sweep}. */
    public void puncture(TwinId twin, KeyScope scope, Collection<LeafAddress> leaves) {
        puncture(twin, Map.of(scope, leaves));
    }

    /** Forgets leaves of several scopes in one step: a crash leaves all of them or none. */
    public void puncture(TwinId twin, Map<? extends KeyScope, ? extends Collection<LeafAddress>> leaves) {
        var ranges = new HashMap<KeyScope, List<LeafRange>>();
        leaves.forEach((scope, addresses) ->
                ranges.put(scope, addresses.stream().map(LeafRange::of).toList()));
        punctureRanges(twin, ranges);
    }

    /** Forgets runs of leaves in one step, in a time and space that their lengths do not change: a period, an epoch. */
    public void punctureRanges(TwinId twin, Map<? extends KeyScope, ? extends Collection<LeafRange>> ranges) {
        change(twin, keys -> {
            var changes = new HashMap<Integer, KeyState.Change>();
            ranges.forEach((scope, ofScope) -> {
                var shrunk = shrunk(keys, scope.number(), ofScope);
                if (!shrunk.isEmpty()) {
                    int nextEpoch = keys.state().scope(scope.number()).nextEpoch();
                    changes.put(scope.number(), new KeyState.Change(nextEpoch, false, shrunk));
                }
            });
            if (!changes.isEmpty()) {
                keys.rewrite(changes);
            }
        });
    }

    /**
     * Moves a scope to a new epoch: what is sealed from now on has keys that nothing handed out before leads to. What is
     * there still opens, and no index of an earlier epoch is given out again. Nothing happens in a scope that is not in use.
     */
    public void advance(TwinId twin, KeyScope scope) {
        change(twin, keys -> advance(keys, Stream.of(scope.number())));
    }

    /**
     * Moves every scope in use to a new epoch, in one step. For after a restore: the old key rows may have forgotten how far
     * indexes were reserved, and an epoch that is closed gives out none.
     */
    public void advanceAll(TwinId twin) {
        change(twin, keys -> advance(keys, keys.state().scopes().keySet().stream()));
    }

    /** Forgets a whole chapter: what it holds, and its skeletons. What is recorded in it later has new keys. */
    public void drop(TwinId twin, Chapter chapter) {
        change(twin, keys -> {
            var scope = keys.state().scope(chapter.number());
            changeOrSweep(
                    keys,
                    scope.epochs().isEmpty()
                            ? Map.of()
                            : Map.of(chapter.number(), new KeyState.Change(scope.nextEpoch(), true, Map.of())));
        });
    }

    /**
     * Forgets the twin in constant time, whatever its size: destroys its slot. The rows that no longer open, and the names of
     * its streams, are for {@link #sweep}.
     */
    public void destroy(TwinId twin) {
        stripe(twin).locked(stripe -> {
            stripe.forget(twin);
            vault.erase(SlotId.of(twin));
            return twin;
        });
    }

    /**
     * Deletes the rows that no longer open: what a puncture replaced, what a crash left behind, everything of a twin that is
     * forgotten and the names of its streams. They are ciphertext without a key before this, and gone after it.
     */
    public void sweep(TwinId twin) {
        if (holds(twin)) {
            change(twin, OpenKeys::sweep);
        } else {
            stripe(twin).locked(_ -> {
                states.sweepAll(twin);
                rows.forgetStreams(twin);
                return twin;
            });
        }
    }

    /**
     * Lets the twin's versions count on from at least this one: for after a restore, when no copy of the keys that were lost
     * may seem the newer.
     */
    public void raise(TwinId twin, long version) {
        stripe(twin).locked(_ -> {
            var slot = SlotId.of(twin);
            if (vault.version(slot) < version) {
                try (var secret = vault.read(slot).orElseThrow(TwinForgotten::new)) {
                    vault.replace(slot, secret, version);
                }
            }
            return twin;
        });
    }

    /** SHA-256 over the twin's key state as stored, for receipts: 32 bytes; of nothing when the twin is forgotten. */
    public byte[] stateHash(TwinId twin) {
        return holds(twin) ? with(twin, OpenKeys::hash) : KeyStates.sha256(new byte[0]);
    }

    private <T> Optional<T> ofLeaf(
            TwinId twin, KeyScope scope, LeafAddress address, BiFunction<TreePath, LeafAddress, Optional<T>> what) {
        return with(
                twin,
                keys -> keys.epoch(scope.number(), address.epoch())
                        .flatMap(opened -> what.apply(opened.path(), address)));
    }

    private Optional<Leaf> nextOf(OpenKeys keys, KeyScope scope, OpenKeys.OpenEpoch opened) {
        if (opened.tree().isGone()) {
            return Optional.empty();
        }
        int epoch = opened.number();
        while (true) {
            var block = keys.block(scope.number());
            if (block == null || !block.serves(epoch)) {
                int size = block == null || block.epoch() != epoch
                        ? FIRST_BLOCK
                        : Math.min(2 * block.size(), LARGEST_BLOCK);
                long first = rows.reserve(keys.stream(scope), epoch, size);
                if (first >= KeyTree.LEAVES) {
                    return Optional.empty();
                }
                block = new OpenKeys.Block(epoch, (int) first, size);
                keys.block(scope.number(), block);
            }
            var leaf = opened.path().leaf(new LeafAddress(epoch, block.take()));
            if (leaf.isPresent()) {
                return leaf;
            }
        }
    }

    /** The epoch that new events are sealed in; opens the scope when the twin has not used it. */
    private OpenKeys.OpenEpoch newest(TwinId twin, OpenKeys keys, KeyScope scope) {
        return keys.newest(scope.number()).orElseGet(() -> {
            openIfMissing(twin, keys, scope);
            return keys.newest(scope.number()).orElseThrow(ScopeForgotten::new);
        });
    }

    private void openIfMissing(TwinId twin, OpenKeys keys, KeyScope scope) {
        if (!keys.state().scope(scope.number()).open()) {
            rows.together(() -> {
                rows.nameStream(keys.stream(scope), twin);
                openEpoch(keys, scope);
                return scope;
            });
        }
    }

    private void openEpoch(OpenKeys keys, KeyScope scope) {
        keys.rewrite(Map.of(scope.number(), nextEpoch(keys, scope.number())));
        keys.sweep();
    }

    private void advance(OpenKeys keys, Stream<Integer> scopes) {
        var changes = new HashMap<Integer, KeyState.Change>();
        scopes.filter(scope -> keys.state().scope(scope).open())
                .forEach(scope -> changes.put(scope, nextEpoch(keys, scope)));
        changeOrSweep(keys, changes);
    }

    private KeyState.Change nextEpoch(OpenKeys keys, int scope) {
        int epoch = keys.state().scope(scope).nextEpoch();
        return new KeyState.Change(
                epoch + 1, false, Map.of(epoch, new KeyState.Written(EpochKeys.fresh(random), null)));
    }

    /** The epochs that lose a leaf which they still hold. */
    private static Map<Integer, KeyState.Written> shrunk(OpenKeys keys, int scope, Collection<LeafRange> ranges) {
        var shrunk = new TreeMap<Integer, KeyState.Written>();
        ranges.stream()
                .collect(Collectors.groupingBy(LeafRange::epoch))
                .forEach((epoch, ofEpoch) -> keys.epoch(scope, epoch).ifPresent(opened -> {
                    var runs = Runs.of(ofEpoch);
                    if (opened.tree().holdsAnyOf(runs)) {
                        var before = opened.keys();
                        shrunk.put(epoch, new KeyState.Written(before.without(runs), before));
                    }
                }));
        return shrunk;
    }

    /** Also a change that was made before is swept again: the crash may have come between. */
    private static void changeOrSweep(OpenKeys keys, Map<Integer, KeyState.Change> changes) {
        if (!changes.isEmpty()) {
            keys.rewrite(changes);
        }
        keys.sweep();
    }

    private static Stream<KeyScope> scopesIn(OpenKeys keys) {
        return keys.state().scopes().keySet().stream()
                .flatMap(number -> KeyScope.ofNumber(number).stream())
                .filter(scope -> isInUse(keys, scope));
    }

    private static boolean isInUse(OpenKeys keys, KeyScope scope) {
        return !keys.state().scope(scope.number()).epochs().isEmpty();
    }

    /**
     * Uses the twin's keys as they are now. Where several servers share them, another may change them at any moment: what it
     * changed before this began is seen, and what it changes meanwhile refuses our change, and then it is done again.
     */
    private <T> T with(TwinId twin, Function<OpenKeys, T> use) {
        return stripe(twin).locked(stripe -> {
            for (int attempt = 1; ; attempt++) {
                long version = version(twin);
                try {
                    vault.check();
                    return use.apply(opened(stripe, twin, version));
                } catch (RuntimeException e) {
                    // Whether a change happened is then for the vault to say: open the keys anew.
                    stripe.forget(twin);
                    if (attempt == ATTEMPTS || !hasMoved(twin, version, e)) {
                        throw e;
                    }
                }
            }
        });
    }

    private void change(TwinId twin, Consumer<OpenKeys> change) {
        with(twin, keys -> {
            change.accept(keys);
            return keys;
        });
    }

    private boolean hasMoved(TwinId twin, long version, RuntimeException trouble) {
        try {
            return version(twin) != version;
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
            return false;
        }
    }

    private OpenKeys opened(Stripe stripe, TwinId twin, long version) {
        var known = stripe.opened.get(twin);
        if (known != null && known.state().version() == version) {
            return known;
        }
        var state = states.load(twin);
        if (state.isEmpty()) {
            stripe.forget(twin);
            throw new TwinForgotten();
        }
        var keys = known == null ? new OpenKeys(twin, states, state.get()) : known.reopened(state.get());
        stripe.forget(twin);
        stripe.keep(twin, keys);
        return keys;
    }

    private Stripe stripe(TwinId twin) {
        return stripes.get(Math.floorMod(twin.hashCode(), STRIPES));
    }

    /** The keys of one event. @param leaf of its body, if it has one; its index is never given out again */
    public record EventKeys(int epoch, CommittedKey skeletons, Optional<Leaf> leaf) {
        @Override
        public String toString() {
            return "EventKeys";
        }
    }

    /** A stream's twin and scope. */
    public record Owner(TwinId twin, KeyScope scope) {}

    /** Some of the twins: the lock around every use of their keys, and those opened last. */
    private static final class Stripe {
        private final ReentrantLock lock = new ReentrantLock();
        private final LinkedHashMap<TwinId, OpenKeys> opened = new LinkedHashMap<>(16, 0.75f, true);

        <T> T locked(Function<Stripe, T> use) {
            lock.lock();
            try {
                return use.apply(this);
            } finally {
                lock.unlock();
            }
        }

        void keep(TwinId twin, OpenKeys keys) {
            if (opened.size() == TWINS_A_STRIPE) {
                forget(opened.firstEntry().getKey());
            }
            opened.put(twin, keys);
        }

        void forget(TwinId twin) {
            var keys = opened.remove(twin);
            if (keys != null) {
                keys.wipe();
            }
        }
    }
}
