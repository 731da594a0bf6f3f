package org.twinkeep.integrations.fhir;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.integrations.directory.SharedDirectory;
import org.twinkeep.integrations.directory.SharedDirectory.Listed;
import org.twinkeep.integrations.fhir.Heard.Piece;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand.Incoming;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinRefused;
import org.twinkeep.twin.Twins;

/** One run of an import: reads units of files twice and keeps count. Everything here happens on one thread but examining. */
final class ImportRun {
    private static final Set<String> KINDS = Set.of("transaction", "batch", "collection", "searchset", "document");
    private static final String TWIN_WENT = "cannot be recorded: the twin was erased meanwhile";
    private static final int REMEMBERED = 100_000;
    private static final int SHARED_AT_ONCE = 500;

    private final Twins twins;
    private final TwinHistory history;
    private final SharedDirectory directory;
    private final FhirModel model;
    private final Examination examination;
    private final Homes homes;
    private final FhirImport.Options options;
    private final Tally tally;
    private final ExecutorService pool;
    private final FhirImport.Progress progress;
    private final long bytes;
    private final Batches batches;
    private final Map<String, Integer> conditional = new HashMap<>();
    private final List<Listed> shared = new ArrayList<>();
    private long bytesRead;

    ImportRun(
            Twins twins,
            TwinHistory history,
            SharedDirectory directory,
            InstantSource clock,
            FhirModel model,
            Examination examination,
            Homes homes,
            FhirImport.Options options,
            Tally tally,
            ExecutorService pool,
            FhirImport.Progress progress,
            long bytes) {
        this.twins = twins;
        this.history = history;
        this.directory = directory;
        this.model = model;
        this.examination = examination;
        this.homes = homes;
        this.options = options;
        this.tally = tally;
        this.pool = pool;
        this.progress = progress;
        this.bytes = bytes;
        this.batches = new Batches(twins, clock, options.by(), new Sent());
    }

    void unit(List<InputFile> files) {
        var index = new Index();
        var refused = new HashMap<InputFile, String>();
        firstReading(files, index, refused);
        var strangers = index.strangers();
        var only = !index.hasPatients() && strangers.size() == 1
                ? strangers.iterator().next()
                : null;
        index.close(name -> homes.elsewhere(name, only));
        var otherVersion = index.otherVersion();
        var sound = files.stream()
                .filter(file -> {
                    var why = otherVersion == null ? refused.get(file) : otherVersion;
                    if (why != null) {
                        tally.refuse(file.name(), "the file", why);
                    }
                    return why == null;
                })
                .toList();
        new SecondReading(index).read(sound);
        progress();
    }

    void finish() {
        keepShared();
        conditional.forEach((reference, times) -> {
            if (directory.byWritten("", reference).isEmpty()) {
                tally.remark(Remark.TO_NOTHING, times);
            }
        });
        progress();
    }

    private void firstReading(List<InputFile> files, Index index, Map<InputFile, String> refused) {
        var ordinal = new long[1];
        var facts = new Ordered<Noted>(pool, noted -> {
            if (noted.facts() != null) {
                index.add(noted.ordinal(), noted.facts());
            }
        });
        for (var file : files) {
            read(file, new Heard() {
                @Override
                public void resource(Piece piece) {
                    long number = ordinal[0]++;
                    facts.send(
                            piece.json().length, () -> new Noted(number, examination.facts(piece, options.source())));
                }

                @Override
                public void refused(String where, String why) {}

                @Override
                public void bundle(@Nullable String kind, boolean paged) {
                    var why = whyNot(kind);
                    if (why != null) {
                        refused.put(file, why);
                    }
                }
            });
            facts.finish();
        }
    }

    private record Noted(long ordinal, @Nullable Facts facts) {}

    private static @Nullable String whyNot(@Nullable String kind) {
        if (kind == null) {
            return "is a bundle that does not say of which kind it is (Bundle.type)";
        }
        if (KINDS.contains(kind)) {
            return null;
        }
        return switch (kind) {
            case "history" ->
                "is a bundle of past versions (history), in which old, new and deleted stand side by side. Ask the source for"
                        + " the present record (searchset or collection)";
            case "message" -> "is a message, which asks a system to do something; an import takes records";
            case "transaction-response", "batch-response" -> "is a server's answer to a request, not a record";
            default -> "is a bundle of a kind that FHIR R4 does not have";
        };
    }

    private void read(InputFile file, Heard heard) {
        try {
            if (file.format() == InputFile.Format.XML) {
                new XmlRecords(file, model, heard).read(this::count);
            } else {
                new JsonRecords(file, heard).read(this::count);
            }
        } catch (IOException e) {
            heard.refused("the file", "cannot be read to its end");
        }
    }

