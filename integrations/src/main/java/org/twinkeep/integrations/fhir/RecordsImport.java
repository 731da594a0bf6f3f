package org.twinkeep.integrations.fhir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.integrations.directory.DirectoryUnavailable;
import org.twinkeep.integrations.directory.SharedDirectory;
import org.twinkeep.twin.Identities;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.Twins;

/**
 * Imports FHIR R4 in two readings of each file: the first learns who its patients are and what occurs twice, the second sends
 * the entries off in durable commands. Memory does not grow with the file but for some 100 bytes a resource. Running it again
 * changes nothing; after a crash it completes.
 */
public final class RecordsImport implements FhirImport {
    private final Twins twins;
    private final TwinHistory history;
    private final Identities identities;
    private final SharedDirectory directory;
    private final InstantSource clock;
    private final Supplier<UUID> random;
    private final Object making = new Object();
    private @Nullable Tools tools;

    /** What takes a second to make, and is made at the first import. */
    private record Tools(FhirModel model, Examination examination) {
        static Tools make() {
            var model = new FhirModel();
            return new Tools(model, new Examination(model, Whose.table(), OtherVersions.table()));
        }
    }

    /** @param random gives the random names of new twins */
    public RecordsImport(
            Twins twins,
            TwinHistory history,
            Identities identities,
            SharedDirectory directory,
            InstantSource clock,
            Supplier<UUID> random) {
        this.twins = twins;
        this.history = history;
        this.identities = identities;
        this.directory = directory;
        this.clock = clock;
        this.random = random;
    }

    private synchronized Tools tools() {
        var made = tools == null ? Tools.make() : tools;
        tools = made;
        return made;
    }

    @Override
    public ImportReport run(List<Path> filesOrFolders, Options options, Progress progress) {
        long start = System.nanoTime();
        var tally = new Tally();
        var units = units(filesOrFolders, tally);
        long bytes =
                units.stream().flatMap(List::stream).mapToLong(InputFile::size).sum();
        var homes = new Homes(twins, history, identities, clock, random, options, making);
        int threads = Runtime.getRuntime().availableProcessors();
        try (var pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("import-", 0).factory())) {
            var run = new ImportRun(
                    twins,
                    history,
                    directory,
                    clock,
                    tools().model(),
                    tools().examination(),
                    homes,
                    options,
                    tally,
                    pool,
                    progress,
                    bytes);
            units.forEach(run::unit);
            run.finish();
        } catch (StoreUnavailable | DirectoryUnavailable | VaultUnavailable e) {
            throw new StoreUnavailable(
                    "The import stopped, because the data folder cannot be written (is the disk full?). What was acknowledged, "
                            + tally.acknowledged()
                            + " entries, is kept. When there is room, run the same import again: it completes.",
                    e);
        }
        return tally.report((System.nanoTime() - start) / 1e9);
    }

    /** Files that may speak of each other's resources: a bundle by itself; loose resources and ndjson with their folder. */
    private static List<List<InputFile>> units(List<Path> filesOrFolders, Tally tally) {
        var units = new ArrayList<List<InputFile>>();
        var loose = new HashMap<Path, List<InputFile>>();
        for (var path : filesOrFolders) {
            boolean named = !Files.isDirectory(path);
            for (var file : files(path, tally)) {
                if (!isFhir(file, named, tally)) {
                    continue;
                }
                if (isBundle(file)) {
                    units.add(List.of(file));
                } else {
                    var folder = String.valueOf(file.path().toAbsolutePath().getParent());
                    loose.computeIfAbsent(Path.of(folder), _ -> {
                                var together = new ArrayList<InputFile>();
                                units.add(together);
                                return together;
                            })
                            .add(file);
                }
            }
        }
        return units;
    }

    /** @param named whether the user named this file itself, so that it is refused where it would else be passed over */
    private static boolean isFhir(InputFile file, boolean named, Tally tally) {
        try {
            switch (file.format()) {
                case JSON, XML -> {
                    return true;
                }
                case EMPTY -> tally.refuse(file.name(), "the file", "is empty");
                case ARCHIVE -> refuse(tally, file, named, "is an archive (zip): unpack it first");
                case WIDE_TEXT -> refuse(tally, file, named, "is not UTF-8 text: save it as UTF-8");
                case OTHER -> refuse(tally, file, named, "is neither JSON nor XML");
            }
        } catch (IOException e) {
            tally.refuse(file.name(), "the file", "cannot be read, or is a damaged gzip file");
        }
        return false;
    }

    /** Whether it is one large bundle; where it cannot be read, reading it says so. */
    private static boolean isBundle(InputFile file) {
        try {
            return file.format() == InputFile.Format.XML
                    ? XmlRecords.isBundle(file)
                    : !file.linesByName() && JsonRecords.isBundle(file);
        } catch (IOException e) {
            return false;
        }
    }

    private static void refuse(Tally tally, InputFile file, boolean named, String why) {
        if (named) {
            tally.refuse(file.name(), "the file", why);
        } else {
            tally.remark(Remark.NO_FHIR, 1);
        }
    }

    private static List<InputFile> files(Path path, Tally tally) {
        try {
            if (Files.isDirectory(path)) {
                try (var below = Files.walk(path)) {
                    return below.filter(Files::isRegularFile)
                            .filter(p -> !String.valueOf(p.getFileName()).startsWith("."))
                            .sorted()
                            .map(p -> new InputFile(p, p.toFile().length()))
                            .toList();
                }
            }
            if (Files.isRegularFile(path)) {
                return List.of(new InputFile(path, Files.size(path)));
            }
            tally.refuse(path.toString(), "the file", "is not there");
        } catch (IOException e) {
            tally.refuse(path.toString(), "the file", "cannot be read");
        }
        return List.of();
    }
}
