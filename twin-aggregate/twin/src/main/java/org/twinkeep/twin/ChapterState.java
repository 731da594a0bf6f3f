package org.twinkeep.twin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.Sameness;
import org.twinkeep.twin.TwinCommand.CorrectEntry;
import org.twinkeep.twin.TwinCommand.EraseEntries;
import org.twinkeep.twin.TwinCommand.RecordEntries;
import org.twinkeep.twin.TwinEvent.EntryDisputed;
import org.twinkeep.twin.TwinEvent.EntryErased;
import org.twinkeep.twin.TwinEvent.EntryRecorded;
import org.twinkeep.twin.TwinEvent.EntryRevised;

/**
 * What a chapter knows of its entries: never what they say, only who wrote them, which events of its stream are theirs,
 * and whether they were erased. Its rules are pure; an erased entry never comes back.
 *
 * @param events how many events made this state: the sequence of the next one
 */
public record ChapterState(PMap<EntryId, Entry> entries, long events) {

    private static final ChapterState EMPTY = new ChapterState(HashTreePMap.empty(), 0);

    /**
     * One entry.
     *
     * @param author who wrote its first version
     * @param versions sequences of its versions, oldest first
     * @param statements sequences of the patient's statements beside it
     * @param changed the last version or statement
     */
    public record Entry(Actor author, List<Long> versions, List<Long> statements, Change changed, boolean erased) {

        /** The sequence of its latest version. */
        public long latest() {
            return versions.getLast();
        }

        boolean isOwn(Actor by) {
            return author.equals(by) || author.speaksForThePatient() && by.kind() == Actor.Kind.PATIENT;
        }

        /** Whether this very command was carried out already. */
        boolean wasCorrectedBy(CorrectEntry command) {
            return changed.at().equals(command.at())
                    && changed.by().equals(command.by())
                    && versions.size() + statements.size() > 1;
        }

        /** A source never replaces what the patient wrote. */
        boolean mayBeRevised(Actor by) {
            return changed.kind() != Kind.VERSION || !changed.by().speaksForThePatient() || by.speaksForThePatient();
        }
    }

    /** The last thing that happened to an entry. */
    public record Change(Kind kind, Instant at, Actor by) {}

    enum Kind {
        VERSION,
        STATEMENT,
        ERASURE
    }

    /** What a command to record decides, and what to tell the one who asked. */
    public record Recording(List<Happened> events, Twins.Recorded outcome) {}

    public static ChapterState empty() {
        return EMPTY;
    }

    /**
     * Entries that are there with the same content stay unchanged; new content is a new version; an erased entry is left
     * out; and so within one command, where the same entry may stand twice.
     *
     * @param found the store's answer for each entry of the command, in its order: is this the content of the latest
     *     version? It counts only for entries that are there
     */
    public Recording decide(RecordEntries command, List<Sameness> found) {
        if (found.size() != command.entries().size()) {
            throw new IllegalStateException("one answer for each entry");
        }
        var recording = new Recorder(command);
        for (int i = 0; i < found.size(); i++) {
            var incoming = command.entries().get(i);
            recording.add(incoming.entry(), incoming.body(), found.get(i));
        }
        return recording.done();
    }

    /** @throws TwinRefused when there is no such entry, or it is not for this person to say */
    public List<Happened> decide(CorrectEntry command) {
        var entry = entries.get(command.entry());
        if (entry == null || entry.erased()) {
            throw TwinRefused.noSuchEntry();
        }
        var by = command.by();
        if (entry.wasCorrectedBy(command)) {
            return List.of();
        }
        if (entry.isOwn(by)) {
            int version = entry.versions().size() + 1;
            return List.of(
                    new Happened(new EntryRevised(command.entry(), version, command.at(), by), command.statement()));
        }
        if (!by.speaksForThePatient()) {
            throw new TwinRefused("Only its author or the patient can say that an entry is wrong.");
        }
        int statement = entry.statements().size() + 1;
        return List.of(
                new Happened(new EntryDisputed(command.entry(), statement, command.at(), by), command.statement()));
    }

