package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.twinkeep.portal.checks.Verification;
import org.twinkeep.portal.wiring.Backup;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.portal.wiring.Kek;

/** Hears what {@link CrashChild} says it does, and looks whether the folders that it worked in hold what they must. */
final class CrashWatch {
    private final Path scratch;
    private final Kek kek;
    private final CrashOracle oracle = new CrashOracle();
    private String folder = "data";
    private String backup = CrashChild.NO_BACKUP;
    private int restores;

    /** @param scratch in which the child's folders and backups lie */
    CrashWatch(Path scratch, Kek kek) {
        this.scratch = scratch;
        this.kek = kek;
    }

    CrashOracle oracle() {
        return oracle;
    }

    String folder() {
        return folder;
    }

    /** The last that was acknowledged, or {@link CrashChild#NO_BACKUP}. */
    String backup() {
        return backup;
    }

    int restores() {
        return restores;
    }

    /** Whether the line acknowledges something. */
    boolean hears(String line) throws IOException {
        if (line.startsWith(CrashChild.TRIES)) {
            oracle.tries(line.substring(CrashChild.TRIES.length()));
            return false;
        }
        if (!line.startsWith(CrashChild.DID)) {
            return false;
        }
        var what = line.substring(CrashChild.DID.length());
        oracle.did(what);
        if (what.startsWith("backup ")) {
            Files.deleteIfExists(scratch.resolve(backup));
            backup = what.substring("backup ".length());
        } else if (what.startsWith("restore ")) {
            goOnIn(what.substring("restore ".length()));
        }
        return true;
    }

    private void goOnIn(String restored) {
        restores++;
        if (Files.exists(scratch.resolve(folder))) {
            Infra.sweep(scratch.resolve(folder));
        }
        folder = restored;
        oracle.restored(backup);
    }

    /** What is not as it was acknowledged. */
    List<String> look() {
        var found = new ArrayList<String>();
        try {
            finishRestore(found);
            compare(found);
        } catch (RuntimeException | IOException e) {
            found.add(String.valueOf(e));
        }
        return found;
    }

    /** The same of the last backup, restored into another folder with the keys as they are now. */
    List<String> lookAtBackup() {
        var found = new ArrayList<String>();
        if (!backup.equals(CrashChild.NO_BACKUP)) {
            try {
                var here = new DataFolder(scratch.resolve(folder));
                Backup.keys(here, kek, scratch.resolve("keys"), Clock.systemUTC(), _ -> {});
                CrashChild.restore(scratch, "from-backup", backup, kek);
                goOnIn("from-backup");
                compare(found);
            } catch (RuntimeException e) {
                found.add("the backup does not restore: " + e);
            }
        }
        return found;
    }

    private void compare(List<String> found) {
        var here = new DataFolder(scratch.resolve(folder));
        try (var house = House.open(here, kek, "drill", Clock.systemUTC())) {
            oracle.compare(house, found);
        }
        oracle.compareIndexes(here.events(), found);
        Verification.of(here, kek, Clock.systemUTC())
                .problems()
                .forEach(problem -> found.add(problem.file() + ": " + problem.what()));
    }

    /** A restore that was cut off has left nothing, or a folder that says so and that the same command finishes. */
    private void finishRestore(List<String> found) throws IOException {
        var underWay = oracle.underWay();
        if (underWay == null || !underWay.startsWith("restore ")) {
            return;
        }
        var name = underWay.substring("restore ".length());
        var target = new DataFolder(scratch.resolve(name));
        if (Files.exists(target.path().resolve("restoring.json"))) {
            try {
                House.open(target, kek, "drill", Clock.systemUTC()).close();
                found.add("a restore that was not finished was served");
            } catch (HouseRefused e) {
                CrashChild.restore(scratch, name, backup, kek);
            }
            goOnIn(name);
        } else if (target.isHouse()) {
            goOnIn(name);
        } else if (Files.exists(target.path())) {
            Infra.sweep(target.path());
        }
    }
}
