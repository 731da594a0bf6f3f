package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.security.SecureRandom;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.twin.sqlite.KeysDatabase;
import org.twinkeep.twin.sqlite.SqliteKeyRows;

/** The vault, and every key that it wraps. */
record KeyRoom(
        HouseFile paper, Vault vault, KeysDatabase database, ReceiptAuthority receipts, KeyRing ring, Sealing sealing) {

    static KeyRoom open(DataFolder folder, Kek kek, boolean demo, SecureRandom random, Closing closing)
            throws IOException {
        boolean fresh = !folder.isHouse();
        var paper = fresh ? HouseFile.fresh(kek.passphrase(), demo) : HouseFile.read(folder);
        var vault = closing.keep(
                fresh ? newVault(folder, paper, kek) : FileVault.open(folder.slots(), kek.of(paper, folder)));
        if (fresh) {
            paper = paper.with(trailKey(vault).verifyingKey());
            paper.write(folder);
        }
        var database = closing.keep(KeysDatabase.open(folder.keyRows()));
        var receipts = new ReceiptAuthority();
        var ring = new KeyRing(vault, new SqliteKeyRows(database), receipts, random);
        return new KeyRoom(paper, vault, database, receipts, ring, new Sealing(paper.tenant(), ring, random));
    }

    /** A new house is one as soon as its {@code house.json} stands, and that is written after this. */
    private static Vault newVault(DataFolder folder, HouseFile paper, Kek kek) throws IOException {
        folder.furnish();
        var vault = FileVault.create(folder.slots(), kek.of(paper, folder));
        kek.tellOfNew(paper);
        return vault;
    }

    SigningKey trailKey() {
        return trailKey(vault);
    }

    private static SigningKey trailKey(Vault vault) {
        return new SigningKey(vault.houseKey("trail"));
    }

    /** The key of one of the organisations that sign the embedded ledger's blocks. */
    SigningKey organisation(String name) {
        return new SigningKey(vault.houseKey("org/" + name));
    }
}
