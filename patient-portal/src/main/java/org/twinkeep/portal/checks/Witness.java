package org.twinkeep.portal.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.ledger.ConsentLedger.Position;
import org.twinkeep.consent.ledger.ConsentRecord;
import org.twinkeep.consent.witness.Anchored;
import org.twinkeep.consent.witness.Unknown;
import org.twinkeep.crypto.sign.VerifyingKey;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.twin.erasure.ErasureLedger;
import org.twinkeep.twin.erasure.ErasureReceipt;

/**
 * What a receipt that somebody kept says of a house. It needs no key: the custodian's public key stands in the ledger's
 * charter.
 *
 * @param signed whether the custodian of this house signed it as it stands
 * @param known whether the house's erasure ledger holds it; one that does not is an older copy, put back
 */
public record Witness(String receipt, String scope, int events, String at, boolean signed, boolean known) {

    public boolean ok() {
        return signed && known;
    }

    /** @throws HouseRefused when it is no receipt, or the ledger of the house cannot be read */
    public static Witness of(DataFolder folder, Path file) {
        try {
            var receipt = ErasureReceipt.parse(Files.readAllBytes(file));
            var custodian = custodian(folder);
            if (custodian == null) {
                throw new HouseRefused("The ledger of " + folder.path() + " cannot be read: run twinkeep verify.");
            }
            return new Witness(
                    receipt.id(),
                    receipt.scope(),
                    receipt.events(),
                    receipt.at().toString(),
                    receipt.signedBy(custodian),
                    ErasureLedger.holds(folder.erasures(), custodian, receipt));
        } catch (IllegalArgumentException e) {
            throw new HouseRefused(file + " is no receipt of an erasure.", e);
        } catch (IOException e) {
            throw new HouseRefused(file + " cannot be read.", e);
        }
    }

    static List<Witness> of(DataFolder folder, List<Path> files) {
        return files.stream().map(file -> of(folder, file)).toList();
    }

    /**
     * Those of the anchors and erasures on a ledger that the house in the folder does not know.
     *
     * @throws HouseRefused when the ledger of the house cannot be read
     */
    static Unknown unknown(DataFolder folder, List<ConsentRecord> witnessed) {
        var custodian = custodian(folder);
        if (custodian == null) {
            throw new HouseRefused("The ledger of " + folder.path() + " cannot be read: run twinkeep verify.");
        }
        var receipts = ErasureLedger.receipts(folder.erasures(), custodian).stream()
                .map(ErasureReceipt::hash)
                .collect(Collectors.toUnmodifiableSet());
        return Unknown.of(witnessed, Anchored.in(folder.ledger()), receipts);
    }

    private static @Nullable VerifyingKey custodian(DataFolder folder) {
        var house = HouseFile.read(folder);
        var charter = house.ledger().check(folder, house, Position.NONE).charter();
        return charter == null
                ? null
                : Objects.requireNonNull(charter.organisations().get(Charter.CUSTODIAN));
    }

    /** In words. */
    public String inWords() {
        if (!signed) {
            return "receipt " + receipt + ": not signed by this house, or altered";
        }
        return known
                ? "receipt " + receipt + " of " + at + ": signed by this house, and its erasure is known here"
                : "receipt " + receipt + " of " + at
                        + ": this house does not know its erasure, so it is an older copy that"
                        + " was put back. Restore the newest backups: twinkeep restore FILE --keys FILE";
    }
}
