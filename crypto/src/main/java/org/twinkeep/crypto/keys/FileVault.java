package org.twinkeep.crypto.keys;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.twinkeep.crypto.Box;
import org.twinkeep.crypto.Hkdf;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.bytes.ByteWriter;

/**
 * A vault in one file of fixed-size cells ({@code docs/formats/vault.md}), each slot wrapped by a key that lies elsewhere.
 *
 * <p>Promise: as {@link Vault}. What it overwrites is gone from the file; what a medium keeps besides (a journal, a
 * snapshot, a worn flash cell) is wrapped still, and is stated in every erasure's receipt. A damaged cell is never taken
 * for an erased one: the vault then refuses to open.
 */
public final class FileVault implements Vault {

    /** Whose slot the house's own is: no random id is all zeros. */
    static final SlotId HOUSE = new SlotId(new UUID(0, 0));

    private final CellFile file;
    private final KekSource kek;
    private final Secret wrapping;
    private final Secret house;
    private volatile boolean failed;

    private FileVault(CellFile file, KekSource kek, Secret wrapping) {
        this.file = file;
        this.kek = kek;
        this.wrapping = wrapping;
        this.house = slot(HOUSE)
                .orElseThrow(() -> new VaultUnavailable(
                        "The vault has lost the slot of the house. Restore it from a key backup."));
    }

    /** Makes the vault of a new house. @throws VaultUnavailable where there is one already */
    public static FileVault create(Path slotsFile, KekSource kek) {
        var path = slotsFile.toAbsolutePath().normalize();
        try {
            if (Files.exists(path)) {
                throw new VaultUnavailable("There is a vault at " + path + " already.");
            }
            write(path, kek, new SecureRandom());
        } catch (IOException | UnsupportedOperationException e) {
            throw new VaultUnavailable("The vault " + path + " cannot be made there.", e);
        }
        return open(path, kek);
    }

    /** Opens the vault of a house. @throws VaultUnavailable before anything is served: missing, damaged, another key */
    public static FileVault open(Path slotsFile, KekSource kek) {
        var path = slotsFile.toAbsolutePath().normalize();
        try {
            if (!Files.exists(path)) {
                throw new VaultUnavailable("The vault " + path
                        + " is missing. Restore it from a key backup: a new one would open nothing that is there.");
            }
            NewFile.recover(path);
            var file = CellFile.open(path, new SecureRandom());
            try {
                var vault = new FileVault(file, kek, wrappingKey(file.header(), kek));
                kek.settle(file.header());
                return vault;
            } catch (RuntimeException e) {
                file.close();
                kek.close();
                throw e;
            }
        } catch (IOException e) {
            throw new VaultUnavailable("The vault " + path + " cannot be read.", e);
        }
    }

    /** What kind of key opens this vault. Needs none. @throws VaultUnavailable when the file cannot be read */
    public static KekSource.Kind kindOf(Path slotsFile) {
        try (var in = Files.newInputStream(slotsFile)) {
            return VaultHeader.decode(in.readNBytes(VaultHeader.BYTES)).kekKind();
        } catch (IOException | Tampered e) {
            throw new VaultUnavailable(
                    "The vault " + slotsFile + " is missing or damaged. Restore it from a key backup.", e);
        }
    }

    /** A step of {@link #rotate}, durable. */
    enum Step {
        KEY_MADE,
        VAULT_REWRITTEN
    }

    /**
     * Wraps every slot of a vault that nobody has open by another key; no event is touched. A crash at any point leaves a
     * vault that opens by the old key or by the new one, whole, and opening it finishes what was begun.
     *
     * @param kek where the key comes from now
     * @param next where the new key shall come from; the same place is fine
     */
    public static void rotate(Path slotsFile, KekSource kek, KekSource next) {
        rotate(slotsFile, kek, next, _ -> {});
    }

