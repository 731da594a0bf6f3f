package org.twinkeep.portal.tour;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the whole path in a temporary folder: records go in, are shared, looked at, attacked, corrected and forgotten. Each
 * step either holds or says why not; a step that cannot run because an earlier one failed does not hold.
 */
public final class Tour {
    private static final Logger LOG = LoggerFactory.getLogger(Tour.class);

    private final Consumer<Step> each;
    private final List<Step> steps = new ArrayList<>();

    private Tour(Consumer<Step> each) {
        this.each = each;
    }

    /** @param scratch an empty folder; the caller sweeps it */
    public static List<Step> run(Path scratch, Consumer<Step> each) {
        var tour = new Tour(each);
        try (var folder = new TourFolder(scratch);
                var _ = new TourLog(folder.scratch("logs").resolve("tour.log"))) {
            var keeping = new Keeping(folder);
            tour.step("import three synthetic people and a hand-written one", keeping::imported);
            tour.step("load and command a chapter of 5,000 entries without opening a body", keeping::bodiesStayClosed);
            tour.step("no plaintext on disk", new Secrecy(folder)::noPlaintext);
            tour.step("another key opens nothing", new Secrecy(folder)::anotherKey);

            var sharing = new Sharing(folder);
            tour.step("grant: the clinician sees exactly the hand-written list", sharing::exactlyTheList);
            tour.step("everything but one chapter shows nothing of it", sharing::everythingBut);
            tour.step("another purpose is denied", sharing::otherPurpose);
            tour.step("out of scope and not there answer alike", sharing::answersAlike);
            tour.step("correct a laboratory value: the clinician still sees the laboratory's", sharing::corrected);
            tour.step("revoke: the very next request is denied", sharing::revoked);
            tour.step(
                    "an emergency opens the emergency chapters, tells the patient, ends and is reviewed",
                    new BreakingGlass(folder)::broken);

            tour.step(
                    "by the parent, for the child: after two have confirmed it, never safety, not after the end",
                    new Acting(folder)::byTheParentForTheChild);
            tour.step("ask by a code: less is allowed, seen, and taken back", sharing::askedAndAnswered);

            var tampering = new Tampering(folder);
            if (tampering.onFabric()) {
                tour.step("a copy of the network's blocks that was cut is made whole", tampering::copyCut);
                tour.step("an older copy put back hides no revocation", tampering::olderCopy);
            } else {
                tour.step("a ledger cut by its last block is refused", tampering::ledgerCut);
                tour.step("an older ledger put back is refused", tampering::olderLedger);
            }
            tour.step("the trail verifies offline", tampering::trailOffline);
            tour.step("one flipped byte in each kind of file is named", tampering::flippedBytes);

            var forgetting = new Forgetting(folder);
            tour.step("delete a condition and what repeats it: nothing of it is exported", forgetting::conditionGone);
            tour.step("import again: still gone", forgetting::staysGone);
            tour.step(
                    "lose the disk, restore yesterday's backup and the newest keys: only what was deleted stays closed",
                    forgetting::restored);
            tour.step("delete the twin: copied event files and today's keys open nothing", forgetting::twinGone);
        }
        return List.copyOf(tour.steps);
    }

    private void step(String name, Callable<Map<String, Object>> look) {
        long began = System.nanoTime();
        Map<String, Object> figures = new LinkedHashMap<>();
        boolean ok = false;
        try {
            figures.putAll(look.call());
            ok = true;
        } catch (NotHeld e) {
            figures.put("why", String.valueOf(e.getMessage()));
        } catch (Exception e) {
            figures.put("why", "failed: " + e.getClass().getSimpleName());
            LOG.warn("A step of the tour failed", e);
        }
        figures.put("seconds", Math.round((System.nanoTime() - began) / 1e6) / 1e3);
        var step = new Step(name, ok, figures);
        steps.add(step);
        each.accept(step);
    }
}
