package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * One process owns a data folder. The operating system lets go of the lock when the process dies, so no lock is ever left
 * over; what stands in the file only tells people who holds it.
 */
public final class FolderLock implements AutoCloseable {
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws HouseRefused when another process, or another part of this one, owns the folder */
    public static FolderLock take(DataFolder folder, String purpose, Clock clock) {
        return takeIfFree(folder, purpose, clock).orElseThrow(() -> inUse(folder));
    }

    /** Nothing when another process, or another part of this one, owns the folder. */
    static Optional<FolderLock> takeIfFree(DataFolder folder, String purpose, Clock clock) {
        try {
            var channel = FileChannel.open(
                    folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!locks(channel)) {
                channel.close();
                return Optional.empty();
            }
            var note = "%s, process %d, since %s"
                    .formatted(
                            purpose,
                            ProcessHandle.current().pid(),
                            clock.instant().truncatedTo(ChronoUnit.SECONDS));
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)), 0);
            return Optional.of(new FolderLock(channel));
        } catch (IOException e) {
            throw new HouseRefused(
                    folder.path() + " cannot be locked: check its owner, its permissions and the free space.", e);
        }
    }

    /** Who holds the folder now, in words; nothing when it is free. */
    public static Optional<String> holder(DataFolder folder) {
        if (!Files.exists(folder.lock())) {
            return Optional.empty();
        }
        try (var channel = FileChannel.open(folder.lock(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return locks(channel) ? Optional.empty() : Optional.of(note(folder));
        } catch (IOException e) {
            return Optional.of("unknown (the lock file cannot be read)");
        }
    }

    private static HouseRefused inUse(DataFolder folder) {
        return new HouseRefused(folder.path() + " is in use (" + note(folder)
                + "). Nothing was done. Stop that process (Ctrl-C in its terminal) and run this again, use its web pages"
                + " instead, or name another folder with --data.");
    }

    private static boolean locks(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String note(DataFolder folder) {
        try {
            var note = Files.readString(folder.lock());
            return note.isBlank() ? "by a process that has just begun or is ending" : note;
        } catch (IOException e) {
            return "by another process";
        }
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            channel.close();
        } catch (IOException e) {
            throw new HouseRefused("The lock of the data folder could not be given back.", e);
        }
    }
}
