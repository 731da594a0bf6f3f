package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.LongConsumer;
import org.twinkeep.consent.fabric.CarryOver;

/**
 * Moves the consents of a house from its embedded ledger to a Fabric network. {@code house.json} names the network only once
 * everything is recorded there and the head of the old blocks is anchored; broken off before, it goes on where it was. The
 * old blocks stay in the folder: they are the house's past.
 *
 * @param transactions how many the old blocks hold
 * @param carried how many of them this run submitted
 */
public record LedgerMigration(long transactions, long carried) {

    /** @throws HouseRefused when the folder is in use, or the house is on a network already */
    public static LedgerMigration toFabric(DataFolder folder, Kek kek, Clock clock, LongConsumer progress) {
        try (var closing = new Closing()) {
            closing.keep(FolderLock.take(folder, "twinkeep migrate", clock));
            var paper = HouseFile.read(folder);
            paper.refuseShared("migrate");
            if (paper.unfinished()) {
                throw new HouseRefused(
                        "Making this house was broken off: run a command that writes, then move its consents.");
            }
            if (paper.ledger() == LedgerStore.FABRIC) {
                throw new HouseRefused("The consents of this house are on a Fabric network already.");
            }
            var keys = KeyRoom.open(folder, kek, false, new SecureRandom(), closing);
            var custodian = keys.custodian();
            var done = CarryOver.run(LedgerStore.access(), folder.ledger(), custodian::sign, progress);
            paper.with(LedgerStore.FABRIC).write(folder);
            return new LedgerMigration(done.transactions(), done.carried());
        } catch (IOException e) {
            throw new HouseRefused(
                    folder.path() + " cannot be written: check its owner, permissions and free space.", e);
        }
    }
}
