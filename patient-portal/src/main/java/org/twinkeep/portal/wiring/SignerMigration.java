package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.TreeMap;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.embedded.Organisations;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.signer.FarOrganisation;
import org.twinkeep.consent.trail.TrailCheck;

/**
 * Hands an organisation's place on the embedded ledger over from the house's key to the key of its own signer (decision
 * 0310). The ledger is checked before and after; {@code house.json} names the signer only then. Broken off before, it goes
 * on where it was.
 *
 * @param block the last one that the house's key signed: after it the signer's alone counts
 */
public record SignerMigration(String organisation, String address, long block) {

    /**
     * @param organisation Provider or Oversight
     * @throws HouseRefused when nothing says how its signer is reached, when it has one already, or the folder is in use
     * @throws org.twinkeep.consent.ledger.LedgerUnavailable when the signer is out of reach or does not sign
     */
    public static SignerMigration run(DataFolder folder, Kek kek, String organisation, Clock clock) {
        try (var closing = new Closing()) {
            closing.keep(FolderLock.take(folder, "twinkeep migrate", clock));
            var paper = HouseFile.read(folder);
            paper.refuseShared("migrate");
            refuseOthers(paper, organisation);
            var others = new TreeMap<>(SignersFile.chosen());
            var access = others.remove(organisation);
            if (access == null) {
                throw new HouseRefused("Nothing says how the signer of " + organisation
                        + " is reached: put what \"twinkeep signer\" prints there into a file, and its name into"
                        + " TWINKEEP_SIGNERS_FILE.");
            }
            var random = new SecureRandom();
            var keys = KeyRoom.open(folder, kek, false, others, random, closing);
            var far = closing.keep(new FarOrganisation(organisation, access, random));
            var remembered = TrailCheck.of(folder.trail(), paper.trailOrigin(), paper.trailVerifyingKey())
                    .ledger();
            var organisations = new Organisations(
                    paper.tenant(),
                    keys.organisation(Charter.CUSTODIAN),
                    keys.organisation(Charter.PROVIDER),
                    keys.organisation(Charter.OVERSIGHT));
            boolean isTheirs = access.key()
                    .equals(checked(folder, remembered).organisations().get(organisation));
            try (var ledger = EmbeddedLedger.open(
                    folder.ledger(),
                    isTheirs ? organisations.with(organisation, far) : organisations,
                    remembered,
                    clock)) {
                ledger.handOver(organisation, far);
            }
            checked(folder, remembered);
            var signers = new TreeMap<>(others);
            signers.put(organisation, access);
            paper.with(SignersFile.addresses(signers)).write(folder);
            return new SignerMigration(
                    organisation,
                    access.address().toString(),
                    LedgerCheck.of(folder.ledger(), remembered).head().block());
        } catch (IOException e) {
            throw new HouseRefused(
                    folder.path() + " cannot be written: check its owner, permissions and free space.", e);
        }
    }

    private static void refuseOthers(HouseFile paper, String organisation) {
        if (paper.unfinished()) {
            throw new HouseRefused("Making this house was broken off: run a command that writes, then hand over.");
        }
        if (paper.ledger() != LedgerStore.EMBEDDED) {
            throw new HouseRefused("On a Fabric network each organisation signs with its own peer: no key lies here.");
        }
        if (paper.signers().containsKey(organisation)) {
            throw new HouseRefused(organisation + " has its own signer already, and its key stays there.");
        }
    }

    private static Charter checked(DataFolder folder, Position remembered) {
        var check = LedgerCheck.of(folder.ledger(), remembered);
        var charter = check.charter();
        if (charter == null || !check.problems().isEmpty()) {
            throw new HouseRefused(
                    "The ledger is not as it was written, and nothing is handed over: run twinkeep verify.");
        }
        return charter;
    }
}
