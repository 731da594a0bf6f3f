package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.Collection;
import java.util.Optional;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.access.ReceiptAuthority;

/**
 * The keys of every twin: slot, then one key a scope, one key an epoch, that epoch's rows. It hands out keys for sealing
 * freely, and keys for opening bodies only against a {@link Receipt}. Safe for many threads.
 *
 * <p>Forward security: each row is sealed under its own random key that its parent row holds; every shrink rewrites the
 * path and replaces the slot, so that no older copy of a row opens with what is kept.
 */
public final class KeyRing {

    public KeyRing(Vault vault, KeyRows rows, ReceiptAuthority receipts, SecureRandom random) {}

    /** Makes the slot of a new twin. @throws IllegalStateException when it has one */
    public void create(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    public boolean holds(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    /** The stream of this scope; opens the scope when the twin has not used it. @throws TwinForgotten */
    public StreamName streamOf(TwinId twin, KeyScope scope) {
        throw new IllegalStateException("not built");
    }

    /** The scopes in use. @throws TwinForgotten */
    public Collection<KeyScope> scopesOf(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    /** Whose stream this is, or nothing once the twin is forgotten. */
    public Optional<Owner> ownerOf(StreamName stream) {
        throw new IllegalStateException("not built");
    }

    /** A fresh leaf to seal one body with: its index is reserved durably and never given out again. */
    public Leaf nextLeaf(TwinId twin, KeyScope scope) {
        throw new IllegalStateException("not built");
    }

    /** The key of the skeletons of this scope's epoch. */
    public Secret skeletonKey(TwinId twin, KeyScope scope, int epoch) {
        throw new IllegalStateException("not built");
    }

    /** The epoch that new events are sealed in. */
    public int epochOf(TwinId twin, KeyScope scope) {
        throw new IllegalStateException("not built");
    }

    /** The leaf for opening a body; nothing once it is punctured. */
    public Optional<Leaf> leaf(Receipt receipt, TwinId twin, KeyScope scope, LeafAddress address) {
        throw new IllegalStateException("not built");
    }

    /** The key of a content tag, for "imported before?"; it opens nothing. Nothing once it is punctured. */
    public Optional<Secret> contentTagKey(TwinId twin, KeyScope scope, LeafAddress address) {
        throw new IllegalStateException("not built");
    }

    /** A stable keyed pseudonym within the twin (entry ids, the trail's tag): HMAC-SHA-256 under a key that goes with it. */
    public byte[] pseudonym(TwinId twin, String label, byte[] of) {
        throw new IllegalStateException("not built");
    }

    /** Forgets these leaves for ever, durably; already forgotten is done. */
    public void puncture(TwinId twin, KeyScope scope, Collection<LeafAddress> leaves) {
        throw new IllegalStateException("not built");
    }

    /** Forgets a whole chapter. */
    public void drop(TwinId twin, Chapter chapter) {
        throw new IllegalStateException("not built");
    }

    /** Forgets the twin in constant time, whatever its size: destroys its slot. */
    public void destroy(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    /** SHA-256 over the twin's key state as stored, for receipts: 32 bytes; of nothing when the twin is forgotten. */
    public byte[] stateHash(TwinId twin) {
        throw new IllegalStateException("not built");
    }

    /** A stream's twin and scope. */
    public record Owner(TwinId twin, KeyScope scope) {}
}