    private void count(long read) {
        long before = bytesRead;
        bytesRead += read;
        if (before >> 20 != bytesRead >> 20) {
            progress();
        }
    }

    /** Each byte is read twice. */
    private void progress() {
        progress.at(Math.min(bytes, bytesRead / 2), bytes, tally.acknowledged());
    }

    private final class Sent implements Batches.Sent {
        @Override
        public void became(Batches.Whose whose, Twins.Recorded outcome) {
            int recorded = outcome.recorded().size() + outcome.revised().size();
            tally.recorded(recorded);
            tally.unchanged(outcome.unchanged());
            tally.leftOut(outcome.leftOut().size());
            tally.kept(whose.twin(), recorded + outcome.unchanged());
            progress();
        }

        @Override
        public void refused(Batches.Whose whose, int entries) {
            tally.refuse("twin " + whose.twin(), entries + " entries", TWIN_WENT);
        }
    }

    private void share(Listed listed) {
        shared.add(listed);
        if (shared.size() >= SHARED_AT_ONCE) {
            keepShared();
        }
    }

    private void keepShared() {
        if (!shared.isEmpty()) {
            var outcome = directory.keep(shared);
            tally.recorded(outcome.recorded());
            tally.unchanged(outcome.unchanged());
            tally.remark(Remark.DIRECTORY, shared.size());
            shared.clear();
            progress();
        }
    }

    /** The reading that records. */
    private final class SecondReading {
        private final Index index;
        private final Map<Integer, Homes.Home> found = new HashMap<>();
        private final Map<TwinId, Fingerprints> chapters = new HashMap<>();
        private final Set<TwinId> known = new HashSet<>();
        private final Map<Integer, Integer> homeless = new LinkedHashMap<>();
        private final Map<String, Boolean> looked = new HashMap<>();
        private final Map<Fingerprint, Long> contents = new HashMap<>();
        private String name = "";

        SecondReading(Index index) {
            this.index = index;
        }

        void read(List<InputFile> files) {
            var examined = new Ordered<Examined>(pool, this::take);
            var ordinal = new long[1];
            for (var file : files) {
                name = file.name();
                ImportRun.this.read(file, new Heard() {
                    @Override
                    public void resource(Piece piece) {
                        tally.read();
                        if (index.isRepeated(ordinal[0]++)) {
                            tally.unchanged(1);
                            tally.remark(Remark.REPEATED, 1);
                        } else {
                            examined.send(piece.json().length, () -> examination.of(piece, index));
                        }
                    }

                    @Override
                    public void refused(String where, String why) {
                        tally.refuse(file.name(), where, why);
                    }

                    @Override
                    public void bundle(@Nullable String kind, boolean paged) {
                        tally.remark(Remark.PAGED, paged ? 1 : 0);
                    }
                });
                examined.finish();
            }
            batches.finish();
            keepShared();
            sayHomeless();
        }

        private void take(Examined examined) {
            tally.remark(examined.remarks());
            if (examined.refusal() != null) {
                tally.refuse(name, examined.where(), examined.refusal());
                return;
            }
            switch (examined.rule()) {
                case SHARED -> share(listed(examined));
                case ANSWER -> tally.remark(Remark.SERVER_ANSWERS, 1);
                default -> examined.patients().forEach(patient -> keep(examined, patient));
            }
        }

        private Listed listed(Examined examined) {
            var marked = examined.piece().source();
            return new Listed(
                    marked == null ? directorySource() : marked,
                    examined.type(),
                    examined.id(),
                    examined.piece().fullUrl(),
                    examined.piece().json());
        }

        /** Ids in a directory are the source's own: of the one whom the user names, else of the file's patients. */
        private String directorySource() {
            if (options.source() != null) {
                return options.source();
            }
            var sources = new HashSet<String>();
            index.patients().forEach(p -> sources.add(p.source() == null ? "" : p.source()));
            return sources.size() == 1 ? sources.iterator().next() : "";
        }

        private void keep(Examined examined, int patient) {
            switch (home(patient)) {
                case Homes.Home.None(var _, var erased) -> {
                    homeless.merge(patient, 1, Integer::sum);
                    tally.leftOut(erased ? 1 : 0);
                }
                case Homes.Home.Found(var twin, var source) -> record(examined, twin, source(examined, source));
            }
        }

        private static String source(Examined examined, String source) {
            var marked = examined.piece().source();
            return marked == null ? source : marked;
        }

        private Homes.Home home(int patient) {
            return found.computeIfAbsent(patient, number -> {
                try {
                    return homes.of(index.patient(number), index.localName(number), index.patientsHere() <= 1);
                } catch (TwinRefused | TwinForgotten e) {
                    return new Homes.Home.None("belongs to a twin that is being erased", true);
                }
            });
        }

