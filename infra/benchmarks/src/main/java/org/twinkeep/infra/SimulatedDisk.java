package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.twinkeep.infra.SystemCalls.Call;

/**
 * What a power cut may leave of a folder. Of the writes to a file since its last completed sync each one may be there, be
 * missing, or be torn at a sector, whatever the order; of the names since a folder's last sync the first few are there, as
 * a journalling file system keeps them. What was synced is there.
 *
 * <p>The shared memory of SQLite's write-ahead log ({@code -shm}) is not: it is mapped, and made anew.
 */
final class SimulatedDisk {
    private static final int SECTOR = 512;

    private final List<Path> names;
    private final List<byte[]> contents;

    /** @param folder as it is before the first call */
    SimulatedDisk(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            names = all.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().endsWith("-shm"))
                    .sorted()
                    .toList();
        }
        contents = new ArrayList<>();
        for (var file : names) {
            contents.add(Files.readAllBytes(file));
        }
    }

    /** The files before the first call, in the order of their numbers. */
    SequencedMap<Path, Long> lengths() {
        var lengths = new LinkedHashMap<Path, Long>();
        for (int i = 0; i < names.size(); i++) {
            lengths.put(names.get(i), (long) contents.get(i).length);
        }
        return lengths;
    }

    /**
     * Writes what may be left of {@code from} after the first calls into {@code to}.
     *
     * @param honest whether the disk keeps what it synced; one that lies keeps it no better than the rest
     */
    void afterPowerCut(List<Call> calls, int count, Path from, Path to, Random random, boolean honest)
            throws IOException {
        write(calls, kept(calls, count, random, honest), from, to);
    }

    /** Writes what is there when nothing is lost. */
    void whole(List<Call> calls, Path from, Path to) throws IOException {
        var kept = new int[calls.size()];
        Arrays.fill(kept, WHOLE);
        write(calls, kept, from, to);
    }

    private void write(List<Call> calls, int[] kept, Path from, Path to) throws IOException {
        Map<Path, Integer> there = new TreeMap<>();
        var folders = new HashSet<Path>();
        Map<Integer, byte[]> files = new HashMap<>();
        for (int i = 0; i < contents.size(); i++) {
            there.put(names.get(i), i);
            files.put(i, contents.get(i).clone());
        }
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] != GONE) {
                apply(calls.get(i), kept[i], there, folders, files);
            }
        }
        for (var folder : folders) {
            Files.createDirectories(to.resolve(from.relativize(folder)));
        }
        for (var file : there.entrySet()) {
            var path = to.resolve(from.relativize(file.getKey()));
            Files.createDirectories(path.getParent());
            Files.write(path, files.getOrDefault(file.getValue(), new byte[0]));
        }
    }

    private static final int GONE = -1;
    private static final int WHOLE = Integer.MAX_VALUE;

    /** Of each call: gone, whole, or how many of its first bytes are there. */
    private static int[] kept(List<Call> calls, int count, Random random, boolean honest) {
        var synced = new HashMap<Integer, Integer>();
        var syncedNames = 0;
        for (int i = 0; i < count && honest; i++) {
            switch (calls.get(i)) {
                case Call.Sync(int file, int since) -> synced.merge(file, since, Math::max);
                case Call.SyncFolder(var _, int since) -> syncedNames = Math.max(syncedNames, since);
                default -> {}
            }
        }
        int lastName = syncedNames + random.nextInt(count - syncedNames + 1);
        var kept = new int[count];
        for (int i = 0; i < count; i++) {
            kept[i] = switch (calls.get(i)) {
                case Call.Write(int file, var _, byte[] bytes) ->
                    i < synced.getOrDefault(file, 0) ? WHOLE : chance(bytes.length, random);
                case Call.Truncate(int file, var _) ->
                    i < synced.getOrDefault(file, 0) || random.nextBoolean() ? WHOLE : GONE;
                case Call.Create _, Call.Folder _, Call.Rename _, Call.Link _, Call.Unlink _ ->
                    i < lastName ? WHOLE : GONE;
                case Call.Sync _, Call.SyncFolder _, Call.Said _ -> GONE;
            };
        }
        return kept;
    }

    private static int chance(int length, Random random) {
        int of10 = random.nextInt(10);
        if (of10 < 5) {
            return WHOLE;
        }
        return of10 < 8 ? GONE : random.nextInt(length / SECTOR + 1) * SECTOR;
    }

    private static void apply(
            Call call, int kept, Map<Path, Integer> there, HashSet<Path> folders, Map<Integer, byte[]> files) {
        switch (call) {
            case Call.Write(int file, long at, byte[] bytes) -> {
                int length = Math.min(kept, bytes.length);
                var before = files.getOrDefault(file, new byte[0]);
                var after = Arrays.copyOf(before, (int) Math.max(before.length, at + length));
                System.arraycopy(bytes, 0, after, (int) at, length);
                files.put(file, after);
            }
            case Call.Truncate(int file, long length) ->
                files.put(file, Arrays.copyOf(files.getOrDefault(file, new byte[0]), (int) length));
            case Call.Create(Path path, int file) -> there.put(path, file);
            case Call.Folder(Path path) -> folders.add(path);
            case Call.Rename(Path from, Path to) -> {
                var file = there.remove(from);
                if (file != null) {
                    there.put(to, file);
                }
            }
            case Call.Link(Path from, Path to) -> {
                var file = there.get(from);
                if (file != null) {
                    there.put(to, file);
                }
            }
            case Call.Unlink(Path path) -> {
                there.remove(path);
                folders.remove(path);
            }
            case Call.Sync _, Call.SyncFolder _, Call.Said _ -> {}
        }
    }
}
