package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * A folder of this server's own inside the folder that the servers of a house share: the lowest numbered one that no other
 * has, so that what a server left undelivered is found by the next that starts.
 */
final class OwnFolder {

    private static final int MOST_SERVERS = 99;

    private OwnFolder() {}

    static Path take(DataFolder folder, String purpose, Clock clock, Closing closing) throws IOException {
        make(folder.servers());
        for (int number = 1; number <= MOST_SERVERS; number++) {
            var own = folder.servers().resolve(String.valueOf(number));
            make(own);
            var lock = FolderLock.takeIfFree(new DataFolder(own), purpose, clock);
            if (lock.isPresent()) {
                closing.keep(lock.get());
                return own;
            }
        }
        throw new HouseRefused("More than " + MOST_SERVERS + " servers have this house open. Stop some.");
    }

    private static void make(Path path) throws IOException {
        if (!Files.exists(path)) {
            PrivateFile.createFolder(path);
        }
    }
}
