package org.twinkeep.integrations.fhir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.integrations.directory.SharedDirectory;
import org.twinkeep.integrations.directory.SharedDirectory.Listed;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.projections.clinic.Labels;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinEvent;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinHistory.EntryState;
import org.twinkeep.twin.TwinHistory.Opened;
import org.twinkeep.twin.TwinRefused;
import tools.jackson.databind.JsonNode;

/**
 * Writes a twin as one collection Bundle, resource by resource: the newest version of each entry byte for byte as received, the
 * patient's statements beside them with Provenance, and what the entries refer to in the shared directory. Erased entries are
 * absent. The bundle says how closely all of it together is to be kept. {@code docs/formats/export.md} says what differs from what came in.
 */
public final class WholeTwinExport implements FhirExport {
    private final TwinHistory history;
    private final Trail trail;
    private final SharedDirectory directory;
    private final Supplier<ConsentLedger.Position> reliedOn;
    private final InstantSource clock;

    /** @param reliedOn the position of the consent ledger at the moment */
    public WholeTwinExport(
            TwinHistory history,
            Trail trail,
            SharedDirectory directory,
            Supplier<ConsentLedger.Position> reliedOn,
            InstantSource clock) {
        this.history = history;
        this.trail = trail;
        this.directory = directory;
        this.reliedOn = reliedOn;
        this.clock = clock;
    }

    @Override
    public int write(TwinId twin, Looker who, String reason, Part part, OutputStream to) {
        if (!history.exists(twin)) {
            throw new TwinRefused("There is no such twin.");
        }
        var chapters = history.chapters(twin).stream()
                .filter(part.chapters()::contains)
                .sorted()
                .toList();
        var purpose = (who.role().equals("patient") || who.role().equals("delegate")
                        ? Purpose.PATIENT_REQUEST
                        : Purpose.OPERATIONS)
                .code();
        var receipt =
                trail.permitted(twin, who, purpose, reason, part.by(), Set.<KeyScope>copyOf(chapters), reliedOn.get());
        try {
            var writing = new Writing(twin, receipt, part.entries(), to);
            writing.begin();
            chapters.forEach(writing::chapter);
            writing.fromDirectory();
            writing.end();
            trail.disclosed(receipt, who, purpose, writing.count, writing.disclosed.digest());
            return writing.count;
        } catch (IOException e) {
            throw new UncheckedIOException("The export cannot be written; is the disk full?", e);
        }
    }

    /** One bundle under way. */
    private final class Writing {
        private final TwinId twin;
        private final Receipt receipt;
        private final Predicate<EntryId> wanted;
        private final OutputStream to;
        /** One hash over the hashes of the sealed events that go out, in their order. */
        private final MessageDigest disclosed = sha256();

        private final Set<Fingerprint> looked = new HashSet<>();
        private final ArrayDeque<Listed> listed = new ArrayDeque<>();
        private final Map<EntryId, Boolean> closer = new HashMap<>();
        private Labels labels = Labels.NONE;
        private @Nullable String patient;
        private int count;

        Writing(TwinId twin, Receipt receipt, Predicate<EntryId> wanted, OutputStream to) {
            this.twin = twin;
            this.receipt = receipt;
            this.wanted = wanted;
            this.to = to;
        }

        void begin() throws IOException {
            put("{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"timestamp\":");
            put(JsonWriting.text(clock.instant().toString()));
            put(",\"entry\":[");
        }

        void end() throws IOException {
            put("]");
            put(",\"meta\":" + Marking.of(closer.containsValue(true) ? labels.keptCloser() : labels));
            put("}");
            to.flush();
        }

