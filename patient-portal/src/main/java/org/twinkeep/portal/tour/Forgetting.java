package org.twinkeep.portal.tour;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.portal.wiring.Backup;
import org.twinkeep.portal.wiring.DataFolder;
import org.twinkeep.portal.wiring.Restore;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.projections.timeline.Row;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The patient deletes; it stays deleted. */
final class Forgetting {
    private static final String CONDITION = "Condition/cond-depression";

    /** The condition's code, its words and its id; written by hand. */
    private static final List<String> ITS_MARKS = List.of("370143000", "depressive", "cond-depression");

    private static final Actor PATIENT = new Actor(Actor.Kind.PATIENT, "tour-patient");

    private final TourFolder folder;
    private int erased;

    Forgetting(TourFolder folder) {
        this.folder = folder;
    }

    Map<String, Object> conditionGone() throws IOException {
        var house = folder.house();
        var twin = TourPerson.twin(house);
        NotHeld.unless(marksIn(export(twin)) > 0, "the export did not hold the condition before it was deleted");
        var entry = TourPerson.entry(house, CONDITION);
        if (!(house.door().entry(looker(), twin, entry) instanceof Answer.Shown<EntryPage>(var page, var _))) {
            throw new NotHeld("the patient was not shown the condition");
        }
        NotHeld.unless(!page.repeatedBy().isEmpty(), "nothing that repeats the condition was offered");
        folder.closeHouse();
        Backup.data(here(), TourFolder.keyFile(folder.kek()), yesterday(), Clock.systemUTC(), _ -> {});
        house = folder.house();
        var which = new EnumMap<Chapter, List<EntryId>>(Chapter.class);
        add(which, page.row());
        page.repeatedBy().forEach(row -> add(which, row));
        erased = which.values().stream().mapToInt(List::size).sum();
        house.erasure().eraseEntries(twin, which, PATIENT);
        NotHeld.unless(marksIn(export(twin)) == 0, "the export still tells of the deleted condition");
        return Map.of("deleted", erased, "offeredWithIt", page.repeatedBy().size());
    }

    private static void add(Map<Chapter, List<EntryId>> which, Row row) {
        which.computeIfAbsent(row.chapter(), _ -> new ArrayList<>()).add(row.entry());
    }

    Map<String, Object> staysGone() throws IOException {
        NotHeld.unless(erased > 0, "nothing was deleted before");
        var report = folder.take(folder.scratch("records").resolve(TourPerson.FILE));
        NotHeld.unless(report.leftOut() == erased, "%d of %d were left out".formatted(report.leftOut(), erased));
        NotHeld.unless(report.recorded() == 0, report.recorded() + " entries were recorded again");
        NotHeld.unless(marksIn(export(TourPerson.twin(folder.house()))) == 0, "the import brought it back");
        return Map.of("leftOut", report.leftOut());
    }

    Map<String, Object> restored() throws IOException {
        var twin = TourPerson.twin(folder.house());
        var before = resources(export(twin));
        folder.closeHouse();
        var kek = TourFolder.keyFile(folder.kek());
        var keys = folder.scratch("backups").resolve("newest-keys");
        Backup.keys(here(), kek, keys, Clock.systemUTC(), _ -> {});
        TourFolder.sweep(folder.data());

        Restore.run(here(), new Restore.Sources(yesterday(), keys, List.of()), kek, Clock.systemUTC(), _ -> {});
        var export = export(twin);
        NotHeld.unless(marksIn(export) == 0, "the restore brought the deleted condition back");
        var after = resources(export);
        NotHeld.unless(after.containsAll(before), "%d entries do not open".formatted(missing(before, after)));
        NotHeld.unless(before.containsAll(after), "the restore brought back what was deleted with it");
        return Map.of("opened", after.size());
    }

    private DataFolder here() {
        return new DataFolder(folder.data());
    }

    /** A backup of the data from before anything was deleted. */
    private Path yesterday() {
        return folder.scratch("backups").resolve("yesterday");
    }

    private static Set<String> resources(byte[] export) {
        return JsonMapper.shared()
                .readTree(export)
                .path("entry")
                .valueStream()
                .map(entry -> entry.path("resource").toString())
                .collect(Collectors.toSet());
    }

    private static long missing(Set<String> before, Set<String> after) {
        return before.stream().filter(entry -> !after.contains(entry)).count();
    }

    Map<String, Object> twinGone() throws IOException {
        var house = folder.house();
        var twin = TourPerson.twin(house);
        var scopes = Set.copyOf(house.keyRing().scopesOf(twin));
        folder.closeHouse();
        var before = folder.scratch("events-before");
        copyEvents(folder.data(), before);

        house = folder.house();
        house.consents().endAll(twin, folder.seed());
        var receipt = house.erasure().eraseTwin(twin, PATIENT);
        NotHeld.unless(!house.history().exists(twin), "the twin is still there");
        var report = folder.take(folder.scratch("records").resolve(TourPerson.FILE));
        NotHeld.unless(report.recorded() == 0, "an import made the twin anew");

        var attacked = folder.copy("events-put-back");
        copyEvents(before, attacked);
        int opened = 0;
        try (var attacker = TourFolder.open(attacked, folder.kek())) {
            NotHeld.unless(!attacker.history().exists(twin), "old event files brought the twin back");
            for (var chapter : Chapter.values()) {
                opened += attacker.history().entries(twin, chapter).size();
            }
            try {
                var forged = attacker.trail()
                        .permitted(
                                twin,
                                looker(),
                                "PATRQT",
                                null,
                                List.of(),
                                scopes,
                                attacker.consents().position());
                for (var scope : scopes) {
                    var bodies = new ArrayList<OpenedBody>();
                    attacker.history().replay(forged, twin, scope, event -> bodies.add(event.body()));
                    opened += (int) bodies.stream()
                            .filter(OpenedBody.Present.class::isInstance)
                            .count();
                }
            } catch (TwinForgotten e) {
                // As it must be: there is no key left to ask for.
            }
        }
        NotHeld.unless(opened == 0, opened + " events of the deleted twin opened");
        return Map.of("eventsErased", receipt.events(), "opened", opened);
    }

    private Looker looker() {
        return folder.patient().account().looker();
    }

    private static void copyEvents(Path from, Path to) throws IOException {
        try (var files = Files.list(from)) {
            for (var file : files.filter(f -> f.getFileName().toString().startsWith("events.db"))
                    .toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private byte[] export(TwinId twin) {
        var out = new ByteArrayOutputStream();
        folder.house().fhirExport().write(twin, looker(), "tour", out);
        return out.toByteArray();
    }

    /** How often the condition's marks stand in the export, attachments decoded. */
    private static long marksIn(byte[] export) {
        var text = new StringBuilder(new String(export, StandardCharsets.UTF_8));
        decoded(JsonMapper.shared().readTree(export), text);
        var lower = text.toString().toLowerCase(Locale.ROOT);
        return ITS_MARKS.stream().filter(lower::contains).count();
    }

    private static void decoded(JsonNode node, StringBuilder into) {
        if (node.isObject() && node.path("data").isString() && node.has("contentType")) {
            into.append('\n')
                    .append(new String(
                            Base64.getDecoder().decode(node.path("data").asString()), StandardCharsets.UTF_8));
        }
        node.values().forEach(child -> decoded(child, into));
    }
}