    /** Erased already is done. @throws TwinRefused when one of the entries was never there: then none is erased */
    public List<Happened> decide(EraseEntries command) {
        var events = new ArrayList<Happened>();
        for (var id : new LinkedHashSet<>(command.entries())) {
            var entry = entries.get(id);
            if (entry == null) {
                throw TwinRefused.noSuchEntry();
            }
            if (!entry.erased()) {
                events.add(Happened.of(new EntryErased(id, command.receipt(), command.at(), command.by())));
            }
        }
        return events;
    }

    public ChapterState evolve(TwinEvent.OfChapter event) {
        var before = entries.get(event.entry());
        var after = switch (event) {
            case EntryRecorded(var _, var at, var by) ->
                new Entry(by, List.of(events), List.of(), new Change(Kind.VERSION, at, by), false);
            case EntryRevised(var _, var _, var at, var by) ->
                with(before, List.of(events), List.of(), new Change(Kind.VERSION, at, by), false);
            case EntryDisputed(var _, var _, var at, var by) ->
                with(before, List.of(), List.of(events), new Change(Kind.STATEMENT, at, by), false);
            case EntryErased(var _, var _, var at, var by) ->
                with(before, List.of(), List.of(), new Change(Kind.ERASURE, at, by), true);
        };
        return new ChapterState(entries.plus(event.entry(), after), events + 1);
    }

    private static Entry with(
            @Nullable Entry before, List<Long> versions, List<Long> statements, Change changed, boolean erased) {
        if (before == null) {
            throw new IllegalStateException("an entry begins with being recorded");
        }
        return new Entry(
                before.author(),
                joined(before.versions(), versions),
                joined(before.statements(), statements),
                changed,
                before.erased() || erased);
    }

    private static List<Long> joined(List<Long> some, List<Long> more) {
        if (more.isEmpty()) {
            return some;
        }
        var all = new ArrayList<>(some);
        all.addAll(more);
        return List.copyOf(all);
    }

    /** Walks through one command: an entry met for the second time is compared with what the command itself said. */
    private final class Recorder {
        private final RecordEntries command;
        private final List<Happened> happened = new ArrayList<>();
        private final List<EntryId> recorded = new ArrayList<>();
        private final List<EntryId> revised = new ArrayList<>();
        private final LinkedHashSet<EntryId> leftOut = new LinkedHashSet<>();
        private final Map<EntryId, Latest> latest = new HashMap<>();
        private int unchanged;

        Recorder(RecordEntries command) {
            this.command = command;
        }

        void add(EntryId id, Body body, Sameness found) {
            var known = entries.get(id);
            var said = latest.get(id);
            if (known != null && (known.erased() || said == null && found == Sameness.ERASED)) {
                leftOut.add(id);
            } else if (said != null) {
                addAgain(id, body, Arrays.equals(said.body().content(), body.content()), said.version());
            } else if (known == null) {
                happen(new EntryRecorded(id, command.at(), command.by()), body, 1);
                recorded.add(id);
            } else {
                boolean same = found == Sameness.SAME || !known.mayBeRevised(command.by());
                addAgain(id, body, same, known.versions().size());
            }
        }

        private void addAgain(EntryId id, Body body, boolean same, int versions) {
            if (same) {
                unchanged++;
            } else {
                happen(new EntryRevised(id, versions + 1, command.at(), command.by()), body, versions + 1);
                revised.add(id);
            }
        }

        private void happen(TwinEvent.OfChapter event, Body body, int version) {
            happened.add(new Happened(event, body));
            latest.put(event.entry(), new Latest(body, version));
        }

        Recording done() {
            return new Recording(
                    List.copyOf(happened),
                    new Twins.Recorded(
                            command.chapter(),
                            List.copyOf(recorded),
                            List.copyOf(revised),
                            unchanged,
                            List.copyOf(leftOut)));
        }
    }

    /** What the command said last about an entry. */
    private record Latest(Body body, int version) {}
}
