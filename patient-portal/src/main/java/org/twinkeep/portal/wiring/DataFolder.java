package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where everything of one house lies ({@code docs/formats/data-folder.md}). Folders are for their owner only. */
public record DataFolder(Path path) {

    public static final int FORMAT = 1;

    Path houseFile() {
        return path.resolve("house.json");
    }

    Path lock() {
        return path.resolve("lock");
    }

    /** What each of several servers has of its own. */
    Path servers() {
        return path.resolve("servers");
    }

    /** Where the server that keeps this folder answers the others of its house. */
    Path keeper() {
        return path.resolve("keeper");
    }

    public Path events() {
        return path.resolve("events.db");
    }

    /** There from when the events were moved to another store until the trail knows their new positions. */
    Path eventsMoved() {
        return path.resolve("events.moved");
    }

    public Path keys() {
        return path.resolve("keys");
    }

    public Path keyRows() {
        return keys().resolve("keys.db");
    }

    public Path slots() {
        return keys().resolve("slots");
    }

    public Path ledger() {
        return path.resolve("ledger");
    }

    public Path trail() {
        return path.resolve("trail");
    }

    public Path erasures() {
        return path.resolve("erasures.ndjson");
    }

    public Path views() {
        return path.resolve("views.db");
    }

    public Path accounts() {
        return path.resolve("accounts.db");
    }

    public Path directory() {
        return path.resolve("directory.db");
    }

    /** Is there while a restore is under way, and after one that was broken off. */
    Path restoring() {
        return path.resolve("restoring.json");
    }

    /** @throws HouseRefused when a restore was broken off, with what to do */
    public void refuseUnfinished() {
        if (Files.exists(restoring())) {
            throw new HouseRefused(
                    "A restore of " + path + " was not finished, so nothing in it is served. Run the same"
                            + " command again, with the same files: " + Restore.commandOf(this));
        }
    }

    /** Whether a house was made here. */
    public boolean isHouse() {
        return Files.exists(houseFile());
    }

    /** Makes the folder where it is missing. @throws HouseRefused when something that is no house lies in it */
    void prepare() {
        refuseUnfinished();
        try {
            if (!Files.exists(path)) {
                PrivateFile.createFolder(path);
            } else if (!Files.isDirectory(path)) {
                throw new HouseRefused(path + " is a file. Name a folder with --data.");
            } else if (!isHouse() && holdsSomethingElse()) {
                throw new HouseRefused(
                        path + " holds files but no house.json: it is not a data folder of Twinkeep, or an"
                                + " incomplete copy of one. Name an empty folder with --data, or restore the whole folder.");
            }
        } catch (IOException e) {
            throw new HouseRefused(path + " cannot be made or read: check its owner and permissions.", e);
        }
    }

    /** Makes the rooms of a house: the folders that other parts put files in. */
    void furnish() throws IOException {
        for (var room : new Path[] {keys(), ledger(), trail()}) {
            if (!Files.exists(room)) {
                PrivateFile.createFolder(room);
            }
        }
    }

    private boolean holdsSomethingElse() throws IOException {
        try (Stream<Path> inside = Files.list(path)) {
            return inside.anyMatch(p -> !p.equals(lock()) && !p.equals(PrivateFile.unfinished(houseFile())));
        }
    }
}
