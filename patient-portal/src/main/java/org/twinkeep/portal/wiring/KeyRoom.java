package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import org.twinkeep.consent.ledger.Charter;
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
        HouseFile paper,
        FileVault vault,
        KeysDatabase database,
        ReceiptAuthority receipts,
        KeyRing ring,
        Sealing sealing) {

    static KeyRoom open(DataFolder folder, Kek kek, boolean demo, SecureRandom random, Closing closing)
            throws IOException {
        if (!folder.isHouse()) {
            HouseFile.fresh(kek.kind(), demo, EventStore.chosen().orElse(EventStore.EMBEDDED))
                    .write(folder);
        }
        var paper = HouseFile.read(folder);
        var vault = closing.keep(openVault(folder, paper, kek));
        if (paper.unfinished()) {
            paper.events().claim(paper);
            paper = paper.with(trailKey(vault).verifyingKey());
            paper.write(folder);
        }
        if (paper.key() != FileVault.kindOf(folder.slots())) {
            paper = paper.with(FileVault.kindOf(folder.slots()));
            paper.write(folder);
        }
        var database = closing.keep(KeysDatabase.open(folder.keyRows()));
        var receipts = new ReceiptAuthority();
        var ring = new KeyRing(vault, new SqliteKeyRows(database), receipts, random);
        return new KeyRoom(paper, vault, database, receipts, ring, new Sealing(paper.tenant(), ring, random));
    }

    /** The custodian's key, which signs erasures and backups. */
    static SigningKey custodian(Vault vault) {
        return organisation(vault, Charter.CUSTODIAN);
    }

    /** Makes the vault of a new house, also where a crash came between any two steps of it. */
    private static FileVault openVault(DataFolder folder, HouseFile paper, Kek kek) throws IOException {
        if (!paper.unfinished()) {
            return FileVault.open(folder.slots(), kek.of(paper, folder));
        }
        folder.furnish();
        boolean made = Files.exists(folder.slots());
        var source = kek.of(paper, folder);
        var vault = made ? FileVault.open(folder.slots(), source) : FileVault.create(folder.slots(), source);
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
        return organisation(vault, name);
    }

    private static SigningKey organisation(Vault vault, String name) {
        return new SigningKey(vault.houseKey("org/" + name));
    }
}
