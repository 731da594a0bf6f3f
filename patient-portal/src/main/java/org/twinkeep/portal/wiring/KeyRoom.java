package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.contract.Acts;
import org.twinkeep.consent.embedded.Organisation;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.signer.FarOrganisation;
import org.twinkeep.consent.signer.SignerAccess;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.KekSource;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.SharedVault;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.postgresql.PostgresIdentities;
import org.twinkeep.twin.postgresql.PostgresKeyRows;
import org.twinkeep.twin.postgresql.PostgresSlots;
import org.twinkeep.twin.postgresql.SharedDatabase;
import org.twinkeep.twin.sqlite.KeysDatabase;
import org.twinkeep.twin.sqlite.SqliteIdentities;
import org.twinkeep.twin.sqlite.SqliteKeyRows;

/**
 * The vault, and every key that it wraps.
 *
 * @param shared the database that they lie in, where several servers share them
 * @param signers the organisations whose keys lie with signers of their own
 */
record KeyRoom(
        HouseFile paper,
        Vault vault,
        @Nullable SharedDatabase shared,
        Identities identities,
        ReceiptAuthority receipts,
        KeyRing ring,
        Sealing sealing,
        Map<String, FarOrganisation> signers) {

    static KeyRoom open(DataFolder folder, Kek kek, boolean demo, SecureRandom random, Closing closing)
            throws IOException {
        return open(folder, kek, demo, SignersFile.chosen(), random, closing);
    }

    /** @param signers of the organisations that have their keys elsewhere */
    static KeyRoom open(
            DataFolder folder,
            Kek kek,
            boolean demo,
            Map<String, SignerAccess> signers,
            SecureRandom random,
            Closing closing)
            throws IOException {
        if (!folder.isHouse()) {
            fresh(kek, demo, signers).write(folder);
        }
        var paper = HouseFile.read(folder);
        ViewStore.chosen()
                .filter(chosen -> chosen != HouseFile.read(folder).views())
                .ifPresent(other -> {
                    throw new HouseRefused("Keys and accounts of this house do not lie in " + other.word()
                            + ", and there is no way yet to move them. Leave twinkeep.views out.");
                });
        paper.ledger().refuseOther();
        SignersFile.refuseOther(paper, signers);
        if (paper.isShared()) {
            return shared(folder, paper, kek, signers, random, closing);
        }
        var vault = closing.keep(openVault(folder, paper, kek));
        paper = finished(folder, paper, vault, signers, FileVault.kindOf(folder.slots()));
        var database = closing.keep(KeysDatabase.open(folder.keyRows()));
        var identities = new SqliteIdentities(database, vault.houseKey("identities"));
        return of(paper, vault, null, identities, new SqliteKeyRows(database), signers, random, closing);
    }

    private static HouseFile fresh(Kek kek, boolean demo, Map<String, SignerAccess> signers) {
        var events = EventStore.chosen().orElse(EventStore.EMBEDDED);
        var views = ViewStore.chosen().orElse(ViewStore.EMBEDDED);
        if (views == ViewStore.POSTGRESQL && events != EventStore.KURRENTDB) {
            throw new HouseRefused(
                    "twinkeep.views=postgresql is for several servers: their events lie in a cluster too."
                            + " Set twinkeep.events=kurrentdb.");
        }
        var ledger = LedgerStore.chosen().orElse(LedgerStore.EMBEDDED);
        if (ledger == LedgerStore.FABRIC && !signers.isEmpty()) {
            throw new HouseRefused("On a Fabric network each organisation signs with its own peer: leave"
                    + " TWINKEEP_SIGNERS_FILE out.");
        }
        return HouseFile.fresh(kek.kind(), demo, events, views, ledger, SignersFile.addresses(signers));
    }

    private static KeyRoom shared(
            DataFolder folder,
            HouseFile paper,
            Kek kek,
            Map<String, SignerAccess> signers,
            SecureRandom random,
            Closing closing)
            throws IOException {
        var database = closing.keep(ViewStore.connect());
        var slots = PostgresSlots.in(database);
        var vault = closing.keep(openVault(folder, paper, kek, slots));
        var finished = finished(folder, paper, vault, signers, SharedVault.kindOf(slots));
        var identities = PostgresIdentities.in(database, vault.houseKey("identities"));
        return of(finished, vault, database, identities, PostgresKeyRows.in(database), signers, random, closing);
    }

    private static KeyRoom of(
            HouseFile paper,
            Vault vault,
            @Nullable SharedDatabase shared,
            Identities identities,
            KeyRows rows,
            Map<String, SignerAccess> reached,
            SecureRandom random,
            Closing closing) {
        var receipts = new ReceiptAuthority();
        var ring = new KeyRing(vault, rows, receipts, random);
        var sealing = new Sealing(paper.tenant(), ring, random);
        var signers = new TreeMap<String, FarOrganisation>();
        reached.forEach((name, access) -> signers.put(name, closing.keep(new FarOrganisation(name, access, random))));
        return new KeyRoom(paper, vault, shared, identities, receipts, ring, sealing, signers);
    }

    private static HouseFile finished(
            DataFolder folder, HouseFile paper, Vault vault, Map<String, SignerAccess> signers, KekSource.Kind kind)
            throws IOException {
        var finished = paper;
        if (paper.unfinished()) {
            paper.events().claim(paper);
            finished = finished.with(trailKey(vault).verifyingKey());
        }
        if (finished.key() != kind) {
            finished = finished.with(kind);
        }
        var addresses = SignersFile.addresses(signers);
        if (!finished.signers().equals(addresses)) {
            finished = finished.with(addresses);
        }
        if (finished != paper) {
            finished.write(folder);
        }
        return finished;
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

    private static SharedVault openVault(DataFolder folder, HouseFile paper, Kek kek, PostgresSlots slots)
            throws IOException {
        boolean made = SharedVault.isIn(slots);
        if (!paper.unfinished()) {
            return SharedVault.open(slots, kek.of(SharedVault.kindOf(slots), paper, folder, false));
        }
        folder.furnish();
        if (made) {
            return SharedVault.open(slots, kek.of(SharedVault.kindOf(slots), paper, folder, false));
        }
        var vault = SharedVault.create(slots, kek.of(paper.key(), paper, folder, true));
        kek.tellOfNew(paper);
        return vault;
    }

    SigningKey trailKey() {
        return trailKey(vault);
    }

    private static SigningKey trailKey(Vault vault) {
        return new SigningKey(vault.houseKey("trail"));
    }

    /** The custodian keeps the house: its key lies in it. */
    SigningKey custodian() {
        return custodian(vault);
    }

    /** One of the organisations that sign the embedded ledger's blocks: by a key in the vault, or by a signer of its own. */
    Organisation organisation(String name) {
        var far = signers.get(name);
        return far == null ? Organisation.here(organisation(vault, name)) : far;
    }

    /** How an organisation signs what it does. */
    Acts.Signature actsOf(String organisation) {
        return organisation(organisation)::signAct;
    }

    /** They answer for a patient who lost password and recovery code, and for what all decisions follow. */
    Acts.Both bothOrganisations() {
        return new Acts.Both(actsOf(Charter.CUSTODIAN), actsOf(Charter.OVERSIGHT));
    }

    private static SigningKey organisation(Vault vault, String name) {
        return new SigningKey(vault.houseKey("org/" + name));
    }
}
