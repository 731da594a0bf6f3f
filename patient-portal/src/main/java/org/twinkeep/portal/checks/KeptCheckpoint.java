package org.twinkeep.portal.checks;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.twinkeep.consent.trail.TrailCheck;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.HouseRefused;

/**
 * What a checkpoint of the trail that somebody kept says of a house: whether its trail only grew since (RFC 6962, 2.1.2). A
 * house whose trail does not continue it was put back from an older copy, or rewritten. It needs no key.
 *
 * @param file what was kept
 * @param broken why the trail does not continue it; empty when it does
 */
public record KeptCheckpoint(Path file, String broken) {

    public boolean ok() {
        return broken.isEmpty();
    }

    /** @throws HouseRefused when the file or the house cannot be read */
    public static KeptCheckpoint of(DataFolder folder, Path file) {
        var house = HouseFile.read(folder);
        try {
            var check = TrailCheck.since(
                    Files.readString(file), folder.trail(), house.trailOrigin(), house.trailVerifyingKey());
            return new KeptCheckpoint(
                    file,
                    check.problems().stream()
                            .map(problem -> problem.file() + " " + problem.what())
                            .collect(Collectors.joining("; ")));
        } catch (MalformedInputException e) {
            throw new HouseRefused(file + " is no checkpoint of a trail.", e);
        } catch (IOException e) {
            throw new HouseRefused(file + " cannot be read.", e);
        }
    }

    /** In words. */
    public String inWords() {
        return ok()
                ? "checkpoint " + file + ": the trail of this house only grew since"
                : "checkpoint " + file + ": the trail of this house does not continue it (" + broken
                        + "), so it is an older copy that was put back, or was rewritten. Restore the newest backups:"
                        + " twinkeep restore FILE --keys FILE";
    }
}
