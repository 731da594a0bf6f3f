package org.twinkeep.infra;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.LenientErrorHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;

/**
 * {@code bench import}: a whole import (read, mapped, sealed, durable) against a bare HAPI parse of the same file, paired
 * round by round in one run. {@code over_hapi_parse} is the old demo person; {@code over_hapi_parse_large} a person of
 * about 40 MB: one that {@code infra/demo/generate} wrote, or else the old person's entries repeated under new ids.
 */
final class ImportBench {
    private static final int ROUNDS = 7;
    private static final int LARGE_ROUNDS = 3;
    private static final long LARGE = 40L << 20;
    private static final double GOAL = 3;

    private final Path scratch;

    ImportBench(Path scratch) {
        this.scratch = scratch;
    }

    BenchResult run(Path person, Path largeOrNone) throws IOException {
        var large =
                Files.exists(largeOrNone) ? largeOrNone : Repeated.toSize(person, scratch.resolve("large.json"), LARGE);
        var figures = new ArrayList<BenchResult.Figure>();
        compare("over_hapi_parse", person, ROUNDS, figures);
        compare("over_hapi_parse_large", large, LARGE_ROUNDS, figures);
        return new BenchResult("import", BenchResult.Machine.here(), figures);
    }

    private void compare(String name, Path file, int rounds, List<BenchResult.Figure> figures) throws IOException {
        parse(file);
        importOnce(file, name + "-warm");
        var ratios = new double[rounds];
        var imports = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            double parsed = Rounds.seconds(() -> parse(file));
            var data = name + "-" + round;
            imports[round] = Rounds.seconds(() -> importOnce(file, data));
            ratios[round] = imports[round] / parsed;
        }
        double seconds = Rounds.median(imports);
        figures.add(BenchResult.Figure.atMost(name, Rounds.median(ratios), GOAL));
        figures.add(BenchResult.Figure.plain(name + "_seconds", seconds, "s"));
        figures.add(BenchResult.Figure.plain(name + "_mb_per_second", Files.size(file) / 1e6 / seconds, "MB/s"));
    }

    private static Bundle parse(Path file) throws IOException {
        try (var in = Files.newBufferedReader(file)) {
            return FhirContext.forR4Cached()
                    .newJsonParser()
                    .setParserErrorHandler(new LenientErrorHandler(false))
                    .parseResource(Bundle.class, in);
        }
    }

    private int importOnce(Path file, String data) {
        try (var house = Houses.open(scratch.resolve(data))) {
            return Houses.read(house, file).recorded();
        }
    }
}
