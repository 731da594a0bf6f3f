package org.twinkeep.portal.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.consent.Period;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.Terms;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.portal.accounts.Account;
import org.twinkeep.portal.accounts.Grant;
import org.twinkeep.portal.accounts.Person;
import org.twinkeep.portal.accounts.Role;
import org.twinkeep.projections.care.CareView;
import org.twinkeep.projections.reading.Answer;
import org.twinkeep.projections.timeline.Timeline;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.EntryId;
import org.twinkeep.twin.TwinCommand;
import org.twinkeep.twin.TwinHistory.EntryState;

/**
 * After erasing, no copy of what was erased opens, through the product's own wiring: {@code docs/copies.md} lists the copies. A
 * patient and a clinician have looked before, so that every cache is filled and every view is stored.
 */
abstract class PurgeContract {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final Actor PATIENT = new Actor(Actor.Kind.PATIENT, "petra");
    private static final String GONE = "zirconate";
    private static final String KEPT = "basaltic";
    private static final char[] PASSWORD = "petra keeps her own twin".toCharArray();

    /** What is erased; of each the laboratory's word is part. */
    enum What {
        ENTRY,
        CHAPTER,
        PERIOD,
        TWIN
    }

    @TempDir
    Path temp;

    private TwinId twin;
    private Looker patient;
    private Looker clinician;
    private final List<Long> sequences = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void nothing_in_memory_opens_it(What what) {
        try (var house = lookedAt()) {
            var before = receipt(house, twin);
            erase(house, what);
            assertGone(house, what, before);
            assertThat(house.history().entries(twin, Chapter.LABS)).allMatch(EntryState::erased);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_that_is_stored_opens_it_after_a_restart(What what) {
        try (var house = lookedAt()) {
            erase(house, what);
        }
        try (var house = open()) {
            assertGone(house, what, what == What.TWIN ? null : receipt(house, twin));
            assertThat(house.history().entries(twin, Chapter.LABS)).allMatch(EntryState::erased);
        }
    }

    /** Its write-ahead log comes with it: the file lies as it lay while the house was open. */
    @ParameterizedTest
    @MethodSource("files")
    @Tag("slow")
    void an_older_file_put_back_opens_nothing_of_it(What what, String file) throws IOException {
        var older = Files.createDirectories(temp.resolve("older"));
        try (var house = lookedAt()) {
            copy(file, folder().path(), older);
            erase(house, what);
        }
        copy(file, older, folder().path());
        try (var house = open()) {
            assertGone(house, what, what == What.TWIN ? null : receipt(house, twin));
        }
    }

    static Stream<Arguments> files() {
        return Stream.of(What.values())
                .flatMap(what -> Stream.of("events.db", "views.db", "accounts.db", "directory.db")
                        .map(file -> Arguments.of(what, file)));
    }

    @Test
    void neither_before_nor_after_does_it_lie_in_a_file() throws IOException {
        var others = everyFile(Path.of(System.getProperty("java.io.tmpdir")));
        try (var house = lookedAt()) {
            assertThat(telling(everyFile(folder().path()))).isEmpty();
            erase(house, What.ENTRY);
        }
        assertThat(telling(everyFile(folder().path()))).isEmpty();
        var made = everyFile(Path.of(System.getProperty("java.io.tmpdir")));
        made.removeAll(others);
        assertThat(telling(made)).isEmpty();
    }

    @Test
    void what_others_were_given_of_an_erased_twin_is_not_in_their_list() {
        try (var house = lookedAt()) {
            assertThat(grants(house)).hasSize(1);
            erase(house, What.TWIN);
            assertThat(grants(house)).isEmpty();
            assertThat(house.accounts().ofTwin(twin)).isEmpty();
        }
    }

    @Test
    void an_import_brings_back_neither_an_erased_entry_nor_an_erased_twin() {
        try (var house = lookedAt()) {
            erase(house, What.ENTRY);
            record(house, twin, Chapter.LABS, GONE);
            assertGone(house, What.ENTRY, receipt(house, twin));
        }
    }

    // --- what tells of it

    private void assertGone(House house, What what, @Nullable Receipt receipt) {
        assertThat(shown(house)).doesNotContain(GONE);
        assertThat(export(house)).doesNotContain(GONE);
        assertThat(bodies(house, receipt)).doesNotContain(GONE);
        if (what == What.TWIN) {
            assertThat(house.history().exists(twin)).isFalse();
            assertThat(house.keyRing().holds(twin)).isFalse();
            assertThat(grants(house)).isEmpty();
            assertThat(house.trail().looks(twin)).isEmpty();
        } else {
            assertThat(shown(house)).contains(KEPT);
            assertThat(export(house)).contains(KEPT);
        }
    }

    /** All that patient and clinician read of the twin. */
    private String shown(House house) {
        var text = new StringBuilder();
        if (house.door().timeline(patient, twin) instanceof Answer.Shown<Timeline>(var timeline, var _)) {
            timeline.rows().forEach(row -> text.append(row.title()).append(row.terms()));
            timeline.search(GONE).rows().forEach(row -> text.append(GONE));
        }
        if (house.door().care(clinician, Purpose.TREATMENT, twin) instanceof Answer.Shown<CareView>(var view, var _)) {
            view.timeline().rows().forEach(row -> text.append(row.title()).append(row.terms()));
        }
        return text.toString();
    }

    private String export(House house) {
        var out = new ByteArrayOutputStream();
        try {
            house.fhirExport().write(twin, patient, "asked for", out);
        } catch (RuntimeException refused) {
            assertThat(house.history().exists(twin)).isFalse();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Every body that somebody with a receipt of before opens, also by its number. */
    private String bodies(House house, @Nullable Receipt receipt) {
        var text = new StringBuilder();
        if (receipt == null) {
            return "";
        }
        try {
            house.history().replay(receipt, twin, Chapter.LABS, opened -> append(text, opened.body()));
            for (var sequence : sequences) {
                append(text, house.history().open(receipt, twin, Chapter.LABS, sequence));
            }
        } catch (TwinForgotten e) {
            return "";
        }
        return text.toString();
    }

    private static void append(StringBuilder text, OpenedBody body) {
        if (body instanceof OpenedBody.Present(Body(var _, var about, var content))) {
            text.append(new String(about, StandardCharsets.UTF_8)).append(new String(content, StandardCharsets.UTF_8));
        }
    }

    private List<Grant> grants(House house) {
        return house.accounts()
                .grantsTo(house.accounts().bySignIn("clinician").orElseThrow().id());
    }

    private static List<Path> telling(Set<Path> files) throws IOException {
        var telling = new ArrayList<Path>();
        for (var file : files) {
            if (Files.isReadable(file)
                    && Files.size(file) < 64 << 20
                    && new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(GONE)) {
                telling.add(file);
            }
        }
        return telling;
    }

    private static Set<Path> everyFile(Path folder) throws IOException {
        var files = new HashSet<Path>();
        try (var inside = Files.list(folder)) {
            inside.filter(Files::isRegularFile).forEach(files::add);
        }
        for (var room : List.of("keys", "ledger", "trail")) {
            if (Files.isDirectory(folder.resolve(room))) {
                try (var inside = Files.walk(folder.resolve(room))) {
                    inside.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        return files;
    }

    // --- what comes before

    /** A house in which patient and clinician have looked at a twin of four entries. */
    private House lookedAt() {
        var house = open();
        twin = new TwinId(UUID.randomUUID());
        house.twins().create(new TwinCommand.CreateTwin(twin, NOON, PATIENT));
        record(house, twin, Chapter.LABS, GONE);
        record(house, twin, Chapter.CONDITIONS, KEPT);
        var accounts = house.accounts();
        var doctor = accounts.open(Role.CLINICIAN, "clinician", person("Dr Test"), null, PASSWORD.clone())
                .account();
        var opened = accounts.open(Role.PATIENT, "petra", person("Petra Quill"), twin, PASSWORD.clone());
        patient = looker(opened.account());
        clinician = looker(doctor);
        try (var seed = Objects.requireNonNull(opened.seed())) {
            var consent = house.consents().grant(twin, terms(doctor), seed);
            accounts.granted(doctor.id(), new Grant(twin, consent.handle(), "Petra Quill", null));
        }
        house.history().entries(twin, Chapter.LABS).forEach(entry -> sequences.addAll(entry.versions()));
        assertThat(shown(house)).contains(GONE, KEPT);
        assertThat(export(house)).contains(GONE);
        assertThat(bodies(house, receipt(house, twin))).contains(GONE);
        return house;
    }

    private void erase(House house, What what) {
        var labs = Map.of(Chapter.LABS, List.of(entry(house, twin, GONE)));
        switch (what) {
            case ENTRY -> house.erasure().eraseEntries(twin, labs, PATIENT);
            case CHAPTER -> house.erasure().eraseChapter(twin, Chapter.LABS, PATIENT);
            case PERIOD -> house.erasure().erasePeriod(twin, labs, PATIENT);
            case TWIN -> {
                house.consents().of(twin).forEach(consent -> house.stop(twin, consent.handle()));
                house.erasure().eraseTwin(twin, PATIENT);
            }
        }
    }

    private static Receipt receipt(House house, TwinId twin) {
        return house.trail()
                .permitted(
                        twin,
                        new Looker("operator:test", "test", "This service", "operator"),
                        "HOPERAT",
                        "to test",
                        List.of(),
                        Set.<KeyScope>of(Chapter.LABS, Chapter.CONDITIONS),
                        house.consents().position());
    }

    private static Looker looker(Account account) {
        return account.looker();
    }

    private static Person person(String name) {
        return new Person(name, "Clinic", ZoneOffset.UTC, Locale.ENGLISH);
    }

    private static Terms terms(Account doctor) {
        var today = NOON.atZone(ZoneOffset.UTC).toLocalDate();
        return new Terms(
                doctor.id().toString(),
                "Dr Test",
                "Clinic",
                Purpose.TREATMENT,
                EnumSet.allOf(Chapter.class),
                null,
                true,
                new Period(today, today.plusDays(30), ZoneOffset.UTC));
    }

    private static void record(House house, TwinId twin, Chapter chapter, String word) {
        var about = "{\"source\":\"test\",\"type\":\"Observation\",\"id\":\"%s\",\"format\":\"json\"}".formatted(word);
        var content = """
            {"resourceType":"Observation","id":"%s","status":"final","code":{"text":"%s"},"effectiveDateTime":"2026-10-01"}\
            """.formatted(word, word);
        house.twins()
                .record(new TwinCommand.RecordEntries(
                        twin,
                        chapter,
                        List.of(new TwinCommand.Incoming(
                                entry(house, twin, word),
                                new Body(
                                        1,
                                        about.getBytes(StandardCharsets.UTF_8),
                                        content.getBytes(StandardCharsets.UTF_8)))),
                        NOON.plus(Duration.ofMinutes(1)),
                        PATIENT));
    }

    private static EntryId entry(House house, TwinId twin, String word) {
        return house.twins().entryId(twin, "test", "Observation", word);
    }

    private static void copy(String name, Path from, Path to) throws IOException {
        for (var suffix : List.of("", "-wal", "-shm")) {
            var file = from.resolve(name + suffix);
            if (Files.exists(file)) {
                Files.copy(file, to.resolve(name + suffix), StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.deleteIfExists(to.resolve(name + suffix));
            }
        }
    }

    DataFolder folder() {
        return new DataFolder(temp.resolve("data"));
    }

    private House open() {
        return House.open(folder(), new Kek(temp.resolve("key"), false, _ -> new char[0], _ -> {}), "test", CLOCK);
    }
}
