package org.twinkeep.infra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code drill crash}: kills a mixed load (append, erase, erase a chapter, a twin, views, backup, restore) with SIGKILL at
 * random moments, each time goes on where it stopped, and asks an oracle of what was acknowledged: nothing is missing,
 * nothing doubled, nothing erased opens, no index seals twice, and the folder verifies.
 */
final class CrashDrill {
    private static final int MOST_ACKNOWLEDGED = 14;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final long FOR_EVER = Long.MAX_VALUE;

    private final Path scratch;
    private final Random random;
    private final CrashWatch watch;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> killedDuring = new TreeMap<>();

    CrashDrill(Path scratch, long seed) {
        this.scratch = scratch;
        this.random = new Random(seed);
        this.watch = new CrashWatch(scratch, ImportChild.keyFile(scratch.resolve("crash.kek")));
    }

    DrillResult run(int cycles) throws IOException, InterruptedException {
        learnToStart();
        var next = child();
        int cycle = 0;
        for (; cycle < cycles && problems.isEmpty(); cycle++) {
            var running = next;
            next = child();
            order(running, cycle, FOR_EVER);
            listen(running, random.nextInt(MOST_ACKNOWLEDGED) - 2);
            killedDuring.merge(String.valueOf(watch.oracle().underWay()).split(" ")[0], 1, Integer::sum);
            look("kill " + cycle);
        }
        next.destroyForcibly().waitFor();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("kills", cycle);
        figures.put("acknowledged", watch.oracle().acknowledged());
        figures.put("erased", watch.oracle().erased());
        figures.put("restores", watch.restores());
        figures.put("bodiesOpened", watch.oracle().opened());
        figures.put("killedDuring", killedDuring);
        return new DrillResult("crash", problems.isEmpty(), figures, problems);
    }

    /** One undisturbed run, whose classes the later ones start from (JEP 483): what it loaded is recorded, then kept. */
    private void learnToStart() throws IOException, InterruptedException {
        var learner = learning("-XX:AOTMode=record");
        order(learner, -1, 120);
        listen(learner, NEVER);
        learner.waitFor();
        learning("-XX:AOTMode=create", "-XX:AOTCache=" + scratch.resolve("child.aot"))
                .waitFor();
        look("the undisturbed run");
    }

    private Process learning(String... options) throws IOException {
        var all = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xlog:disable"));
        all.add("-XX:AOTConfiguration=" + scratch.resolve("child.aotconf"));
        all.addAll(List.of(options));
        return Child.start(CrashChild.class, all, scratch.toString());
    }

    private Process child() throws IOException {
        var cache = scratch.resolve("child.aot");
        var options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xlog:disable"));
        if (Files.exists(cache)) {
            options.add("-XX:AOTCache=" + cache);
        }
        return Child.start(CrashChild.class, options, scratch.toString());
    }

    private void order(Process child, int cycle, long steps) throws IOException {
        var order = "%d %d %s %s %d\n".formatted(cycle, random.nextLong(), watch.folder(), watch.backup(), steps);
        child.getOutputStream().write(order.getBytes(StandardCharsets.UTF_8));
        child.getOutputStream().flush();
    }

    /**
     * Hears everything that the child said, also what came just before it was killed: soon after so many acknowledgements, or
     * where that is less than none, while it opens the house.
     */
    private void listen(Process child, int after) throws IOException, InterruptedException {
        int heard = 0;
        try (var lines = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            if (after < 0) {
                killAfter(child, random.nextInt(400));
            }
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                heard += watch.hears(line) ? 1 : 0;
                if (heard == after && !line.startsWith(CrashChild.TRIES)) {
                    killAfter(child, random.nextInt(60));
                }
            }
        }
        child.waitFor();
    }

    /** By its handle: {@link Process#destroyForcibly} would close the pipe with what was not yet read. */
    private static void killAfter(Process child, long millis) {
        Thread.startVirtualThread(() -> {
            try {
                if (!child.waitFor(millis, TimeUnit.MILLISECONDS)) {
                    child.toHandle().destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void look(String when) {
        watch.look().forEach(problem -> problems.add(when + ": " + problem));
    }
}
