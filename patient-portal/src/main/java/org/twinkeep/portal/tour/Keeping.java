package org.twinkeep.portal.tour;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand;

/** Records go in; a large chapter is worked with while every body stays closed. */
final class Keeping {
    private static final List<String> DEMO = List.of("directory", "young", "middle", "old");
    private static final int LARGE_CHAPTER = 5_000;
    private static final int ONE_COMMAND = 500;
    private static final Actor SOURCE = new Actor(Actor.Kind.SOURCE, "tour");

    private final TourFolder folder;

    Keeping(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> imported() throws IOException {
        var files = new ArrayList<Path>();
        for (var person : DEMO) {
            files.add(unpacked(person));
        }
        var written = folder.scratch("records").resolve(TourPerson.FILE);
        Files.write(written, TourPerson.bytes(TourPerson.FILE));
        files.add(written);
        int recorded = 0;
        int twins = 0;
        double seconds = 0;
        for (var file : files) {
            var report = folder.take(file);
            NotHeld.unless(report.refused().isEmpty(), "something of " + file.getFileName() + " was refused");
            recorded += report.recorded();
            twins += report.twins().size();
            seconds += report.seconds();
        }
        NotHeld.unless(twins == 4, "four twins were expected, there are " + twins);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("entries", recorded);
        figures.put("entriesPerSecond", Math.round(recorded / seconds));
        return figures;
    }

    private Path unpacked(String person) throws IOException {
        var file = folder.scratch("records").resolve(person + ".json");
        try (var in =
                new GZIPInputStream(new ByteArrayInputStream(TourPerson.resource("/demo/" + person + ".json.gz")))) {
            Files.copy(in, file);
        }
        return file;
    }

    Map<String, Object> bodiesStayClosed() {
        var twin = new TwinId(UUID.randomUUID());
        var house = folder.house();
        var now = house.clock().instant();
        house.twins().create(new TwinCommand.CreateTwin(twin, now, SOURCE));
        for (int from = 0; from < LARGE_CHAPTER; from += ONE_COMMAND) {
            var entries = new ArrayList<TwinCommand.Incoming>();
            for (int i = from; i < from + ONE_COMMAND; i++) {
                entries.add(incoming(twin, i));
            }
            house.twins().record(new TwinCommand.RecordEntries(twin, Chapter.LABS, entries, now, SOURCE));
        }
        folder.closeHouse();

        var reopened = folder.house();
        long openedBefore = reopened.history().bodiesOpened();
        long began = System.nanoTime();
        var answer = reopened.twins()
                .record(new TwinCommand.RecordEntries(
                        twin, Chapter.LABS, List.of(incoming(twin, 1), incoming(twin, LARGE_CHAPTER)), now, SOURCE));
        long millis = (System.nanoTime() - began) / 1_000_000;
        long opened = reopened.history().bodiesOpened() - openedBefore;
        NotHeld.unless(opened == 0, opened + " bodies were opened");
        NotHeld.unless(
                answer.recorded().size() == 1 && answer.unchanged() == 1, "the chapter did not know its entries again");
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("entries", LARGE_CHAPTER);
        figures.put("bodiesOpened", opened);
        figures.put("loadAndCommandMs", millis);
        return figures;
    }

    private TwinCommand.Incoming incoming(TwinId twin, int number) {
        var id = "large-" + number;
        var about = "{\"source\":\"tour\",\"type\":\"Observation\",\"id\":\"%s\"}".formatted(id);
        var content = "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\"}".formatted(id);
        return new TwinCommand.Incoming(
                folder.house().twins().entryId(twin, "tour", "Observation", id),
                new Body(1, about.getBytes(StandardCharsets.UTF_8), content.getBytes(StandardCharsets.UTF_8)));
    }
}
