package org.twinkeep.projections.clinic;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

/**
 * Which other chapters an entry restates: by reference, reason, diagnosis, code or wording. A note touches every chapter of
 * its visit (of its bills only by its own text) and of its own text. Found in two passes over a twin: {@link Gathering#add} for every entry, then {@link #of}
 * for every entry; neither keeps a tree.
 */
public final class Touches {

    /**
     * What one entry restates, and how it is labelled.
     *
     * @param chapters what it restates and what its labels close
     * @param keys what it says, for finding what repeats what; numbers of this object only
     */
    public record Restated(Set<Chapter> chapters, Labels labels, Set<EntryId> refersTo, int[] keys, int[] ownKeys) {
        @Override
        public String toString() {
            return "Restated";
        }
    }

    private static final Pattern SEMANTIC_TAG = Pattern.compile("\\s*\\([a-z][a-z /-]*\\)\\s*$");
    private static final int SHORTEST_WORDING = 4;

    private record Spoken(Set<Chapter> chapters, int key) {}

    private final Map<String, Map<String, EntryId>> names;
    private final Map<EntryId, Chapter> chapters;
    private final Map<String, Spoken> codes;
    private final Wording<Spoken> wording;
    private final Map<EntryId, Set<Chapter>> ofVisit;
    private final Map<EntryId, Labels> labelsOfVisit;
    private final Set<Chapter> inUse;

    private Touches(Gathering from) {
        names = from.names;
        chapters = from.chapters;
        codes = from.codes;
        wording = new Wording<>();
        from.wordings.forEach(wording::add);
        ofVisit = from.chaptersOfVisits();
        labelsOfVisit = from.labelsOfVisits();
        inUse = from.chapters.isEmpty() ? Set.of() : EnumSet.copyOf(from.chapters.values());
    }

    /**
     * The entry of this twin that a reference of a source means: {@code Condition/1} of two hospitals are two. Where the
     * source itself has none, the only one of that name.
     */
    private Optional<EntryId> entry(String source, String reference) {
        return Gathering.find(names, source, reference);
    }

    /**
     * What one version of an entry restates.
     *
     * @param source who sent it
     */
    public Restated of(EntryId entry, Chapter chapter, String source, JsonNode resource) {
        var said = Said.of(resource);
        var touched = EnumSet.noneOf(Chapter.class);
        var keys = new LinkedHashSet<Integer>();
        var labels = LabelRules.of(chapter, resource, said);
        for (var coding : said.codings()) {
            ChapterTable.ofCode(coding).ifPresent(touched::add);
        }
        for (var coding : said.restated()) {
            var spoken = codes.get(coding.system() + '|' + coding.code());
            if (spoken != null) {
                touchUnlessOwn(touched, spoken, chapter);
                keys.add(spoken.key());
            }
        }
        for (var reference : said.about()) {
            entry(source, reference)
                    .filter(target -> !target.equals(entry))
                    .ifPresent(target -> touched.add(chapters.getOrDefault(target, chapter)));
        }
        for (var text : said.texts()) {
            wordsOf(text, chapter, touched, keys);
        }
        for (var name : said.names()) {
            touched.addAll(ChapterTable.toldBy(Wording.words(name)));
        }
        if (said.unreadable()) {
            touched.addAll(inUse);
        }
        if (ChapterTable.isNote(resource)) {
            var visit = visitOf(source, resource);
            visit.ifPresent(v -> touched.addAll(ofVisit.getOrDefault(v, Set.of())));
            labels = labels.and(visit.map(v -> labelsOfVisit.getOrDefault(v, Labels.NONE))
                    .orElse(Labels.NONE)
                    .because(Labels.Basis.VISIT));
        }
        labels = labels.and(LabelRules.ofChapters(touched, Labels.Basis.RESTATED));
        touched.addAll(labels.chapters());
        touched.remove(chapter);
        var refersTo = new LinkedHashSet<EntryId>();
        said.references()
                .forEach(r -> entry(source, r).filter(e -> !e.equals(entry)).ifPresent(refersTo::add));
        return new Restated(touched, labels, refersTo, ints(keys), ints(ownKeys(resource)));
    }

    /** What a patient's own words beside an entry restate. */
    public Set<Chapter> ofWords(String text, Chapter chapter) {
        var touched = EnumSet.noneOf(Chapter.class);
        wordsOf(text, chapter, touched, new LinkedHashSet<>());
        touched.addAll(LabelRules.ofWords(text).chapters());
        touched.remove(chapter);
        return touched;
    }