        void chapter(Chapter chapter) {
            var newest = new HashMap<Long, EntryState>();
            var statements = new HashMap<Long, EntryState>();
            for (var state : history.entries(twin, chapter)) {
                if (!state.erased() && wanted.test(state.entry())) {
                    newest.put(state.versions().getLast(), state);
                    state.statements().forEach(sequence -> statements.put(sequence, state));
                }
            }
            var beside = new Beside();
            var hashes = history.hashes(twin, chapter);
            history.replay(receipt, twin, chapter, opened -> {
                if (opened.body() instanceof OpenedBody.Present(var body)) {
                    try {
                        var state = newest.get(opened.sequence());
                        if (state != null) {
                            entry(
                                    chapter,
                                    opened,
                                    body,
                                    beside,
                                    !state.statements().isEmpty());
                        }
                        var disputed = statements.get(opened.sequence());
                        if (state == null && disputed != null) {
                            beside.said(opened, body);
                            said(disputed.entry(), body);
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException("The export cannot be written; is the disk full?", e);
                    }
                    if (newest.containsKey(opened.sequence()) || statements.containsKey(opened.sequence())) {
                        disclosed.update(hashes.get((int) opened.sequence()));
                    }
                }
            });
            try {
                for (var resource : beside.resources(patient)) {
                    resource(resource.fullUrl(), null, resource.json());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("The export cannot be written; is the disk full?", e);
            }
        }

        /** What a patient says is labelled by its words; the last word counts on whether an entry is kept closer. */
        private void said(EntryId entry, Body body) {
            var said = Facts.tree(body.content());
            if (said == null) {
                return;
            }
            if (said.path("closer").isBoolean()) {
                closer.put(entry, said.path("closer").booleanValue());
            } else {
                labels = labels.and(LabelRules.ofWords(new String(body.content(), StandardCharsets.UTF_8)));
            }
        }

        private void entry(Chapter chapter, Opened opened, Body body, Beside beside, boolean disputed)
                throws IOException {
            var about = Facts.tree(body.about());
            var tree = Facts.tree(body.content());
            if (about == null || tree == null) {
                throw new IllegalStateException("a body that was recorded is no JSON");
            }
            var fullUrl = about.path("fullUrl").stringValue(null);
            var source = about.path("source").stringValue("");
            var type = about.path("type").stringValue("");
            var name = fullUrl == null ? type + "/" + about.path("id").stringValue("") : fullUrl;
            if (type.equals("Patient") && patient == null) {
                patient = name;
            }
            if (disputed || isByPatient(opened)) {
                beside.entry(opened, name);
            }
            labels = labels.and(LabelRules.of(chapter, tree));
            want(tree, source);
            resource(fullUrl, source, body.content());
        }

        /** What entries refer to by id came with them and went to the directory; it goes out with them, once. */
        private void want(JsonNode at, String source) {
            if (at.isArray()) {
                at.forEach(each -> want(each, source));
            } else if (at.isObject()) {
                at.forEachEntry((name, value) -> {
                    if (!value.isString()) {
                        want(value, source);
                    } else if (name.equals("reference")) {
                        look(value.stringValue(), source);
                    }
                });
            }
        }

        private void look(String reference, String source) {
            if (Reference.pointsOut(reference)
                    && reference.indexOf('?') < 0
                    && looked.add(Fingerprint.of(source + "\n" + reference))) {
                directory
                        .byReference(source, reference)
                        .filter(found -> looked.add(Fingerprint.of(source + "\n" + found.type() + "\n" + found.id())))
                        .ifPresent(listed::add);
            }
        }

        void fromDirectory() throws IOException {
            while (!listed.isEmpty()) {
                var next = listed.remove();
                resource(next.fullUrl(), next.source(), next.resource());
                want(next.tree(), next.source());
            }
        }

        private void resource(@Nullable String fullUrl, @Nullable String source, byte[] json) throws IOException {
            put(count++ == 0 ? "\n{" : ",\n{");
            if (source != null) {
                put("\"extension\":[{\"url\":" + JsonWriting.text(Exported.SOURCE) + ",\"valueUri\":"
                        + JsonWriting.text(source) + "}],");
            }
            if (fullUrl != null) {
                put("\"fullUrl\":" + JsonWriting.text(fullUrl) + ",");
            }
            put("\"resource\":");
            to.write(json);
            put("}");
        }

        private void put(String text) throws IOException {
            to.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static boolean isByPatient(Opened opened) {
        return opened.event().by().speaksForThePatient();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** What the patient did to the entries of one chapter, told as FHIR resources beside them. */
    private static final class Beside {
        private record Said(EntryId entry, long sequence, TwinEvent event, Body body) {}

        private final Map<EntryId, String> names = new HashMap<>();
        private final Map<EntryId, TwinEvent> byPatient = new HashMap<>();
        private final List<Said> said = new ArrayList<>();

        void entry(Opened opened, String name) {
            if (opened.event() instanceof TwinEvent.OfChapter event) {
                names.put(event.entry(), name);
                if (isByPatient(opened)) {
                    byPatient.put(event.entry(), opened.event());
                }
            }
        }

        void said(Opened opened, Body body) {
            if (opened.event() instanceof TwinEvent.OfChapter event) {
                said.add(new Said(event.entry(), opened.sequence(), opened.event(), body));
            }
        }

        /** Statements in their order, each with its Provenance; then Provenance of the patient's own entries. */
        List<Statements.Written> resources(@Nullable String patient) {
            var all = new ArrayList<Statements.Written>();
            for (var each : said) {
                var about = names.get(each.entry());
                if (about != null) {
                    all.addAll(Statements.of(
                            each.entry(), each.sequence(), each.event().at(), each.body(), about, patient));
                }
            }
            byPatient.forEach((entry, event) -> {
                var about = names.get(entry);
                if (about != null) {
                    all.add(Statements.ofOwnEntry(entry, event, about, patient));
                }
            });
            return all;
        }
    }
}