        private void record(Examined examined, TwinId twin, String source) {
            try {
                var entry = twins.entryId(twin, source, examined.type(), examined.id());
                if (clashes(examined, twin, entry)) {
                    return;
                }
                dangling(examined, twin, source);
                batches.add(
                        new Batches.Whose(twin, chapter(twin, entry, examined.chapter())),
                        new Incoming(
                                entry,
                                new Body(
                                        1,
                                        about(examined, source),
                                        examined.piece().json())));
            } catch (TwinRefused | TwinForgotten e) {
                tally.refuse(name, examined.where(), TWIN_WENT);
            }
        }

        /** In a file of several servers one entry may come twice under two addresses; a second content is not taken. */
        private boolean clashes(Examined examined, TwinId twin, EntryId entry) {
            if (!index.severalServers()) {
                return false;
            }
            long content = Fingerprint.of(examined.piece().json()).high();
            var before = contents.putIfAbsent(Fingerprint.of(twin + "/" + entry.value()), content);
            if (before == null) {
                return false;
            }
            if (before == content) {
                tally.unchanged(1);
                tally.remark(Remark.REPEATED, 1);
            } else {
                tally.refuse(name, examined.where(), "has the id of another resource of this patient in the file");
            }
            return true;
        }

        /** An entry stays in the chapter that it was first recorded in, whatever the table says today. */
        private Chapter chapter(TwinId twin, EntryId entry, Chapter now) {
            var known = chapters.computeIfAbsent(twin, this::chaptersOf);
            var print = print(entry);
            long before = known.get(print);
            if (before == Fingerprints.NONE) {
                known.put(print, now.ordinal());
                return now;
            }
            return Chapter.values()[(int) before];
        }

        private Fingerprints chaptersOf(TwinId twin) {
            var entries = new Fingerprints();
            for (var chapter : history.chapters(twin)) {
                known.add(twin);
                for (var state : history.entries(twin, chapter)) {
                    entries.put(print(state.entry()), chapter.ordinal());
                }
            }
            return entries;
        }

        private static Fingerprint print(EntryId entry) {
            return new Fingerprint(
                    Long.parseUnsignedLong(entry.value(), 0, 16, 16),
                    Long.parseUnsignedLong(entry.value(), 16, 32, 16));
        }

        /** References to what is neither in the file nor in the twin nor in the directory: counted, kept as written. */
        private void dangling(Examined examined, TwinId twin, String source) {
            for (var reference : examined.conditional()) {
                if (conditional.containsKey(reference) || conditional.size() < REMEMBERED) {
                    conditional.merge(reference, 1, Integer::sum);
                } else {
                    tally.remark(Remark.TO_NOTHING, 1);
                }
            }
            for (var reference : examined.missing()) {
                if (!isInTwin(twin, source, reference) && !isInDirectory(source, reference)) {
                    tally.remark(Remark.TO_NOTHING, 1);
                }
            }
        }

        private boolean isInTwin(TwinId twin, String source, String reference) {
            var before = chapters.computeIfAbsent(twin, this::chaptersOf);
            int slash = reference.indexOf('/');
            return known.contains(twin)
                    && slash > 0
                    && before.get(print(twins.entryId(
                                    twin, source, reference.substring(0, slash), reference.substring(slash + 1))))
                            != Fingerprints.NONE;
        }

        private boolean isInDirectory(String source, String reference) {
            var key = source + "\n" + reference;
            var before = looked.get(key);
            if (before == null) {
                before = directory.byReference(source, reference).isPresent();
                if (looked.size() < REMEMBERED) {
                    looked.put(key, before);
                }
            }
            return before;
        }

        private void sayHomeless() {
            homeless.forEach((patient, count) -> {
                if (found.get(patient) instanceof Homes.Home.None(var why, var _)) {
                    tally.refuse(
                            name,
                            index.patient(patient).where() + " (Patient)",
                            why + ". Not taken in for this reason: " + count + " resources");
                }
            });
        }
    }

    /** Where it comes from, sealed with it; see docs/formats/entry-body.md. */
    private static byte[] about(Examined examined, String source) {
        var about = new Kept();
        about.put('{');
        member("source", source, about);
        about.put(',');
        member("type", examined.type(), about);
        about.put(',');
        member("id", examined.id(), about);
        var fullUrl = examined.piece().fullUrl();
        if (fullUrl != null) {
            about.put(',');
            member("fullUrl", fullUrl, about);
        }
        about.put(',');
        member("format", examined.piece().converted() ? "xml" : "json", about);
        about.put('}');
        return about.copy();
    }

    private static void member(String name, String value, Kept to) {
        JsonWriting.string(name, to);
        to.put(':');
        JsonWriting.string(value, to);
    }
}
