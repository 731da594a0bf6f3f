package org.twinkeep.crypto.keys;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/**
 * Makes a file that only its owner can read, in a folder like it: it is there whole and durable, or not at all. And puts one
 * in the place of another, whose bytes are overwritten.
 */
final class NewFile {

    private static final int WIPED_AT_ONCE = 1 << 16;

    private NewFile() {}

    /** @throws UnsupportedOperationException where the file system knows no owner */
    static void write(Path path, Iterable<byte[]> parts) throws IOException {
        var draft = draft(path);
        writeDraft(draft, parts);
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(path);
    }

    /** Writes a file and puts it in the place of the one that is there. */
    static void replace(Path path, Iterable<byte[]> parts) throws IOException {
        var draft = draft(path);
        writeDraft(draft, parts);
        replace(path, draft);
    }

    /** Puts the other file in the place of this one, at one moment; then wipes what was there. */
    static void replace(Path path, Path other) throws IOException {
        recover(path);
        Files.createLink(old(path), path);
        syncFolder(path);
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE);
        syncFolder(path);
        recover(path);
    }

    /** Finishes what a crash in the middle of {@link #replace} left: an old file that is to be wiped. */
    static void recover(Path path) throws IOException {
        var old = old(path);
        if (Files.exists(old)) {
            if (!Files.exists(path)) {
                throw new IOException("A file is missing of which an older one is there.");
            }
            if (!Files.isSameFile(old, path)) {
                wipe(old);
            }
            Files.delete(old);
            syncFolder(path);
        }
    }

    private static void writeDraft(Path draft, Iterable<byte[]> parts) throws IOException {
        Files.createDirectories(folderOf(draft), ownerOnly("rwx------"));
        Files.deleteIfExists(draft);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = FileChannel.open(draft, options, ownerOnly("rw-------"))) {
            for (var part : parts) {
                var bytes = ByteBuffer.wrap(part);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            channel.force(true);
        }
    }

    private static void wipe(Path path) throws IOException {
        var random = new SecureRandom();
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            for (long left = file.length(); left > 0; left -= WIPED_AT_ONCE) {
                var bytes = new byte[(int) Math.min(left, WIPED_AT_ONCE)];
                random.nextBytes(bytes);
                file.write(bytes);
            }
            file.getFD().sync();
        }
    }

    private static Path draft(Path path) {
        return path.resolveSibling(path.getFileName() + ".new");
    }

    private static Path old(Path path) {
        return path.resolveSibling(path.getFileName() + ".old");
    }

    private static void syncFolder(Path path) throws IOException {
        try (var entries = FileChannel.open(folderOf(path), StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static Path folderOf(Path path) throws IOException {
        var folder = path.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("A file lies in a folder.");
        }
        return folder;
    }

    private static FileAttribute<Set<PosixFilePermission>> ownerOnly(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }
}
