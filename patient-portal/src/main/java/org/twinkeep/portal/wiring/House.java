package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.access.ReceiptAuthority;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.crypto.keys.KeyRing;
import org.twinkeep.crypto.keys.KeyRows;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.crypto.sealing.Sealing;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.reading.Views;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.Erasure;

/**
 * All rooms of one data folder, opened and joined: the only place that calls their constructors. Whoever holds a house owns
 * its folder until {@link #close()}; erasures that a crash interrupted are finished before anybody is served.
 */
public final class House implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Clock clock;
    private final HouseFile paper;
    private final Vault vault;
    private final KeyRing keyRing;
    private final Twins twins;
    private final TwinHistory history;
    private final Identities identities;
    private final Trail trail;
    private final ConsentLedger ledger;
    private final Consents consents;
    private final Views views;
    private final Door door;
    private final Erasure erasure;
    private final FhirImport fhirImport;
    private final FhirExport fhirExport;
    private final Accounts accounts;

    /**
     * Opens the house in a folder, or makes a new one in an empty folder.
     *
     * @param purpose what for, in a word or two: whoever finds the folder in use reads it
     * @throws HouseRefused when the folder is in use, is no house, or was written by a newer Twinkeep
     */
    public static House open(DataFolder folder, Kek kek, String purpose, Clock clock) {
        return new House(folder, kek, purpose, clock, false);
    }

    /** Makes a house in an empty folder that a demo may delete again. */
    public static House openDemo(DataFolder folder, Kek kek, Clock clock) {
        return new House(folder, kek, "twinkeep demo", clock, true);
    }

    private House(DataFolder folder, Kek kek, String purpose, Clock clock, boolean demo) {
        this.clock = clock;
        var random = new SecureRandom();
        folder.prepare();
        try {
            keep(FolderLock.take(folder, purpose, clock));
            paper = folder.isHouse() ? HouseFile.read(folder) : HouseFile.fresh(kek.passphrase(), demo);
            vault = keep(openVault(folder, paper, kek));
            var receipts = new ReceiptAuthority();
            keyRing = new KeyRing(vault, House.<KeyRows>unbuilt(folder), receipts, random);
            var sealing = new Sealing(paper.tenant(), keyRing, random);
            throw new IllegalStateException("not built " + sealing);
        } catch (IOException e) {
            close();
            throw new HouseRefused(folder.path() + " cannot be written: check its owner, permissions and free space.", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** A new house is one as soon as its {@code house.json} stands, and that is written last. */
    private static Vault openVault(DataFolder folder, HouseFile paper, Kek kek) throws IOException {
        if (folder.isHouse()) {
            return FileVault.open(folder.slots(), kek.of(paper, folder, false));
        }
        folder.furnish();
        var fresh = FileVault.create(folder.slots(), kek.of(paper, folder, true));
        kek.tellOfNew(paper);
        paper.write(folder);
        return fresh;
    }

    private static <T> T unbuilt(Object from) {
        throw new IllegalStateException("not built " + from);
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.push(part);
        return part;
    }

    /** The name of this house, bound into every envelope. */
    public String tenant() {
        return paper.tenant();
    }

    public Clock clock() {
        return clock;
    }

    public Vault vault() {
        return vault;
    }

    public KeyRing keyRing() {
        return keyRing;
    }

    public Twins twins() {
        return twins;
    }

    public TwinHistory history() {
        return history;
    }

    public Identities identities() {
        return identities;
    }

    public Trail trail() {
        return trail;
    }

    public ConsentLedger ledger() {
        return ledger;
    }

    public Consents consents() {
        return consents;
    }

    public Views views() {
        return views;
    }

    public Door door() {
        return door;
    }

    public Erasure erasure() {
        return erasure;
    }

    public FhirImport fhirImport() {
        return fhirImport;
    }

    public FhirExport fhirExport() {
        return fhirExport;
    }

    public Accounts accounts() {
        return accounts;
    }

    /** Closes everything in the opposite order of opening; the lock goes last. */
    @Override
    public void close() {
        RuntimeException first = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                var trouble = new IllegalStateException("A part of the house did not close.", e);
                if (first == null) {
                    first = trouble;
                } else {
                    first.addSuppressed(trouble);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
