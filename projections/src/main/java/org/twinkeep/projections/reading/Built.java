package org.twinkeep.projections.reading;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.decision.Obligation;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.projections.clinic.Labels;
import org.twinkeep.projections.clinic.Touches;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.projections.timeline.Entry;
import org.twinkeep.projections.timeline.Persons;
import org.twinkeep.projections.timeline.Profile;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinHistory.Opened;
import tools.jackson.databind.JsonNode;

/**
 * Builds the whole of a twin from its events, in two passes: the first learns what each entry is, the second what each
 * restates. No tree is kept, so memory grows with rows, not with resources.
 */
final class Built {

    /** In a statement of the patient: no correction, but whether the entry is to be kept closer from now on. */
    private static final String CLOSER = "closer";

    private static final String DOUBLE = "probably a duplicate";

    private final TwinHistory history;
    private final Receipt receipt;
    private final TwinId twin;
    private final Instant now;
    private final Collection<Chapter> chapters;
    private final Touches.Gathering gathering = new Touches.Gathering();
    private @Nullable JsonNode patient;

    private Built(TwinHistory history, Receipt receipt, TwinId twin, Clock clock) {
        this.history = history;
        this.receipt = receipt;
        this.twin = twin;
        this.now = clock.instant();
        this.chapters = List.copyOf(history.chapters(twin));
    }

    static Whole of(TwinHistory history, Receipt receipt, TwinId twin, Clock clock) {
        return new Built(history, receipt, twin, clock).build();
    }

    private Whole build() {
        chapters.forEach(chapter -> history.replay(receipt, twin, chapter, opened -> learn(chapter, opened)));
        var touches = gathering.done();
        var drafts = new ArrayList<Draft>();
        for (var chapter : chapters) {
            var ofChapter = new LinkedHashMap<EntryId, Draft>();
            var hashes = history.hashes(twin, chapter);
            history.replay(receipt, twin, chapter, opened -> draft(chapter, ofChapter, touches, opened, hashes));
            drafts.addAll(ofChapter.values());
        }
        var profile = patient == null ? Profile.unknown() : Persons.profile(patient);
        var kept = drafts.stream()
                .flatMap(draft -> draft.kept().stream())
                .sorted((one, other) -> Entry.NEWEST_FIRST.compare(one.row(), other.row()))
                .toList();
        return new Whole(profile, marked(kept, drafts));
    }

    // --- first pass

    private void learn(Chapter chapter, Opened opened) {
        if (isVersion(opened.event())
                && opened.event() instanceof TwinEvent.OfChapter event
                && opened.body() instanceof OpenedBody.Present(Body body)) {
            var resource = tree(body.content());
            if (resource == null) {
                return;
            }
            var about = about(body);
            gathering.add(
                    event.entry(), chapter, Tree.string(about, "source"), Tree.orNull(about, "fullUrl"), resource);
            if (Tree.type(resource).equals("Patient")) {
                patient = resource;
            }
        }
    }

    // --- second pass

    private void draft(
            Chapter chapter, Map<EntryId, Draft> drafts, Touches touches, Opened opened, List<byte[]> hashes) {
        if (!(opened.event() instanceof TwinEvent.OfChapter event) || opened.sequence() >= hashes.size()) {
            return;
        }
        var moment = new Moment(
                opened.sequence(), event.at(), event.by().kind(), hashes.get(Math.toIntExact(opened.sequence())));
        switch (event) {
            case TwinEvent.EntryErased erased -> drafts.remove(erased.entry());
            case TwinEvent.EntryDisputed disputed -> {
                var draft = drafts.get(disputed.entry());
                if (draft != null) {
                    draft.disputed(moment, opened.body(), touches);
                }
            }
            case TwinEvent.EntryRecorded recorded ->
                version(chapter, drafts, touches, moment, opened.body(), recorded.entry());
            case TwinEvent.EntryRevised revised ->
                version(chapter, drafts, touches, moment, opened.body(), revised.entry());
        }
    }

    private void version(
            Chapter chapter,
            Map<EntryId, Draft> drafts,
            Touches touches,
            Moment moment,
            OpenedBody opened,
            EntryId entry) {
        if (opened instanceof OpenedBody.Present(Body body)) {
            drafts.computeIfAbsent(entry, _ -> new Draft(entry, chapter, moment.at()))
                    .version(moment, body, touches);
        }
    }

