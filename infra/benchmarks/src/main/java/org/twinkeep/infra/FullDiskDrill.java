package org.twinkeep.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code drill full-disk}: the disk fills up in the middle of an import. The import ends with words, not with a crash; once
 * there is room again, everything acknowledged is there and the import completes. Needs the right to mount a small memory
 * disk; without it the drill says that it was skipped.
 */
final class FullDiskDrill {
    private final Path scratch;
    private final Path file;

    FullDiskDrill(Path scratch, Path file) {
        this.scratch = scratch;
        this.file = file;
    }

    DrillResult run() throws IOException, InterruptedException {
        var disk = Files.createDirectories(scratch.resolve("disk"));
        if (!ran("mount", "-t", "tmpfs", "-o", "size=8m", "twinkeep-drill", disk.toString())) {
            return new DrillResult(
                    "full-disk", true, Map.of("skipped", "this user may not mount a memory disk"), List.of());
        }
        try {
            return onSmallDisk(disk);
        } finally {
            ran("umount", disk.toString());
        }
    }

    private DrillResult onSmallDisk(Path disk) throws IOException, InterruptedException {
        var problems = new ArrayList<String>();
        int whole;
        try (var house = Houses.open(scratch.resolve("roomy"))) {
            whole = Houses.read(house, file).recorded();
        }
        var data = disk.resolve("data");
        var child = ChildLines.of(ChildLines.start(data, file), _ -> {});
        if (child.recorded() >= 0) {
            problems.add("the disk did not fill up");
        } else if (child.failed().isEmpty()) {
            problems.add("the import ended without words");
        }
        if (!ran("mount", "-o", "remount,size=1g", disk.toString())) {
            problems.add("the disk could not be made larger");
        }
        Houses.check(data, file, child.acknowledged(), whole, "after the disk was full", problems);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("acknowledgedBeforeFull", child.acknowledged());
        figures.put("entries", whole);
        figures.put("words", child.failed());
        return new DrillResult("full-disk", problems.isEmpty(), figures, problems);
    }

    private static boolean ran(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
