package org.twinkeep.portal.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.twinkeep.consent.embedded.LedgerCheck;
import org.twinkeep.consent.trail.TrailCheck;
import org.twinkeep.crypto.keys.FileVault;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.HouseRefused;

/**
 * Whether every file of a data folder is as it was written. Most of it needs no key: chains of hashes, signatures, the
 * trail's tree. A damaged file is a problem in the answer, never a failure.
 *
 * @param checked what was counted, by what it is
 */
public record Verification(Map<String, Long> checked, List<Problem> problems) {

    /** @param file as named in the data folder */
    public record Problem(String file, String what) {}

    public boolean ok() {
        return problems.isEmpty();
    }

    public static Verification of(DataFolder folder) {
        var check = new Check(folder);
        check.everything();
        return new Verification(check.checked, List.copyOf(check.problems));
    }

    private static final class Check {
        private final DataFolder folder;
        private final Map<String, Long> checked = new LinkedHashMap<>();
        private final List<Problem> problems = new ArrayList<>();

        Check(DataFolder folder) {
            this.folder = folder;
        }

        void everything() {
            HouseFile house;
            try {
                house = HouseFile.read(folder);
            } catch (HouseRefused e) {
                problem("house.json", String.valueOf(e.getMessage()));
                return;
            }
            FileVault.problems(folder.slots()).forEach(what -> problem("keys/slots", what));
            var trail = trail(house);
            ledger(trail);
        }

        private TrailCheck trail(HouseFile house) {
            var trail = TrailCheck.of(folder.trail(), house.trailOrigin(), house.trailVerifyingKey());
            trail.problems().forEach(p -> problem("trail/" + p.file(), p.what()));
            checked.put("leaves", trail.leaves());
            return trail;
        }

        private void ledger(TrailCheck trail) {
            var ledger = LedgerCheck.of(folder.ledger(), trail.ledger());
            ledger.problems().forEach(p -> problem("ledger/" + p.file(), p.what()));
            checked.put("blocks", ledger.head().block() + 1);
        }

        private void problem(String file, String what) {
            problems.add(new Problem(file, what));
        }
    }
}