    /** Marks every likely double but the first recorded. */
    private static List<Kept> marked(List<Kept> kept, List<Draft> drafts) {
        var firsts = new HashMap<String, Draft>();
        var doubles = new HashSet<EntryId>();
        for (var draft : drafts) {
            if (draft.likeness == null) {
                continue;
            }
            var first = firsts.putIfAbsent(draft.chapter.code() + '\n' + draft.likeness, draft);
            if (first != null) {
                doubles.add(draft.entry);
            }
        }
        return kept.stream()
                .map(k -> doubles.contains(k.row().entry()) ? k.with(marked(k.row())) : k)
                .toList();
    }

    private static Row marked(Row row) {
        var marks = new ArrayList<>(row.marks());
        marks.add(DOUBLE);
        return row.withMarks(marks);
    }

    private static boolean isVersion(TwinEvent event) {
        return event instanceof TwinEvent.EntryRecorded || event instanceof TwinEvent.EntryRevised;
    }

    static JsonNode about(Body body) {
        return Tree.of(body.about());
    }

    /** The resource, or null where the content is no JSON object: such an entry has no words, and is exported as it is. */
    private static @Nullable JsonNode tree(byte[] content) {
        try {
            return Tree.of(content);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private final class Draft {
        private final EntryId entry;
        private final Chapter chapter;
        private final Instant recordedAt;
        private final Set<Chapter> touched = EnumSet.noneOf(Chapter.class);
        private final List<Moment> versions = new ArrayList<>();
        private final List<Moment> statements = new ArrayList<>();
        private String type = "";
        private final Set<Obligation> asked = EnumSet.noneOf(Obligation.class);
        private Labels labels = Labels.NONE;
        private boolean keptCloser;
        private @Nullable Row row;
        private Touches.@Nullable Restated restated;
        private @Nullable String likeness;

        Draft(EntryId entry, Chapter chapter, Instant recordedAt) {
            this.entry = entry;
            this.chapter = chapter;
            this.recordedAt = recordedAt;
        }

        void version(Moment moment, Body body, Touches touches) {
            var resource = tree(body.content());
            if (resource == null) {
                return;
            }
            versions.add(moment);
            type = Tree.type(resource);
            var source = Tree.string(about(body), "source");
            var said = touches.of(entry, chapter, source, resource);
            restated = said;
            touched.addAll(said.chapters());
            labels = labels.and(said.labels());
            asked.addAll(Obligations.askedBySource(resource));
            var known = new Entry.Known(
                    entry,
                    chapter,
                    touched,
                    recordedAt,
                    source,
                    touches.visitOf(source, resource).orElse(null),
                    versions.size(),
                    patient,
                    now);
            var made = Entry.row(resource, known);
            row = made;
            likeness = Entry.likeness(resource, made).orElse(null);
        }

        void disputed(Moment moment, OpenedBody opened, Touches touches) {
            if (opened instanceof OpenedBody.Present(Body body)) {
                var wish = tree(body.content());
                if (wish != null && wish.path(CLOSER).isBoolean()) {
                    keptCloser = wish.path(CLOSER).booleanValue();
                    return;
                }
                statements.add(moment);
                var words = new String(body.content(), StandardCharsets.UTF_8);
                touched.addAll(touches.ofWords(words, chapter));
                labels = labels.and(LabelRules.ofWords(words));
            }
        }

        List<Kept> kept() {
            if (row == null || restated == null) {
                return List.of();
            }
            var known = keptCloser ? labels.keptCloser() : labels;
            touched.addAll(known.chapters());
            touched.remove(chapter);
            var finished = keptCloser ? row.withTouches(touched).asKeptCloser() : row.withTouches(touched);
            var said = statements.isEmpty() ? finished : finished.asDisputed();
            return List.of(new Kept(
                    said,
                    type,
                    known,
                    Set.copyOf(asked),
                    List.copyOf(versions),
                    List.copyOf(statements),
                    Set.copyOf(restated.refersTo()),
                    restated.keys(),
                    restated.ownKeys()));
        }
    }
}
