package org.twinkeep.integrations.fhir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.integrations.directory.SharedDirectory;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TestTwins;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A house in a temporary folder, with the real store, for the tests of importing and exporting. */
final class TestHouse implements AutoCloseable {
    static final Actor OPERATOR = new Actor(Actor.Kind.OPERATOR, "tests");
    static final JsonMapper JSON = new JsonMapper();

    final Path folder;
    final TestTwins store;
    final KnownInMemory identities = new KnownInMemory();
    final SharedDirectory directory;
    final RecordsImport records;
    final List<Integer> acknowledged = new ArrayList<>();

    TestHouse(Path folder) {
        this.folder = folder;
        this.store = TestTwins.in(folder);
        this.directory =
                SharedDirectory.open(folder.resolve("directory.db"), org.twinkeep.crypto.Secret.copyOf(new byte[32]));
        this.records = new RecordsImport(
                store.twins,
                store.history,
                identities,
                directory,
                () -> TestTwins.NOON,
                () -> new UUID(store.keys.random.nextLong(), store.keys.random.nextLong()));
    }

    ImportReport imports(Path... files) {
        return imports(new FhirImport.Options(null, null, OPERATOR), files);
    }

    ImportReport imports(FhirImport.Options options, Path... files) {
        acknowledged.clear();
        return records.run(List.of(files), options, (_, _, count) -> acknowledged.add(count));
    }

    Path file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Path file(String name, byte[] content) {
        try {
            var file = folder.resolve("in").resolve(name);
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Newest versions as text, chapter by chapter. */
    TreeMap<Chapter, List<String>> says(TwinId twin) {
        var all = new TreeMap<Chapter, List<String>>();
        for (var chapter : store.history.chapters(twin)) {
            for (var state : store.history.entries(twin, chapter)) {
                if (!state.erased()) {
                    all.computeIfAbsent(chapter, _ -> new ArrayList<>())
                            .add(store.says(twin, chapter, state.versions().getLast()));
                }
            }
        }
        return all;
    }

    List<JsonNode> trees(TwinId twin) {
        return says(twin).values().stream()
                .flatMap(List::stream)
                .map(JSON::readTree)
                .toList();
    }

    List<String> texts(TwinId twin) {
        return says(twin).values().stream().flatMap(List::stream).toList();
    }

    String about(TwinId twin, Chapter chapter, long sequence) {
        return store.history.open(store.keys.receipt(twin), twin, chapter, sequence)
                        instanceof OpenedBody.Present(var body)
                ? new String(body.about(), StandardCharsets.UTF_8)
                : "";
    }

    ByteArrayOutputStream exported(TwinId twin) {
        var to = new ByteArrayOutputStream();
        new WholeTwinExport(
                        store.history,
                        new OpenTrail(store.keys).trail(),
                        directory,
                        () -> OpenTrail.NOWHERE,
                        () -> TestTwins.NOON)
                .write(twin, OpenTrail.OPERATOR, "a test", to);
        return to;
    }

    static String bundle(String kind, String... resources) {
        var entries = Stream.of(resources).map(r -> "{\"resource\":" + r + "}").toList();
        return "{\"resourceType\":\"Bundle\",\"type\":\"" + kind + "\",\"entry\":[" + String.join(",", entries) + "]}";
    }

    static String patient(String id, String number) {
        return "{\"resourceType\":\"Patient\",\"id\":\"" + id
                + "\",\"identifier\":[{\"type\":{\"coding\":[{\"code\":\"MR\"}]},"
                + "\"system\":\"http://hospital.example\",\"value\":\"" + number + "\"}],\"birthDate\":\"1970-01-01\"}";
    }

    static String condition(String id, String patient) {
        return "{\"resourceType\":\"Condition\",\"id\":\"" + id + "\",\"subject\":{\"reference\":\"" + patient + "\"},"
                + "\"code\":{\"text\":\"Cough " + id + "\"}}";
    }

    @Override
    public void close() {
        directory.close();
        store.close();
    }
}
