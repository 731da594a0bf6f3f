package org.twinkeep.consent.durable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** What a test does to files: copies, cuts and flips. */
public final class Bytes {

    private Bytes() {}

    /** Every file below the folder, by its name in it. */
    public static TreeMap<String, byte[]> of(Path folder) {
        var files = new TreeMap<String, byte[]>();
        try (var all = Files.walk(folder)) {
            for (var file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Makes the folder hold exactly these files. */
    public static void restore(Path folder, TreeMap<String, byte[]> files) {
        try {
            for (var name : of(folder).keySet()) {
                if (!files.containsKey(name)) {
                    Files.delete(folder.resolve(name));
                }
            }
            for (var file : files.entrySet()) {
                var path = folder.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] flipped(byte[] bytes, int at, int bit) {
        var changed = bytes.clone();
        changed[at] ^= (byte) (1 << bit);
        return changed;
    }

    public static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<String> names(Path folder) {
        return List.copyOf(of(folder).keySet());
    }
}
