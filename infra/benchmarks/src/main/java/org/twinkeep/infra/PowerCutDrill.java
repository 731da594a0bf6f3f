package org.twinkeep.infra;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.twinkeep.infra.SystemCalls.Call;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.House;
import org.twinkeep.portal.wiring.Kek;

/**
 * {@code drill power-cut}: runs a mixed load once under strace, and from what it asked of the disk makes folders as power
 * cuts at random moments may leave them: unsynced bytes missing, torn or out of order. Each is opened and asked: is all that
 * was acknowledged by then there, what was erased closed, does {@code verify} find every file as it was written, and does the
 * last backup restore?
 *
 * <p>A kill cannot show a missing sync, since the system's cache survives it; this can. That it sees one is seen each time: on
 * a disk that does not keep what it synced, something must be missing. All files are under it, SQLite's and ours.
 */
final class PowerCutDrill {
    private static final int STEPS = 150;
    private static final int LYING_CUTS = 3;

    private final Path scratch;
    private final Path root;
    private final Random random;
    private final Kek kek;
    private int acknowledged;
    private int restores;

    PowerCutDrill(Path scratch, long seed) {
        this.scratch = scratch;
        this.random = new Random(seed);
        this.root = scratch.resolve("disk");
        this.kek = ImportChild.keyFile(root.resolve("crash.kek"));
    }

    DrillResult run(int cuts) throws IOException, InterruptedException {
        Files.createDirectories(root);
        House.open(new DataFolder(root.resolve("data")), kek, "drill", Clock.systemUTC())
                .close();
        var disk = new SimulatedDisk(root);
        var trace = scratch.resolve("trace");
        int status;
        try {
            status = load(trace);
        } catch (IOException e) {
            return new DrillResult("power-cut", true, Map.of("skipped", "strace is not there"), List.of());
        }
        var calls = SystemCalls.read(trace, root, disk.lengths());
        var problems = new ArrayList<String>();
        if (status != 0) {
            problems.add("the load ended with status " + status);
        }
        problems.addAll(differences(disk, calls));
        for (int cut = 0; cut < cuts; cut++) {
            int at = 1 + random.nextInt(calls.size());
            cut(disk, calls, at, true).forEach(problem -> problems.add("cut after call " + at + ": " + problem));
        }
        int seen = 0;
        for (int cut = 0; cut < LYING_CUTS; cut++) {
            int at = calls.size() / 2 + random.nextInt(calls.size() / 2);
            seen += cut(disk, calls, at, false).isEmpty() ? 0 : 1;
        }
        if (seen == 0) {
            problems.add("on a disk that does not keep what it synced nothing was missing: this drill is blind");
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("cuts", cuts);
        figures.put("calls", calls.size());
        figures.put("acknowledged", acknowledged);
        figures.put("restores", restores);
        figures.put("seenOnALyingDisk", seen + " of " + LYING_CUTS);
        return new DrillResult("power-cut", problems.isEmpty(), figures, problems);
    }

    /** Where the calls, when nothing is lost, do not make the folder that is there: then something was not seen. */
    private List<String> differences(SimulatedDisk disk, List<Call> calls) throws IOException {
        var whole = Files.createDirectories(scratch.resolve("whole"));
        disk.whole(calls, root, whole);
        var differences = new ArrayList<String>();
        for (var file : new SimulatedDisk(root).lengths().keySet()) {
            var simulated = whole.resolve(root.relativize(file));
            if (!Files.exists(simulated) || Files.mismatch(file, simulated) >= 0) {
                differences.add("what was asked of the disk does not make " + root.relativize(file));
            }
        }
        return differences;
    }

    private int load(Path trace) throws IOException, InterruptedException {
        var child = Child.start(SystemCalls.traced(trace), CrashChild.class, List.of("-Xlog:disable"), root.toString());
        var order = "0 %d data %s %d\n".formatted(random.nextLong(), CrashChild.NO_BACKUP, STEPS);
        child.getOutputStream().write(order.getBytes(StandardCharsets.UTF_8));
        child.getOutputStream().flush();
        child.getInputStream().transferTo(OutputStream.nullOutputStream());
        return child.waitFor();
    }

    private List<String> cut(SimulatedDisk disk, List<Call> calls, int at, boolean honest) throws IOException {
        var left = scratch.resolve("left");
        Files.createDirectories(left);
        try {
            disk.afterPowerCut(calls, at, root, left, random, honest);
            sameFiles(left);
            return problems(left, calls.subList(0, at));
        } finally {
            Infra.sweep(left);
        }
    }

    /** An unfinished restore goes on with the same files only, and names them: here they lie in another folder. */
    private void sameFiles(Path left) throws IOException {
        try (var all = Files.walk(left)) {
            for (var file : all.filter(path -> path.endsWith("restoring.json")).toList()) {
                var moved = Files.readString(file).replace(root.toString(), left.toString());
                Files.writeString(file, moved);
            }
        }
    }

    private List<String> problems(Path left, List<Call> before) throws IOException {
        var watch = new CrashWatch(left, kek);
        for (var call : before) {
            if (call instanceof Call.Said(String line)) {
                watch.hears(line);
            }
        }
        acknowledged = Math.max(acknowledged, watch.oracle().acknowledged());
        restores = Math.max(restores, watch.restores());
        var found = watch.look();
        return found.isEmpty() ? watch.lookAtBackup() : found;
    }
}
