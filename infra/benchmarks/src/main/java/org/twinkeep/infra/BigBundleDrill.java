package org.twinkeep.infra;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * {@code drill big-bundle}: a bundle of 500 MB, with one entry of 20 MB in it, goes in with a heap of 512 MB.
 */
final class BigBundleDrill {
    private static final long BYTES = 500L << 20;
    private static final int LARGE_ENTRY = 20 << 20;
    private static final int NOTE = 40 << 10;

    private final Path scratch;
    private final Random random;

    BigBundleDrill(Path scratch, long seed) {
        this.scratch = scratch;
        this.random = new Random(seed);
    }

    DrillResult run() throws IOException, InterruptedException {
        var problems = new ArrayList<String>();
        var file = scratch.resolve("big.json");
        int entries = write(file);
        var data = scratch.resolve("big");
        long began = System.nanoTime();
        var child = ChildLines.of(ChildLines.start(data, file, "-Xmx512m"), _ -> {});
        double seconds = (System.nanoTime() - began) / 1e9;
        child.failed().forEach(f -> problems.add("failed: " + f));
        child.refused().forEach(r -> problems.add("refused: " + r));
        if (child.recorded() != entries) {
            problems.add("%d of %d entries were recorded".formatted(child.recorded(), entries));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bytes", Files.size(file));
        figures.put("entries", entries);
        figures.put("seconds", seconds);
        Files.delete(file);
        return new DrillResult("big-bundle", problems.isEmpty(), figures, problems);
    }

    private int write(Path file) throws IOException {
        int entries = 2;
        try (var out = Files.newBufferedWriter(file)) {
            out.write("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[");
            entry(
                    out,
                    "Patient",
                    "p",
                    "\"identifier\":[{\"system\":\"urn:example:big\",\"value\":\"BIG-1\"}],\"birthDate\":\"1960-01-01\"");
            out.write(",");
            note(out, "large", LARGE_ENTRY);
            for (long written = LARGE_ENTRY; written < BYTES; entries++) {
                out.write(",");
                if (entries % 4 == 0) {
                    written += NOTE * 4L / 3;
                    note(out, "n" + entries, NOTE);
                } else {
                    written += observation(out, "o" + entries);
                }
            }
            out.write("]}");
        }
        return entries;
    }

    private void note(BufferedWriter out, String id, int bytes) throws IOException {
        var text = new byte[bytes];
        random.nextBytes(text);
        entry(out, "DocumentReference", id, """
                "status":"current","subject":{"reference":"urn:uuid:p"},"content":[{"attachment":{"contentType":"application/octet-stream","data":"%s"}}]""".formatted(Base64.getEncoder().encodeToString(text)));
    }

    private static int observation(BufferedWriter out, String id) throws IOException {
        entry(out, "Observation", id, """
                "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}]},"category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"subject":{"reference":"urn:uuid:p"},"effectiveDateTime":"2024-05-06T07:08:09Z","valueQuantity":{"value":71,"unit":"/min"}""");
        return 480;
    }

    private static void entry(BufferedWriter out, String type, String id, String rest) throws IOException {
        out.write("{\"fullUrl\":\"urn:uuid:%s\",\"resource\":{\"resourceType\":\"%s\",\"id\":\"%s\",%s}}"
                .formatted(id, type, id, rest));
    }
}
