package org.twinkeep.projections.reading;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.Undelivered;
import org.twinkeep.consent.embedded.EmbeddedLedger;
import org.twinkeep.consent.embedded.Organisations;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.emergency.Emergency;
import org.twinkeep.consent.emergency.EmergencyDelivery;
import org.twinkeep.consent.emergency.EmergencyNews;
import org.twinkeep.consent.emergency.EmergencyRegister;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sign.SigningKey;
import org.twinkeep.projections.clinic.ChapterTable;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TestTwins;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinCommand.Incoming;
import tools.jackson.databind.JsonNode;

/** Twins, consents, a trail and a door in one folder: what a sentence about reading needs. */
final class Hospital implements AutoCloseable {

    static final Instant NOON = TestTwins.NOON;
    static final ZoneId ZONE = ZoneId.of("Europe/Warsaw");
    static final Looker PATIENT = new Looker("patient", "Ada Kowalska", "", "patient");
    static final Looker DELEGATE = new Looker("delegate", "Del", "", "delegate");
    static final String DELEGATION = "de".repeat(32);

    Set<Chapter> delegated = Set.of();

    static final Looker DOCTOR = new Looker("doctor", "Dr. Bo Berg", "Clinic North", "clinician");
    static final Looker STRANGER = new Looker("stranger", "Dr. Cy Craft", "Clinic South", "clinician");

    final TestTwins store;
    final RememberedTrail trail;
    final Consents consents;
    final Path viewsFile;
    final Secret seed;
    Instant now = NOON;
    SealedViews views;
    GuardedDoor door;
    BreakTheGlass glass;
    private final Openings emergencyOpenings = openings();
    private final EmergencyRegister register = new Lines();

    private final ConsentLedger ledger;
    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    Hospital(Path folder) throws Exception {
        store = TestTwins.in(folder);
        var random = TestKeys.seeded(11);
        seed = Secret.random(random);
        var ledgerFolder = Files.createDirectories(folder.resolve("ledger"));
        var organisations = new Organisations("test", key(random), key(random), key(random));
        ledger = EmbeddedLedger.open(ledgerFolder, organisations, ConsentLedger.Position.NONE, clock);
        consents = new Consents(ledger, openings(), Undelivered.in(ledgerFolder), clock, random);
        trail = new RememberedTrail(store.keys.receipts, clock);
        viewsFile = folder.resolve("views.db");
        open();
    }

    /** As after a restart: nothing in memory. */
    void open() {
        if (views != null) {
            views.close();
        }
        views = new SealedViews(
                viewsFile,
                store.history,
                consents,
                trail,
                store.keys.vault,
                clock,
                TestKeys.seeded(now.getNano() + 5L));
        glass = new BreakTheGlass(
                emergencyOpenings,
                trail,
                register,
                nobodyIsTold(),
                nobodyWritesItDown(),
                Runnable::run,
                looker -> looker.equals(DOCTOR),
                consents::position,
                clock,
                TestKeys.seeded(now.getNano() + 7L));
        door = new GuardedDoor(store.history, consents, trail, views, this::keeper, glass, clock);
    }

    /** Ada's own account, and whoever acts for her on these chapters. */
    private Keepers.Keeper keeper(Looker looker, TwinId twin) {
        if (looker.equals(PATIENT)) {
            return new Keepers.Patient();
        }
        return looker.equals(DELEGATE) && !delegated.isEmpty()
                ? new Keepers.Delegate(delegated, DELEGATION, "as the parent, for Ada")
                : new Keepers.Nobody("not a keeper of it");
    }

    private static EmergencyNews nobodyIsTold() {
        return new EmergencyNews() {
            @Override
            public void broken(TwinId twin, Emergency emergency) {}

            @Override
            public void reviewed(TwinId twin, Emergency emergency) {}

            @Override
            public void overdue(TwinId twin, Emergency emergency) {}
        };
    }

    private static EmergencyDelivery nobodyWritesItDown() {
        return new EmergencyDelivery() {
            @Override
            public void broken(ConsentHandle handle, String commitment, Instant until) {}

            @Override
            public void reviewed(ConsentHandle handle, String commitment) {}
        };
    }

    /** A register that lives as long as the test. */
    private static final class Lines implements EmergencyRegister {
        private final Map<ConsentHandle, Line> lines = new HashMap<>();

        @Override
        public boolean list(Line line) {
            lines.put(line.handle(), line);
            return true;
        }

