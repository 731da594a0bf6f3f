package org.twinkeep.consent.durable;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes whole files so that after a power cut each is there as it was before or as it is now, never in between. */
public final class DurableFiles {

    /** What an unfinished write is called; it means nothing and may be deleted. */
    public static final String UNFINISHED = ".new";

    private DurableFiles() {}

    /** Replaces the file; returns once bytes and name are durable. */
    public static void replace(Path file, byte[] bytes) throws IOException {
        var folder = parentOf(file);
        makeFolder(folder);
        var unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
        try (var out = new RandomAccessFile(unfinished.toFile(), "rw")) {
            out.setLength(0);
            out.write(bytes);
            out.getFD().sync();
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(folder);
    }

    /** Makes the folder and those above it durable where they are missing. */
    public static void makeFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            makeFolder(parentOf(folder));
            Files.createDirectory(folder);
            syncFolder(parentOf(folder));
        }
    }

    /** Makes the names in the folder durable. */
    public static void syncFolder(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parentOf(Path file) {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("a file lies in a folder");
        }
        return parent;
    }
}