    static void rotate(Path slotsFile, KekSource kek, KekSource next, Consumer<Step> done) {
        var path = slotsFile.toAbsolutePath().normalize();
        var random = new SecureRandom();
        try (var vault = open(path, kek)) {
            var salt = VaultHeader.newSalt(random);
            var id = vault.file.header().vault();
            try (var key = next.forRotated(kek, salt, random)) {
                var header = VaultHeader.make(next.kind(), next.cost(), salt, id, next.sealed(id, key, random), key);
                done.accept(Step.KEY_MADE);
                try (var wrapping = header.wrappingKey(key)) {
                    NewFile.replace(path, vault.file.under(header, live -> vault.rewrapped(live, header, wrapping)));
                }
                done.accept(Step.VAULT_REWRITTEN);
                next.settle(header);
            }
        } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
            throw new VaultUnavailable(
                    "The vault could not be rewritten. Make room on the disk and look after its permissions; whatever"
                            + " key opens it when it is started again is its key.",
                    e);
        } finally {
            next.close();
        }
    }

    private Cell.Live rewrapped(Cell.Live live, VaultHeader header, Secret other) {
        var secret = Box.open(wrapping, bound(file.header(), live.slot(), live.version()), live.box());
        try (var slot = Secret.taking(secret)) {
            return live(header, other, live.slot(), live.version(), slot);
        }
    }

    /** What is wrong with a vault's file, in words; needs no key and changes nothing. */
    public static List<String> problems(Path slotsFile) {
        if (!Files.exists(slotsFile)) {
            return List.of("It is missing.");
        }
        try {
            return CellFile.problems(slotsFile);
        } catch (IOException e) {
            return List.of("It cannot be read.");
        }
    }

    @Override
    public synchronized Optional<Secret> read(SlotId id) {
        refuseTheHouse(id);
        check();
        return slot(id);
    }

    /** Does not wait while another slot is being written: every use of keys asks for it. */
    @Override
    public long version(SlotId id) {
        refuseTheHouse(id);
        refuseAfterFailure();
        var place = file.place(id);
        return place == null ? 0 : place.version();
    }

    @Override
    public synchronized void replace(SlotId id, Secret secret, long version) {
        if (secret.length() != Cell.SLOT_BYTES) {
            throw new IllegalArgumentException("A slot holds 32 bytes.");
        }
        check();
        long next = Math.max(version, version(id) + 1);
        attempt(() -> file.replace(live(file.header(), wrapping, id, next, secret)));
    }

    @Override
    public synchronized boolean replaceIf(SlotId id, long version, Secret secret) {
        if (version(id) != version) {
            return false;
        }
        replace(id, secret);
        return true;
    }

    @Override
    public synchronized void erase(SlotId id) {
        refuseTheHouse(id);
        attempt(() -> file.erase(id));
    }

    /** Once the key was out of reach nothing is served, also when it comes back: whoever brings it opens the vault again. */
    @Override
    public void check() {
        refuseAfterFailure();
        try {
            kek.check(file.header());
        } catch (VaultUnavailable e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public synchronized Secret houseKey(String label) {
        check();
        return Hkdf.sha256(
                house,
                new ByteWriter().framed("twinkeep.house.v1").framed(label).toBytes(),
                32);
    }

    /** Every slot but the house's own. */
    public synchronized Set<SlotId> slots() {
        refuseAfterFailure();
        var slots = file.slots();
        slots.remove(HOUSE);
        return slots;
    }

    /** Writes a vault with the house's own slot and these, wrapped as they are and of the same versions: a key backup's. */
    public synchronized void copyTo(OutputStream out, Predicate<SlotId> which) throws IOException {
        refuseAfterFailure();
        file.copyTo(out, slot -> slot.equals(HOUSE) || which.test(slot));
    }

    @Override
    public synchronized void close() {
        wrapping.close();
        house.close();
        kek.close();
        failed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw new VaultUnavailable("The vault cannot be closed.", e);
        }
    }

    private Optional<Secret> slot(SlotId id) {
        var place = file.place(id);
        if (place == null) {
            return Optional.empty();
        }
        try {
            if (file.read(place) instanceof Cell.Live live
                    && live.slot().equals(id)
                    && live.version() == place.version()) {
                return Optional.of(
                        Secret.taking(Box.open(wrapping, bound(file.header(), id, live.version()), live.box())));
            }
            throw new Tampered("A slot is not where it was.");
        } catch (IOException | Tampered e) {
            throw new VaultUnavailable(
                    "A slot of the vault is damaged. Restore the vault and the key rows together, from one key backup.",
                    e);
        }
    }

    private static void write(Path path, KekSource kek, SecureRandom random) throws IOException {
        var vault = new UUID(random.nextLong(), random.nextLong());
        var salt = VaultHeader.newSalt(random);
        try (var key = kek.forNew(salt, random);
                var house = Secret.random(random)) {
            var header = VaultHeader.make(kek.kind(), kek.cost(), salt, vault, kek.sealed(vault, key, random), key);
            try (var wrapping = header.wrappingKey(key)) {
                NewFile.write(path, CellFile.fresh(header, live(header, wrapping, HOUSE, 1, house), random));
            }
        }
    }

    /** The wrapping key, once it was seen to be the one of this vault. */
    static Secret wrappingKey(VaultHeader header, KekSource kek) {
        if (kek.kind() != header.kekKind()) {
            throw new VaultUnavailable("This vault is opened by "
                    + header.kekKind().words() + ", not by " + kek.kind().words() + ".");
        }
        try (var key = kek.forExisting(header)) {
            if (!header.accepts(key)) {
                throw new VaultUnavailable(kek.wrongKey());
            }
            return header.wrappingKey(key);
        }
    }

    private static Cell.Live live(VaultHeader header, Secret wrapping, SlotId id, long version, Secret secret) {
        var box = secret.reveal(KeyAccess.TO_WRAP, bytes -> Box.seal(wrapping, bound(header, id, version), bytes));
        return new Cell.Live(id, version, box);
    }

    static byte[] bound(VaultHeader header, SlotId id, long version) {
        return new ByteWriter()
                .framed("twinkeep.vault.slot.v1")
                .uuid(header.vault())
                .uuid(id.value())
                .u64(version)
                .toBytes();
    }

    /** After a write of unknown outcome nothing is served: only opening the file again tells what is on it. */
    private void attempt(Write write) {
        refuseAfterFailure();
        try {
            write.run();
        } catch (CellFile.NoRoom e) {
            throw new VaultUnavailable("There is no room on the disk for a slot. Make room, then try again.", e);
        } catch (IOException e) {
            failed = true;
            throw new VaultUnavailable(
                    "The vault could not be written. Look after the disk, then start again: it finds its last whole"
                            + " state.",
                    e);
        }
    }

    private void refuseAfterFailure() {
        if (failed) {
            throw new VaultUnavailable(
                    "The vault was closed, a write to it failed, or its key was taken away. Start again.");
        }
    }

    private static void refuseTheHouse(SlotId id) {
        if (id.equals(HOUSE)) {
            throw new IllegalArgumentException("The slot of the house is the vault's own.");
        }
    }

    private interface Write {
        void run() throws IOException;
    }
}