        @Override
        public void update(Line line) {
            lines.put(line.handle(), line);
        }

        @Override
        public void strike(ConsentHandle handle) {
            lines.remove(handle);
        }

        @Override
        public List<Line> all() {
            return List.copyOf(lines.values());
        }

        @Override
        public List<Line> of(String lookerId) {
            return all();
        }
    }

    private static SigningKey key(SecureRandom random) {
        return new SigningKey(Secret.random(random));
    }

    private static Openings openings() {
        return new Openings() {
            private final Map<TwinId, List<Opening>> kept = new HashMap<>();

            @Override
            public void keep(TwinId twin, Opening opening) {
                kept.computeIfAbsent(twin, _ -> new ArrayList<>()).add(opening);
            }

            @Override
            public List<Opening> of(TwinId twin) {
                return List.copyOf(kept.getOrDefault(twin, List.of()));
            }
        };
    }

    Judge judge() {
        return new Judge(store.history, consents, trail, views, clock);
    }

    TwinId aTwin(String... resources) {
        var twin = store.aTwin();
        record(twin, resources);
        return twin;
    }

    /** Records resources where the chapter table says, as a source sends them. */
    List<EntryId> record(TwinId twin, String... resources) {
        return record(
                twin,
                List.of(resources).stream()
                        .map(r -> Tree.of(r.getBytes(StandardCharsets.UTF_8)))
                        .toList());
    }

    List<EntryId> record(TwinId twin, List<JsonNode> resources) {
        var ids = new ArrayList<EntryId>();
        var byChapter = new EnumMap<Chapter, List<Incoming>>(Chapter.class);
        for (var resource : resources) {
            var type = Tree.type(resource);
            var id = Tree.string(resource, "id");
            var entry = store.twins.entryId(twin, "hospital", type, id);
            var about =
                    "{\"source\":\"hospital\",\"type\":\"%s\",\"id\":\"%s\",\"fullUrl\":\"urn:uuid:%s\",\"format\":\"json\"}"
                            .formatted(type, id, id);
            var body = new Body(
                    1,
                    about.getBytes(StandardCharsets.UTF_8),
                    Tree.text(resource).getBytes(StandardCharsets.UTF_8));
            byChapter
                    .computeIfAbsent(ChapterTable.chapterOf(resource), _ -> new ArrayList<>())
                    .add(new Incoming(entry, body));
            ids.add(entry);
        }
        byChapter.forEach((chapter, entries) ->
                store.twins.record(new TwinCommand.RecordEntries(twin, chapter, entries, now, TestTwins.HOSPITAL)));
        return ids;
    }

    void dispute(TwinId twin, Chapter chapter, EntryId entry, String says, String reason) {
        var body = new Body(
                1,
                "{\"statement\":1}".getBytes(StandardCharsets.UTF_8),
                "{\"says\":\"%s\",\"reason\":\"%s\"}".formatted(says, reason).getBytes(StandardCharsets.UTF_8));
        store.twins.correct(new TwinCommand.CorrectEntry(twin, chapter, entry, body, now, TestTwins.PATIENT));
    }

    EntryId id(TwinId twin, String type, String id) {
        return store.twins.entryId(twin, "hospital", type, id);
    }

    Consent grant(TwinId twin, Chapter... chapters) {
        return grant(twin, Set.of(chapters), null, true);
    }

    Consent grant(TwinId twin, Set<Chapter> chapters, @Nullable Period data, boolean later) {
        return consents.grant(twin, terms(chapters, data, later), seed);
    }

    static Terms terms(Set<Chapter> chapters, @Nullable Period data, boolean later) {
        return new Terms(
                DOCTOR.id(),
                DOCTOR.name(),
                DOCTOR.organisation(),
                Purpose.TREATMENT,
                chapters,
                data,
                later,
                new Period(LocalDate.of(2026, 11, 1), LocalDate.of(2026, 12, 31), ZONE));
    }

    /** Revokes as the portal does: the ledger first, then the views. */
    void revoke(TwinId twin, Consent consent) {
        consents.revoke(twin, consent.handle(), seed);
        views.consentEnded(twin, consent.handle());
    }

    void later(Duration time) {
        now = now.plus(time);
    }

    static Set<Chapter> allBut(Chapter hidden) {
        return EnumSet.complementOf(EnumSet.of(hidden));
    }

    @Override
    public void close() {
        views.close();
        ledger.close();
        store.close();
    }
}
