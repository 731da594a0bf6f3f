package org.twinkeep.portal.wiring;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.embedded.OldBlocks;
import org.twinkeep.consent.embedded.Organisations;
import org.twinkeep.consent.fabric.CarriedLedger;
import org.twinkeep.consent.fabric.FabricAccess;
import org.twinkeep.consent.fabric.FabricCheck;
import org.twinkeep.consent.fabric.FabricLedger;
import org.twinkeep.consent.fabric.FabricReach;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;

/**
 * Which ledger records a house's consents. {@code house.json} says it, so that no house is opened on the wrong one; {@code
 * twinkeep.ledger} (or {@code TWINKEEP_LEDGER}) chooses for a new one. How a Fabric network is reached stands in the file of
 * properties that {@code twinkeep.fabric.file} (or {@code TWINKEEP_FABRIC_FILE}) names.
 */
public enum LedgerStore {
    /** A file of signed, chained blocks in the data folder, kept by one operator. */
    EMBEDDED,
    /** A Hyperledger Fabric network, kept by its organisations. */
    FABRIC;

    /** As it is written in {@code house.json} and chosen by people. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws HouseRefused when there is none of this name */
    static LedgerStore of(String word) {
        for (var store : values()) {
            if (store.word().equals(word)) {
                return store;
            }
        }
        throw new HouseRefused(
                "Consents are on an embedded ledger or on fabric: set twinkeep.ledger to one of these words.");
    }

    /** What somebody chose for this run. */
    static Optional<LedgerStore> chosen() {
        return EventStore.setting("twinkeep.ledger", "TWINKEEP_LEDGER").map(LedgerStore::of);
    }

    /** @throws HouseRefused when somebody chose another ledger for this run than the house's */
    void refuseOther() {
        chosen().filter(chosen -> chosen != this).ifPresent(other -> {
            throw new HouseRefused("The consents of this house are on the " + word() + " ledger, not on " + other.word()
                    + ". Nothing was done. Leave twinkeep.ledger out; twinkeep migrate --ledger fabric moves an embedded"
                    + " ledger to a network.");
        });
    }

    /** The house's ledger, that is its closer's to close. */
    ConsentLedger open(DataFolder folder, Organisations organisations, Position remembered, Clock clock) {
        return switch (this) {
            case EMBEDDED -> EmbeddedLedger.open(folder.ledger(), organisations, remembered, clock);
            case FABRIC ->
                OldBlocks.areIn(folder.ledger())
                        ? CarriedLedger.open(access(), organisations.charter(), folder.ledger(), remembered)
                        : FabricLedger.open(access(), organisations.charter(), folder.ledger(), remembered);
        };
    }

    /** The anchors and erasures in a copy of the house's folder for its ledger. */
    List<ConsentRecord> witnessed(Path ledgerFolder, HouseFile paper) {
        return check(ledgerFolder, paper, Position.NONE).witnessed();
    }

    /** Checks what of it lies in the folder, without any key and without a network. */
    public LedgerCheck check(DataFolder folder, HouseFile paper, Position remembered) {
        return check(folder.ledger(), paper, remembered);
    }

    private LedgerCheck check(Path ledgerFolder, HouseFile paper, Position remembered) {
        return switch (this) {
            case EMBEDDED -> LedgerCheck.of(ledgerFolder, remembered);
            case FABRIC -> FabricCheck.of(ledgerFolder, paper.tenant(), access().chaincode(), remembered);
        };
    }

    /** Whether its network answers, and what it bears witness of; nothing where there is none. */
    public Optional<FabricReach> reach(DataFolder folder, HouseFile paper) {
        return reach(folder.ledger(), paper);
    }

    /** The same of a copy of the house's folder for its ledger. */
    Optional<FabricReach> reach(Path ledgerFolder, HouseFile paper) {
        return this == FABRIC ? Optional.of(FabricReach.of(access(), ledgerFolder, paper.tenant())) : Optional.empty();
    }

    /** @throws HouseRefused when nothing says how a network is reached */
    static FabricAccess access() {
        return EventStore.setting("twinkeep.fabric.file", "TWINKEEP_FABRIC_FILE")
                .map(file -> FabricAccess.read(Path.of(file)))
                .orElseThrow(
                        () -> new HouseRefused("Consents of this house are on a Fabric network and nothing says how"
                                + " to reach it: put what \"infra/fabric/network properties\" prints into a file, and its name"
                                + " into TWINKEEP_FABRIC_FILE."));
    }
}