    /** The visit that an entry belongs to; a visit belongs to itself. */
    public Optional<EntryId> visitOf(String source, JsonNode resource) {
        return Gathering.visitReference(resource).flatMap(reference -> entry(source, reference));
    }

    private void wordsOf(String text, Chapter chapter, Set<Chapter> touched, Set<Integer> keys) {
        var words = Wording.words(text);
        touched.addAll(ChapterTable.toldBy(words));
        for (var found : wording.in(words)) {
            touchUnlessOwn(touched, found.meaning(), chapter);
            keys.add(found.meaning().key());
        }
    }

    private static void touchUnlessOwn(Set<Chapter> touched, Spoken spoken, Chapter chapter) {
        if (!spoken.chapters().contains(chapter)) {
            touched.addAll(spoken.chapters());
        }
    }

    private Set<Integer> ownKeys(JsonNode resource) {
        var keys = new LinkedHashSet<Integer>();
        for (var coding : Codings.own(resource)) {
            var spoken = codes.get(coding.system() + '|' + coding.code());
            if (spoken != null) {
                keys.add(spoken.key());
            }
        }
        for (var name : Codings.ownNames(resource)) {
            for (var found : wording.in(Wording.words(name))) {
                if (found.from() == 0) {
                    keys.add(found.meaning().key());
                }
            }
        }
        return keys;
    }

