package org.twinkeep.projections.reading;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.twinkeep.projections.clinic.Tree;
import tools.jackson.databind.JsonNode;

/** The three synthetic people that the demo starts with. */
final class DemoPeople {
    private DemoPeople() {}

    static Stream<Path> files() throws IOException {
        var folder = Path.of(System.getProperty("twinkeep.demo.people", "../patient-portal/src/main/resources/demo"));
        assumeTrue(Files.isDirectory(folder), "SKIPPED: the demo people are not in " + folder.getFileName());
        try (var files = Files.list(folder)) {
            return files
                    .filter(f -> f.getFileName().toString().matches("(young|middle|old)\\.json\\.gz"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static List<JsonNode> resources(Path file) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(file))) {
            return Tree.list(Tree.of(in.readAllBytes()), "entry").stream()
                    .map(e -> e.path("resource"))
                    .toList();
        }
    }
}
