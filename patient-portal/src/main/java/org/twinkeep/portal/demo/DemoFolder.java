package org.twinkeep.portal.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.FolderLock;
import org.twinkeep.portal.wiring.HouseFile;
import org.twinkeep.portal.wiring.HouseRefused;

/** The folder of a demo, the only kind that this program deletes. */
final class DemoFolder {
    private DemoFolder() {}

    /** @throws HouseRefused when a house is there that no demo made */
    static void requireDemo(DataFolder folder) {
        if (folder.isHouse() && !HouseFile.read(folder).demo()) {
            throw new HouseRefused(folder.path() + " is not a demo's folder, so the demo leaves it alone. Serve it with"
                    + " \"twinkeep serve\", or name another with --data.");
        }
    }

    /** Deletes the demo in this folder, and its key. */
    static void clear(DataFolder folder, Path key) {
        requireDemo(folder);
        if (!folder.isHouse()) {
            return;
        }
        FolderLock.holder(folder).ifPresent(holder -> {
            throw new HouseRefused(
                    folder.path() + " is in use (" + holder + "). Stop it first (Ctrl-C in its terminal).");
        });
        try (Stream<Path> inside = Files.walk(folder.path())) {
            for (var path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
            Files.deleteIfExists(key);
        } catch (IOException e) {
            throw new HouseRefused(
                    "The old demo in " + folder.path() + " cannot be deleted: check its permissions.", e);
        }
    }
}