    private static int[] ints(Set<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The first pass: what each entry is, by what names it is known, at which visit it was recorded. */
    public static final class Gathering {
        private final Map<String, Map<String, EntryId>> names = new HashMap<>();
        private final Map<EntryId, Chapter> chapters = new HashMap<>();
        private final Map<String, Spoken> codes = new HashMap<>();
        private final Map<String, Spoken> wordings = new HashMap<>();
        private final Map<EntryId, Visiting> visits = new HashMap<>();
        private final Map<EntryId, List<Codings.Coding>> reasons = new HashMap<>();
        private final Map<EntryId, Labels> labels = new HashMap<>();
        private int keys;

        private record Visiting(String source, String reference) {}

        /**
         * Adds one version of an entry.
         *
         * @param source who sent it
         * @param fullUrl under which its bundle had it, or null
         */
        public void add(EntryId entry, Chapter chapter, String source, @Nullable String fullUrl, JsonNode resource) {
            chapters.put(entry, chapter);
            var id = Tree.string(resource, "id");
            if (!id.isEmpty()) {
                name(source, Tree.type(resource) + '/' + id, entry);
                name(source, "urn:uuid:" + id, entry);
            }
            if (fullUrl != null) {
                name(source, fullUrl, entry);
            }
            visitReference(resource).ifPresent(visit -> visits.put(entry, new Visiting(source, visit)));
            if (Tree.type(resource).equals("Encounter")) {
                reasons.put(entry, Said.of(resource).restated());
            }
            if (visits.containsKey(entry) && chapter != Chapter.COVERAGE && !ChapterTable.isNote(resource)) {
                labels.merge(entry, LabelRules.of(chapter, resource), Labels::and);
            }
            for (var coding : Codings.own(resource)) {
                if (!coding.code().isEmpty() && !isHousekeeping(coding)) {
                    speak(codes, coding.system() + '|' + coding.code(), chapter);
                }
            }
            Codings.ownNames(resource).forEach(name -> wording(name, chapter));
            payers(resource).forEach(name -> wording(name, Chapter.COVERAGE));
            if (Tree.type(resource).equals("Patient")) {
                personal(resource).forEach(name -> wording(name, Chapter.PROFILE));
            }
        }

        public Touches done() {
            return new Touches(this);
        }

        private void name(String source, String name, EntryId entry) {
            names.computeIfAbsent(name, _ -> new HashMap<>(2)).put(source, entry);
        }

        /** FHIR R4, 2.3.0.1: a reference may name a version; it is still that entry. */
        private static Optional<EntryId> find(
                Map<String, Map<String, EntryId>> names, String source, String reference) {
            var history = reference.indexOf("/_history/");
            var ofSources = names.get(history < 0 ? reference : reference.substring(0, history));
            if (ofSources == null) {
                return Optional.empty();
            }
            var own = ofSources.get(source);
            if (own != null || ofSources.size() > 1) {
                return Optional.ofNullable(own);
            }
            return ofSources.values().stream().findFirst();
        }

        /** A reference to the visit of this resource. */
        static Optional<String> visitReference(JsonNode resource) {
            if (Tree.type(resource).equals("Encounter")) {
                return Optional.of("Encounter/" + Tree.string(resource, "id"));
            }
            var candidates = new ArrayList<JsonNode>();
            candidates.add(resource.path("encounter"));
            candidates.add(resource.path("context"));
            candidates.addAll(Tree.list(resource.path("context"), "encounter"));
            for (var item : Tree.list(resource, "item")) {
                candidates.addAll(Tree.list(item, "encounter"));
            }
            return candidates.stream()
                    .map(c -> Tree.string(c, "reference"))
                    .filter(r -> !r.isEmpty())
                    .findFirst();
        }

        private void wording(String name, Chapter chapter) {
            var words = String.join(" ", Wording.words(name));
            if (words.length() >= SHORTEST_WORDING) {
                speak(wordings, words, chapter);
            }
            var bare = SEMANTIC_TAG.matcher(name).replaceFirst("");
            if (!bare.equals(name)) {
                wording(bare, chapter);
            }
        }

        private void speak(Map<String, Spoken> where, String what, Chapter chapter) {
            var spoken = where.computeIfAbsent(what, _ -> new Spoken(EnumSet.noneOf(Chapter.class), keys++));
            spoken.chapters().add(chapter);
        }

        /** Codes that sort plans and teams, and name nothing. */
        private static boolean isHousekeeping(Codings.Coding coding) {
            return coding.system().contains("careplan-category")
                    || coding.system().contains("careteam-category");
        }

        private static List<String> payers(JsonNode resource) {
            var payers = new ArrayList<String>();
            for (var insurance : Tree.list(resource, "insurance")) {
                payers.add(Tree.string(insurance.path("coverage"), "display"));
            }
            payers.add(Tree.string(resource.path("insurer"), "display"));
            Tree.list(resource, "payor").forEach(p -> payers.add(Tree.string(p, "display")));
            for (var contained : Tree.list(resource, "contained")) {
                payers.addAll(payers(contained));
            }
            return payers;
        }

        /** What only the profile says of a person; name, birth date and sex are shown with every grant. */
        private static List<String> personal(JsonNode patient) {
            var personal = new ArrayList<String>();
            Tree.list(patient, "identifier").forEach(i -> personal.add(Tree.string(i, "value")));
            Tree.list(patient, "telecom").forEach(t -> personal.add(Tree.string(t, "value")));
            for (var address : Tree.list(patient, "address")) {
                Tree.list(address, "line").forEach(l -> personal.add(Tree.string(l)));
            }
            for (var extension : Tree.list(patient, "extension")) {
                if (Tree.string(extension, "url").endsWith("mothersMaidenName")) {
                    personal.add(Tree.string(extension, "valueString"));
                }
            }
            return personal;
        }

        private Map<EntryId, Labels> labelsOfVisits() {
            var ofVisits = new HashMap<EntryId, Labels>();
            labels.forEach((entry, its) -> {
                var visiting = visits.get(entry);
                if (visiting != null && !its.isNormal()) {
                    find(names, visiting.source(), visiting.reference())
                            .ifPresent(visit -> ofVisits.merge(visit, its, Labels::and));
                }
            });
            return ofVisits;
        }

        /** A visit's bills do not count: they restate its notes, not the other way round. */
        private Map<EntryId, Set<Chapter>> chaptersOfVisits() {
            var ofVisits = new HashMap<EntryId, Set<Chapter>>();
            visits.forEach((entry, visiting) -> {
                var chapter = chapters.get(entry);
                if (chapter != null && chapter != Chapter.COVERAGE) {
                    find(names, visiting.source(), visiting.reference())
                            .ifPresent(visit -> ofVisits.computeIfAbsent(visit, _ -> EnumSet.noneOf(Chapter.class))
                                    .add(chapter));
                }
            });
            reasons.forEach((visit, codings) -> {
                var ofVisit = ofVisits.computeIfAbsent(visit, _ -> EnumSet.noneOf(Chapter.class));
                for (var coding : codings) {
                    ChapterTable.ofCode(coding).ifPresent(ofVisit::add);
                    var spoken = codes.get(coding.system() + '|' + coding.code());
                    if (spoken != null) {
                        ofVisit.addAll(spoken.chapters());
                    }
                }
            });
            return ofVisits;
        }
    }
}
