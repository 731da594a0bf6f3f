package org.twinkeep.crypto.keys;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Hkdf;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * A vault that several servers share: each opens it by the same key, which lies elsewhere, and keeps nothing of the slots
 * in memory.
 *
 * <p>Promise: as {@link Vault}, as far as the store keeps it. Slots are wrapped as in a {@link FileVault}. A store that
 * keeps older versions of a row for a while (a database's own files, its log, its standbys) keeps them wrapped: a receipt
 * says so.
 */
public final class SharedVault implements Vault {

    private final SlotRows rows;
    private final KekSource kek;
    private final VaultHeader header;
    private final Secret wrapping;
    private final Secret house;
    private volatile boolean failed;

    private SharedVault(SlotRows rows, KekSource kek, VaultHeader header, Secret wrapping) {
        this.rows = rows;
        this.kek = kek;
        this.header = header;
        this.wrapping = wrapping;
        this.house = slot(FileVault.HOUSE)
                .orElseThrow(() -> new VaultUnavailable(
                        "The vault has lost the slot of the house. Restore the database that it lies in."));
    }

    /** Makes the vault of a new house. @throws VaultUnavailable where there is one already */
    public static SharedVault create(SlotRows rows, KekSource kek) {
        var random = new SecureRandom();
        var vault = new UUID(random.nextLong(), random.nextLong());
        var salt = VaultHeader.newSalt(random);
        try (var key = kek.forNew(salt, random);
                var house = Secret.random(random)) {
            var header = VaultHeader.make(kek.kind(), kek.cost(), salt, vault, kek.sealed(vault, key, random), key);
            try (var wrapping = header.wrappingKey(key)) {
                if (!rows.begin(header.encode(), FileVault.HOUSE, box(header, wrapping, FileVault.HOUSE, 1, house))) {
                    throw new VaultUnavailable("There is a vault in this database already.");
                }
            }
        }
        return open(rows, kek);
    }

    /** Opens the vault of a house. @throws VaultUnavailable before anything is served: missing, damaged, another key */
    public static SharedVault open(SlotRows rows, KekSource kek) {
        var header = header(rows);
        var wrapping = FileVault.wrappingKey(header, kek);
        try {
            var vault = new SharedVault(rows, kek, header, wrapping);
            kek.settle(header);
            return vault;
        } catch (RuntimeException e) {
            wrapping.close();
            kek.close();
            throw e;
        }
    }

    /** Whether a vault was made there. */
    public static boolean isIn(SlotRows rows) {
        return rows.header().isPresent();
    }

    /** What kind of key opens this vault. Needs none. */
    public static KekSource.Kind kindOf(SlotRows rows) {
        return header(rows).kekKind();
    }

    private static VaultHeader header(SlotRows rows) {
        try {
            return VaultHeader.decode(rows.header()
                    .orElseThrow(() -> new VaultUnavailable("The vault is missing. Name the database of this house, or"
                            + " restore it: a new vault would open nothing that is there.")));
        } catch (Tampered e) {
            throw new VaultUnavailable("The vault's header is damaged. Restore the database that it lies in.", e);
        }
    }

    @Override
    public Optional<Secret> read(SlotId id) {
        refuseTheHouse(id);
        check();
        return slot(id);
    }

    @Override
    public long version(SlotId id) {
        refuseTheHouse(id);
        refuseAfterFailure();
        return rows.version(id);
    }

    @Override
    public void replace(SlotId id, Secret secret, long version) {
        long before;
        long after;
        do {
            before = stored(id);
            after = Math.max(version, before + 1);
        } while (!replace(id, before, after, secret));
    }

    /** An erased slot counts on from where it was, so that no version ever means two secrets. */
    @Override
    public boolean replaceIf(SlotId id, long version, Secret secret) {
        long before = version == 0 ? stored(id) : version;
        return (version > 0 || version(id) == 0) && replace(id, before, before + 1, secret);
    }

    private boolean replace(SlotId id, long before, long after, Secret secret) {
        if (secret.length() != Cell.SLOT_BYTES) {
            throw new IllegalArgumentException("A slot holds 32 bytes.");
        }
        refuseTheHouse(id);
        check();
        return rows.replace(id, before, after, box(header, wrapping, id, after, secret));
    }

    private long stored(SlotId id) {
        return rows.read(id).map(SlotRows.Kept::version).orElse(0L);
    }

    @Override
    public void erase(SlotId id) {
        refuseTheHouse(id);
        refuseAfterFailure();
        while (true) {
            var kept = rows.read(id).filter(found -> found.box() != null);
            if (kept.isEmpty()
                    || rows.replace(id, kept.get().version(), kept.get().version() + 1, null)) {
                return;
            }
        }
    }

    /** Once the key was out of reach nothing is served, also when it comes back: whoever brings it opens the vault again. */
    @Override
    public void check() {
        refuseAfterFailure();
        try {
            kek.check(header);
        } catch (VaultUnavailable e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public Secret houseKey(String label) {
        check();
        return Hkdf.sha256(
                house,
                new ByteWriter().framed("twinkeep.house.v1").framed(label).toBytes(),
                32);
    }

    @Override
    public void close() {
        failed = true;
        wrapping.close();
        house.close();
        kek.close();
    }

    private Optional<Secret> slot(SlotId id) {
        return rows.read(id)
                .flatMap(kept -> Optional.ofNullable(kept.box()).map(box -> {
                    try {
                        return Secret.taking(Box.open(wrapping, FileVault.bound(header, id, kept.version()), box));
                    } catch (Tampered e) {
                        throw new VaultUnavailable(
                                "A slot of the vault is damaged. Restore the database that it lies in, slots and key rows"
                                        + " together.",
                                e);
                    }
                }));
    }

    private static byte[] box(VaultHeader header, Secret wrapping, SlotId id, long version, Secret secret) {
        return secret.reveal(
                KeyAccess.TO_WRAP, bytes -> Box.seal(wrapping, FileVault.bound(header, id, version), bytes));
    }

    private void refuseAfterFailure() {
        if (failed) {
            throw new VaultUnavailable("The vault was closed, or its key was taken away. Start again.");
        }
    }

    private static void refuseTheHouse(SlotId id) {
        if (id.equals(FileVault.HOUSE)) {
            throw new IllegalArgumentException("The slot of the house is the vault's own.");
        }
    }
}
